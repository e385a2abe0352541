"""What each option of the one command does, and what it leaves alone."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import command
from tests.index.scenarios import write_layers
from tests.index.server import PackageIndex
from tests.setup.conftest import LAYERS, Bootstrap, new_project

STEPS = ("python", "venv", "locks", "install", "gitignore", "env")


def test_dry_run_tells_all_and_changes_nothing(project: Path, bootstrap: Bootstrap) -> None:
    (project / "requirements" / "dev.txt").unlink()
    before = command.fingerprint(project)
    done = bootstrap("--dry-run", "--json", cwd=project)
    assert done.code == 0
    assert command.fingerprint(project) == before
    assert done.statuses == {
        "python": "unchanged",
        "venv": "would-change",
        "locks": "would-change",
        "install": "would-change",
        "gitignore": "would-change",
        "env": "skipped",
    }
    assert "nothing was changed" in done.err


def test_a_fresh_clone_with_good_locks_compiles_nothing(project: Path, bootstrap: Bootstrap) -> None:
    locks = {path: path.read_bytes() for path in (project / "requirements").glob("*.txt")}
    done = bootstrap("--locked", "--json", cwd=project)
    assert done.code == 0, done.err
    assert done.statuses["locks"] == "unchanged"
    assert {path: path.read_bytes() for path in locks} == locks
    assert command.distributions(project) == command.versions(project / "requirements" / "dev.txt")


def test_a_stale_lock_is_an_error_where_locks_are_given(project: Path, bootstrap: Bootstrap) -> None:
    (project / "requirements" / "base.in").write_text("psycopg\nredis\nsix\n", encoding="utf-8")
    locks = {path: path.read_bytes() for path in (project / "requirements").glob("*.txt")}
    done = bootstrap("--locked", "--json", cwd=project)
    assert done.code == 3
    assert done.document["status"] == "drift"
    [problem] = done.document["problems"]
    assert (problem["code"], problem["file"], problem["line"]) == ("stale-lock", "requirements/base.in", 3)
    assert "--locked" in problem["hint"]
    assert done.statuses["locks"] == "failed"
    assert {path: path.read_bytes() for path in locks} == locks


def test_offline_forbids_compiling_and_says_so(project: Path, bootstrap: Bootstrap) -> None:
    (project / "requirements" / "dev.txt").unlink()
    done = bootstrap("--offline", "--json", cwd=project)
    assert (done.code, done.codes) == (1, ["offline"])


def test_offline_installs_what_is_cached(project: Path, bootstrap: Bootstrap) -> None:
    """uv's cache is filled by the first run; the second one has no index to ask."""
    assert bootstrap("--installer", "uv", cwd=project).code == 0
    done = bootstrap("--rebuild", "--offline", "--installer", "uv", cwd=project)
    assert done.code == 0, done.err
    assert command.distributions(project) == command.versions(project / "requirements" / "dev.txt")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_can_be_left_out(finished: Path, bootstrap: Bootstrap, step: str) -> None:
    before = command.fingerprint(finished)
    done = bootstrap("--skip", step, "--json", cwd=finished)
    assert done.code == 0, done.err
    assert done.statuses == {name: "skipped" if name in (step, "env") else "unchanged" for name in STEPS}
    assert command.fingerprint(finished) == before


def test_a_step_left_out_does_nothing(project: Path, bootstrap: Bootstrap) -> None:
    done = bootstrap("--skip", "install", "--skip", "gitignore", "--json", cwd=project)
    assert done.code == 0, done.err
    assert command.distributions(project) == {}
    assert not (project / ".gitignore").exists()


def test_nothing_can_be_installed_where_the_environment_was_left_out(
    project: Path, bootstrap: Bootstrap
) -> None:
    done = bootstrap("--skip", "venv", cwd=project)
    assert done.code == 1
    assert "--skip venv" in done.err
    assert not (project / ".venv").exists()


def test_another_layer_takes_the_place_of_the_first(project: Path, bootstrap: Bootstrap) -> None:
    folder = project / "requirements"
    assert bootstrap(cwd=project).code == 0
    done = bootstrap("--layer", "production", cwd=project)
    assert done.code == 0, done.err
    assert command.distributions(project) == command.versions(folder / "production.txt")
    assert bootstrap("--check", "--layer", "production", cwd=project).code == 0
    assert bootstrap("--check", cwd=project).code == 3
    assert bootstrap("--layer", "production", "--layer", "dev", cwd=project).code == 0
    both = command.versions(folder / "production.txt") | command.versions(folder / "dev.txt")
    assert command.distributions(project) == both


def test_an_unknown_layer_is_refused_before_anything_is_made(project: Path, bootstrap: Bootstrap) -> None:
    before = command.fingerprint(project)
    done = bootstrap("--layer", "prod", "--json", cwd=project)
    assert (done.code, done.codes) == (2, ["unknown-layer"])
    assert done.document["problems"][0]["hint"] == "the layers are: base, dev, production"
    assert command.fingerprint(project) == before


