"""The rules of locking, seen from the outside: what a lock says after an edit, and what it never says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import command
from tests.index.scenarios import write_layers
from tests.index.server import PackageIndex
from tests.setup.conftest import Bootstrap, new_project

LOCK_ONLY = ("--skip", "install", "--skip", "venv")


@pytest.fixture
def clone(tmp_path: Path, isolated: Path) -> Path:
    return new_project(tmp_path / "project")


def lock(root: Path, layers: Mapping[str, str], bootstrap: Bootstrap) -> dict[str, dict[str, str]]:
    """Write layers, lock them and return the pins of each."""
    write_layers(root, layers)
    done = bootstrap(*LOCK_ONLY, cwd=root)
    assert done.code == 0, done.err
    return {path.stem: command.versions(path) for path in (root / "requirements").glob("*.txt")}


def test_a_pin_moves_only_where_its_requirement_no_longer_allows_it(
    clone: Path, bootstrap: Bootstrap
) -> None:
    lock(clone, {"base.in": "redis<6\nsqlparse<0.5.3\n", "dev.in": "-r base.in\npluggy<1.6\n"}, bootstrap)
    loosened = {"base.in": "redis<7\nsqlparse\nsix\n", "dev.in": "-r base.in\npluggy<2\n"}
    pins = lock(clone, loosened, bootstrap)
    assert pins["dev"] == {"redis": "5.2.1", "sqlparse": "0.5.2", "six": "1.17.0", "pluggy": "1.5.0"}
    pins = lock(clone, {**loosened, "base.in": "redis>=6,<7\nsqlparse\nsix\n"}, bootstrap)
    assert pins["dev"] == {"redis": "6.4.0", "sqlparse": "0.5.2", "six": "1.17.0", "pluggy": "1.5.0"}
    assert pins["base"] == {"redis": "6.4.0", "sqlparse": "0.5.2", "six": "1.17.0"}


def test_a_layer_may_name_the_lock_of_another(clone: Path, bootstrap: Bootstrap) -> None:
    pins = lock(clone, {"base.in": "redis\n", "dev.in": "-r base.txt\npluggy\n"}, bootstrap)
    assert pins["dev"] == {**pins["base"], "pluggy": "1.6.0"}
    pins = lock(clone, {"base.in": "redis<6\n"}, bootstrap)
    assert pins["dev"] == {"redis": "5.2.1", "pluggy": "1.6.0"}
    assert bootstrap(*LOCK_ONLY, "--json", cwd=clone).statuses["locks"] == "unchanged"


def test_a_layer_that_only_constrains_is_installed_too(clone: Path, bootstrap: Bootstrap) -> None:
    write_layers(
        clone, {"base.in": "redis<6\n", "dev.in": "-c base.txt\nredis\npluggy\n", "docs.in": "six\n"}
    )
    write_layers(clone, {"base.in": "redis<6\nsqlparse\n"})
    done = bootstrap(cwd=clone)
    assert done.code == 0, done.err
    assert set(command.versions(clone / "requirements" / "dev.txt")) == {"redis", "pluggy"}
    assert command.distributions(clone) == {"redis": "5.2.1", "sqlparse": "0.5.3", "pluggy": "1.6.0"}
    assert bootstrap("--check", cwd=clone).code == 0


def test_the_layers_agree_where_a_later_one_needs_an_older_version(clone: Path, bootstrap: Bootstrap) -> None:
    """Layer by layer base takes the newest click, and dev cannot be resolved any more (pip-tools #1092)."""
    layers = {
        "base.in": "click\n",
        "dev.in": "-r base.in\nclick-repl\nclick<8.3\n",
        "production.in": "-r base.in\ngunicorn\n",
    }
    pins = lock(clone, layers, bootstrap)
    assert {name: layer["click"] for name, layer in pins.items()} == dict.fromkeys(pins, "8.2.1")
    assert bootstrap(*LOCK_ONLY, "--json", cwd=clone).statuses["locks"] == "unchanged"


def test_layers_that_cannot_agree_are_told(clone: Path, bootstrap: Bootstrap) -> None:
    write_layers(clone, {"base.in": "redis>=6\n", "dev.in": "-r base.in\nredis<6\n"})
    done = bootstrap(*LOCK_ONLY, "--json", cwd=clone)
    assert done.code == 1
    message = done.document["problems"][0]["message"]
    assert "redis>=6" in message
    assert "redis<6" in message
    assert list((clone / "requirements").glob("*.txt")) == []


def test_layers_that_differ_are_locked_apart_and_never_installed_together(
    clone: Path, bootstrap: Bootstrap
) -> None:
    pins = lock(clone, {"dev.in": "redis>=6\nsix\n", "docs.in": "redis<6\nsix\n"}, bootstrap)
    assert {name: layer["redis"] for name, layer in pins.items()} == {"dev": "6.4.0", "docs": "5.2.1"}
    for words in (["lock", "--check"], ["lock"], LOCK_ONLY):
        done = bootstrap(*words, "--json", cwd=clone)
        assert (done.code, done.statuses["locks"], done.codes) == (0, "unchanged", ["layers-disagree"])
        [problem] = done.document["problems"]
        assert "redis: 6.4.0 in dev, 5.2.1 in docs" in problem["message"]
    done = bootstrap("--layer", "dev", "--layer", "docs", "--json", cwd=clone)
    assert (done.code, done.codes) == (1, ["layers-disagree", "layers-disagree"])
    assert "the layers dev and docs cannot be installed together" in done.err
    assert bootstrap("--layer", "docs", cwd=clone).code == 0
    assert command.distributions(clone) == {"redis": "5.2.1", "six": "1.17.0"}


def test_layers_at_the_root_are_locked_beside_their_source(clone: Path, bootstrap: Bootstrap) -> None:
    (clone / "requirements.in").write_text("redis\n", encoding="utf-8")
    (clone / "requirements-dev.in").write_text("-r requirements.in\npluggy\n", encoding="utf-8")
    done = bootstrap(cwd=clone)
    assert done.code == 0, done.err
    assert "--output-file=requirements-dev.txt --strip-extras requirements-dev.in" in (
        clone / "requirements-dev.txt"
    ).read_text(encoding="utf-8")
    assert command.distributions(clone) == {"redis": "6.4.0", "pluggy": "1.6.0"}
    assert bootstrap("--check", cwd=clone).code == 0


def test_a_circle_is_told(clone: Path, bootstrap: Bootstrap) -> None:
    write_layers(clone, {"base.in": "redis\n-r dev.in\n", "dev.in": "-r base.in\n"})
    done = bootstrap("--json", cwd=clone)
    assert done.code == 2
    [problem] = done.document["problems"]
    assert "circle" in problem["message"]
    assert problem["file"] in ("requirements/base.in", "requirements/dev.in")
    assert problem["line"] is not None
    assert not (clone / ".venv").exists()


@pytest.mark.parametrize("wanted", ["no-such-package[extra]>=1", "redis==99"])
def test_what_the_index_does_not_have_is_told_with_its_line(
    clone: Path, bootstrap: Bootstrap, wanted: str
) -> None:
    write_layers(clone, {"base.in": f"# the shop\nsix\n{wanted}\n", "dev.in": "-r base.in\npluggy\n"})
    done = bootstrap(*LOCK_ONLY, "--json", cwd=clone)
    assert (done.code, done.codes) == (1, ["not-found"])
    [problem] = done.document["problems"]
    assert wanted.split("[", maxsplit=1)[0].split("=", maxsplit=1)[0] in problem["message"]
    assert (problem["file"], problem["line"]) == ("requirements/base.in", 3)
    assert len(done.err.splitlines()) < 15


def test_pips_settings_decide_where_from_and_nothing_else(
    clone: Path, isolated: Path, world: PackageIndex, bootstrap: Bootstrap
) -> None:
    """Each of these settings makes pip install elsewhere, not at all, or write the machine into the lock."""
    wheels = clone.parent / "my wheels"
    wheels.mkdir()
    elsewhere = clone.parent / "elsewhere"
    address = world.url.replace("http://", "http://user:s3cret@")
    (clone.parent / "pip.conf").write_text(
        f"[global]\nindex-url = {address}\nextra-index-url = {world.url}\ntrusted-host = 127.0.0.1\n"
        f"find-links = {wheels.as_uri()}\nrequire-virtualenv = true\nuser = true\nno-deps = true\n"
        f"[install]\ntarget = {elsewhere}\nprefix = {elsewhere}\nupgrade = true\nconstraint = missing.txt\n",
        encoding="utf-8",
    )
    variables = {"PIP_CONFIG_FILE": str(clone.parent / "pip.conf"), "PIP_INDEX_URL": ""}
    write_layers(clone, {"base.in": "psycopg\n"})
    for installer in ("pip", "uv"):
        done = bootstrap("--rebuild", "--installer", installer, "-v", cwd=clone, env=variables)
        assert done.code == 0, done.err
        assert "s3cret" not in done.err
        text = (clone / "requirements" / "base.txt").read_text(encoding="utf-8")
        assert [trace for trace in ("://", "127.0.0.1", "s3cret", "wheels", "--index") if trace in text] == []
        assert "psycopg" in command.distributions(clone)
        assert not elsewhere.exists()
