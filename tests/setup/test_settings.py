"""``[tool.bootstrap]``: what each key changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests import command
from tests.setup.conftest import Bootstrap


def configure(root: Path, *lines: str) -> None:
    text = "\n".join(("[tool.bootstrap]", *lines, ""))
    (root / "pyproject.toml").write_text(text, encoding="utf-8")


def test_every_place_can_be_named(project: Path, bootstrap: Bootstrap) -> None:
    (project / "requirements").rename(project / "deps")
    for path in (project / "deps").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("requirements/", "deps/"), encoding="utf-8")
    (project / "env.template").write_text("SECRET_KEY=randomString(20)\n", encoding="utf-8")
    configure(
        project,
        'venv = "env"',
        'requirements = "deps"',
        'layers = ["base", "production"]',
        'install = ["production"]',
        'installer = "uv"',
        'gitignore = ["*.sqlite3"]',
        'env-file = "local.env"',
        'env-example = "env.template"',
    )
    done = bootstrap("--json", cwd=project)
    assert done.code == 0, done.err
    assert done.statuses["locks"] == "unchanged"
    assert not (project / ".venv").exists()
    assert (project / "env" / "pyvenv.cfg").exists()
    assert (project / "local.env").stat().st_mode & 0o777 == 0o600 or not (
        project / "local.env"
    ).stat().st_uid
    ignored = (project / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"env/", "local.env", "*.sqlite3"} <= set(ignored)
    assert bootstrap("--check", cwd=project).code == 0
    second = bootstrap(cwd=project)
    count = len(command.versions(project / "deps" / "production.txt"))
    assert second.err == f"up to date: Python {command.PYTHON_VERSION}, {count} packages\n"


def test_locks_without_hashes(project: Path, bootstrap: Bootstrap) -> None:
    configure(project, "generate-hashes = false")
    assert bootstrap("--check", cwd=project).code == 3
    assert bootstrap(cwd=project).code == 0
    text = (project / "requirements" / "dev.txt").read_text(encoding="utf-8")
    assert "--hash" not in text
    assert "pip-compile --allow-unsafe --no-emit-index-url --output-file=requirements/dev.txt" in text
    assert bootstrap("--check", cwd=project).code == 0


def test_a_cooldown_holds_back_what_is_new_and_nothing_that_is_locked(
    project: Path, bootstrap: Bootstrap, locked: Mapping[str, str]
) -> None:
    configure(project, "cooldown = 3650")
    assert bootstrap("lock", "--upgrade", cwd=project).code == 0
    for name, text in locked.items():
        assert (project / "requirements" / name).read_text(encoding="utf-8") == text
    (project / "requirements" / "base.in").write_text("psycopg\nredis\nsix\n", encoding="utf-8")
    done = bootstrap("lock", cwd=project)
    assert done.code == 1
    assert "BOOTSTRAP_COOLDOWN=0" in done.err
    assert bootstrap("lock", cwd=project, env={"BOOTSTRAP_COOLDOWN": "0"}).code == 0
    assert "six" in command.versions(project / "requirements" / "dev.txt")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('vnev = "env"', "did you mean venv?"),
        ("venv = 1", "[tool.bootstrap] venv must be"),
        ('venv = "../env"', "inside the project"),
        ('installer = "poetry"', "one of auto, pip, uv"),
        ('layers = "dev"', "a list"),
        ('layers = ["prod"]', "the layers are: base, dev, production"),
        ('install = ["prod"]', "the layers are: base, dev, production"),
        ('env_file = ".env"', "did you mean env-file?"),
    ],
)
def test_a_wrong_setting_is_told_before_anything_is_made(
    project: Path, bootstrap: Bootstrap, line: str, told: str
) -> None:
    configure(project, line)
    before = command.fingerprint(project)
    done = bootstrap("--json", cwd=project)
    assert done.code == 2
    [problem] = done.document["problems"]
    key = line.partition(" ")[0]
    assert (problem["file"], problem["line"], problem["key"]) == ("pyproject.toml", 2, key)
    assert told in done.err
    assert command.fingerprint(project) == before


def test_the_python_of_the_settings_ranks_below_the_file(project: Path, bootstrap: Bootstrap) -> None:
    configure(project, 'python = "3.99"')
    assert bootstrap("--check", cwd=project).code == 3
    (project / ".python-version").unlink()
    done = bootstrap("--check", "--json", cwd=project)
    assert (done.code, done.codes) == (1, ["python-missing"])
    configure(project, f'python = "{command.PYTHON_VERSION}"')
    assert bootstrap("--check", cwd=project).code == 3


def test_requires_python_that_contradicts_the_file_is_an_error(project: Path, bootstrap: Bootstrap) -> None:
    (project / "pyproject.toml").write_text('[project]\nname = "shop"\nrequires-python = ">=3.98"\n')
    done = bootstrap("--json", cwd=project)
    assert done.code != 0
    assert done.codes == ["python-conflict"]
    assert not (project / ".venv").exists()