def test_rebuild_makes_the_environment_anew(project: Path, bootstrap: Bootstrap) -> None:
    assert bootstrap(cwd=project).code == 0
    (project / ".venv" / "left-over").touch()
    done = bootstrap("--rebuild", "--json", cwd=project)
    assert (done.code, done.statuses["venv"], done.statuses["install"]) == (0, "changed", "changed")
    assert not (project / ".venv" / "left-over").exists()
    assert command.distributions(project) == command.versions(project / "requirements" / "dev.txt")
    assert [path.name for path in project.glob(".venv*")] == [".venv"]
    assert bootstrap("--check", cwd=project).code == 0


def test_a_failed_rebuild_leaves_the_old_environment(
    project: Path, bootstrap: Bootstrap, isolated: Path
) -> None:
    assert bootstrap("--installer", "pip", cwd=project).code == 0
    (project / ".venv" / "mine").touch()
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1", "PIP_NO_CACHE_DIR": "1"}
    done = bootstrap("--rebuild", "--installer", "pip", "--json", cwd=project, env=nowhere)
    assert (done.code, done.codes) == (1, ["network"])
    assert "as it was, because install failed" in done.err
    assert done.statuses["venv"] == "unchanged"
    assert (project / ".venv" / "mine").exists()
    assert command.distributions(project) == command.versions(project / "requirements" / "dev.txt")
    assert [path.name for path in project.glob(".venv*")] == [".venv"]


def test_an_environment_that_a_later_failure_took_back_is_not_told_as_made(
    project: Path, bootstrap: Bootstrap
) -> None:
    write_layers(project, {"base.in": "no-such-package\n"})
    done = bootstrap("--json", cwd=project)
    assert (done.code, done.codes) == (1, ["not-found"])
    assert (done.statuses["venv"], done.statuses["locks"]) == ("unchanged", "failed")
    assert "not kept, because locks failed" in done.err
    assert "activate" not in done.err
    assert not (project / ".venv").exists()


def test_an_environment_of_another_python_is_rebuilt_and_says_why(
    project: Path, bootstrap: Bootstrap
) -> None:
    assert bootstrap("--skip", "install", cwd=project).code == 0
    config = project / ".venv" / "pyvenv.cfg"
    (project / ".venv" / "left-over").touch()
    base = re.search(r"^base-executable = (.*)$", config.read_text(encoding="utf-8"), re.MULTILINE)
    assert base is not None
    gone = project / "gone" / "python"
    config.write_text(config.read_text(encoding="utf-8").replace(base[1], str(gone)), encoding="utf-8")
    done = bootstrap("--skip", "install", "--json", cwd=project)
    assert done.code == 0, done.err
    [venv] = [step for step in done.document["steps"] if step["name"] == "venv"]
    assert venv["detail"].startswith("rebuilt (the Python it was made from is gone")
    assert not (project / ".venv" / "left-over").exists()


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_both_installers_give_the_same_environment(
    project: Path, bootstrap: Bootstrap, installer: str
) -> None:
    done = bootstrap("--installer", installer, cwd=project)
    assert done.code == 0, done.err
    assert f"with {installer}" in done.err
    assert command.distributions(project) == command.versions(project / "requirements" / "dev.txt")
    folder = next((project / ".venv").glob("[lL]ib/**/redis"))
    assert [path.name for path in folder.glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_a_file_with_another_hash_is_not_installed(
    project: Path, bootstrap: Bootstrap, locked: Mapping[str, str], installer: str
) -> None:
    folder = project / "requirements"
    for name, text in locked.items():
        own = re.sub(r"(redis==\S+ \\\n +--hash=sha256:)\w+", r"\g<1>" + "0" * 64, text)
        (folder / name).write_text(own, encoding="utf-8")
    done = bootstrap("--installer", installer, "--json", cwd=project, env={"UV_NO_CACHE": "1"})
    assert (done.code, done.codes) == (1, ["hash-mismatch"]), done.err
    assert "redis" in done.document["problems"][0]["message"]
    assert "redis" not in command.distributions(project) if (project / ".venv").exists() else True
    write_layers(project, locked)
    done = bootstrap("--installer", installer, cwd=project)
    assert done.code == 0, done.err
    assert command.distributions(project) == command.versions(folder / "dev.txt")


def test_python_on_the_command_line_ranks_first(project: Path, bootstrap: Bootstrap) -> None:
    (project / ".python-version").write_text("3.99\n", encoding="utf-8")
    done = bootstrap("--python", command.PYTHON_VERSION, "--check", "--json", cwd=project)
    assert done.code == 3, done.err
    assert done.document["python"]["source"] == "--python"


def test_a_project_without_requirements_gets_an_environment(tmp_path: Path, bootstrap: Bootstrap) -> None:
    root = new_project(tmp_path / "bare")
    done = bootstrap("--json", cwd=root)
    assert done.code == 0
    assert (done.statuses["locks"], done.statuses["install"]) == ("skipped", "skipped")
    write_layers(root, {"base.in": LAYERS["base.in"]})
    assert bootstrap("--check", cwd=root).code == 3


@pytest.mark.parametrize("command_words", [[], ["lock"]], ids=["setup", "lock"])
def test_what_a_killed_run_left_beside_a_deeper_lock_goes(
    project: Path, bootstrap: Bootstrap, command_words: list[str]
) -> None:
    deeper = project / "requirements" / "sub"
    deeper.mkdir()
    (deeper / "more.in").write_text("redis\n")
    (project / "requirements" / "dev.in").write_text("-r base.in\n-r sub/more.in\npytest\n")
    left = deeper / ".more.txt.bootstrap-new"
    left.touch()
    assert bootstrap(*command_words, "--check", cwd=project).code == 3
    assert left.exists()
    assert bootstrap("lock", cwd=project).code == 0
    assert not left.exists()


def test_what_pip_is_told_of_kinds_of_files_is_compared_in_every_run(
    project: Path, bootstrap: Bootstrap
) -> None:
    (project / "requirements" / "base.txt").unlink()
    told = {"PIP_ONLY_BINARY": "redis"}
    assert bootstrap(cwd=project, env=told).code == 0
    assert "--only-binary redis" in (project / "requirements" / "base.txt").read_text()
    assert bootstrap("--check", cwd=project, env=told).code == 0
    stamp = project / ".venv" / ".bootstrap.json"
    assert stamp.exists()
    with_stamp = bootstrap("--check", cwd=project)
    stamp.unlink()
    assert bootstrap("--check", cwd=project).code == with_stamp.code


def test_what_the_environment_says_to_its_pip_counts(
    project: Path, tmp_path: Path, bootstrap: Bootstrap, served: PackageIndex
) -> None:
    assert bootstrap("--skip", "install", cwd=project).code == 0
    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    (project / ".venv" / name).write_text(f"[global]\nindex-url = {served.url}\n")
    own = tmp_path / "own.conf"
    own.write_text("[install]\nno-compile = true\n")
    variables = {"PIP_INDEX_URL": "", "PIP_CONFIG_FILE": str(own)}
    for words in ([], ["--rebuild"]):
        done = bootstrap(*words, cwd=project, env=variables)
        assert done.code == 0, done.err
        assert (project / ".venv" / name).exists()


NEEDS = {
    "requirements.txt": ("flask\n", "requirements.txt names"),
    "requirements/base.txt": ("flask==3.0.0\n", "requirements/base.txt names"),
    "Pipfile": ("[packages]\nflask = '*'\n", "Pipfile names"),
    "pyproject.toml": (
        "[project]\nname = 'p'\nversion = '1'\ndependencies = ['flask']\n",
        "project.dependencies in",
    ),
}


@pytest.mark.parametrize("name", NEEDS)
def test_what_other_tools_install_is_told(
    tmp_path: Path, isolated: Path, bootstrap: Bootstrap, name: str
) -> None:
    text, told = NEEDS[name]
    root = new_project(tmp_path / "project")
    (root / name).parent.mkdir(exist_ok=True)
    assert bootstrap("--skip", "venv", "--skip", "install", "--json", cwd=root).codes == []
    (root / name).write_text(text, encoding="utf-8")
    done = bootstrap("--json", cwd=root)
    assert (done.code, done.codes) == (0, ["not-adopted"])
    assert told in done.document["problems"][0]["message"]
    assert "bootstrap init" in done.err


@pytest.mark.parametrize("installer", ["pip", "uv"])
def test_the_project_itself_stays_where_it_is_installed_to_be_edited(
    project: Path, bootstrap: Bootstrap, installer: str
) -> None:
    """What else was installed by hand goes."""
    assert bootstrap(cwd=project).code == 0
    site_packages = next((project / ".venv").glob("[lL]ib/**/site-packages"))
    for name, address in {"own": project.as_uri(), "foreign": project.parent.as_uri()}.items():
        folder = site_packages / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (folder / "RECORD").write_text(
            "".join(f"{folder.name}/{file},,\n" for file in ("METADATA", "RECORD", "direct_url.json"))
        )
        (folder / "direct_url.json").write_text(f'{{"url": "{address}", "dir_info": {{"editable": true}}}}')
    assert bootstrap("--check", cwd=project).code == 3
    done = bootstrap("--installer", installer, cwd=project)
    assert (done.code, "removed 1 (foreign)" in done.err) == (0, True), done.err
    assert (site_packages / "own-1.0.dist-info").exists()
    assert bootstrap("--check", cwd=project).code == 0
