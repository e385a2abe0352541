"""``bootstrap init`` on projects of many shapes, and the first lock after it, which must keep every pin."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bootstrap.scaffold.adoption import adopt
from tests import command
from tests.index.server import PackageIndex
from tests.scaffold.adoption.shapes import FREEZE, FROZEN, NASTY, NASTY_PIPFILE, PINNED, SHAPES, Shape

MINOR = "{}.{}".format(*sys.version_info)
DJANGO = ["sqlparse"]
OLD: Mapping[str, tuple[str, list[str]]] = {
    "celery": ("5.4.0", []),
    "colorama": ("0.4.0", []),
    "django": ("5.1.4", DJANGO),
    "django-debug-toolbar": ("5.0.0", ["django", "sqlparse"]),
    "gunicorn": ("22.0.0", []),
    "psycopg": ("3.2.3", []),
    "pytest": ("8.3.3", []),
    "redis": ("5.2.0", []),
    "requests": ("2.32.3", []),
    "sphinx": ("8.1.0", []),
    "sqlparse": ("0.5.1", []),
    "hiredis": ("3.0.0", []),
}
EXTRAS: Mapping[str, Mapping[str, list[str]]] = {"psycopg": {"binary": []}, "redis": {"hiredis": ["hiredis"]}}
NEW = {
    "celery": "5.5.0",
    "django": "5.9.0",
    "django-debug-toolbar": "6.0.0",
    "gunicorn": "23.0.0",
    "psycopg": "3.2.9",
    "pytest": "8.9.0",
    "redis": "6.0.0",
    "requests": "2.32.9",
    "sphinx": "8.9.0",
    "sqlparse": "0.9.0",
}


@pytest.fixture(scope="module")
def shelf() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        for name, (version, requires) in OLD.items():
            extras = EXTRAS.get(name)
            for one in filter(None, (version, NEW.get(name))):
                index.add(name, one, requires, extras=extras)
        yield index


def project(root: Path, files: Mapping[str, str]) -> Path:
    root.mkdir()
    subprocess.run(["git", "init", "--quiet", root], check=True)
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("@@minor@@", MINOR), encoding="utf-8", newline="\n")
    return root.resolve()


def init(root: Path, *words: str) -> command.Completed:
    return command.run("init", *words, cwd=root)


def texts(root: Path, pattern: str) -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in (root / "requirements").glob(pattern)}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_a_project_is_adopted_and_its_first_lock_keeps_every_pin(
    tmp_path: Path, isolated: Path, shelf: PackageIndex, shape: Shape
) -> None:
    root = project(tmp_path / "project", shape.files)
    before = {name: (root / name).read_bytes() for name in shape.files}
    chosen = root / shape.chosen if shape.chosen else None
    adoption = adopt.look(root, chosen, sys.platform)
    adopt.apply(root, adoption)
    told = [f"{left.file}:{left.line}" if left.line else left.file for left in adoption.left]
    assert sorted(told) == sorted(shape.left)
    written = texts(root, "*.in")
    assert {layer: text.partition("\n")[2] for layer, text in written.items()} == shape.expected
    assert (root / ".python-version").read_text(encoding="utf-8") == f"{MINOR}\n"
    assert {name: (root / name).read_bytes() for name in shape.files} == before
    for text in [*written.values(), *texts(root, "*.txt").values(), repr(adoption)]:
        assert "s3cret" not in text or text in shape.files.values()

    locked = command.run("lock", cwd=root, env={"PIP_INDEX_URL": shelf.url})
    assert locked.code == 0, locked.err
    pins = {
        name: version
        for path in (root / "requirements").glob("*.txt")
        if path.with_suffix(".in").exists()
        for name, version in command.versions(path).items()
    }
    assert {name: pins.get(name) for name in shape.pins} == shape.pins


def test_what_is_not_carried_over_is_told_and_no_password_with_it(tmp_path: Path, isolated: Path) -> None:
    root = project(tmp_path / "project", NASTY)
    done = init(root, "--json")
    assert (done.code, done.document["status"]) == (1, "failed")
    left = [problem for problem in done.document["problems"] if problem["code"] == "not-carried-over"]
    assert [(problem["file"], problem["line"]) for problem in left] == [
        ("requirements.txt", 1),
        ("requirements.txt", 7),
        ("requirements.txt", 8),
        ("requirements.txt", 11),
        ("missing.txt", None),
    ]
    assert "s3cret" not in done.out + done.err
    again = init(root)
    assert (again.code, again.err) == (0, "up to date: nothing is missing (requirement files of bootstrap)\n")


def test_a_dry_run_writes_nothing(tmp_path: Path, isolated: Path) -> None:
    root = project(tmp_path / "project", {"requirements.txt": PINNED})
    before = command.fingerprint(root)
    done = init(root, "--dry-run", "--json")
    assert (done.code, command.fingerprint(root)) == (0, before)
    assert done.statuses == {"files": "would-change"}
    detail = done.document["steps"][0]["detail"]
    assert "requirements/base.in: 3 requirements" in detail
    assert "requirements/base.txt: 3 pins" in detail


def test_what_is_there_is_left(tmp_path: Path, isolated: Path) -> None:
    mine = {".python-version": f"{MINOR}\n", ".env.example": "A=\n", "requirements/base.in": "django\n"}
    root = project(
        tmp_path / "project", {**mine, "requirements.txt": PINNED, "a.py": 'import os\nos.environ["B"]\n'}
    )
    before = command.fingerprint(root)
    assert (init(root).code, command.fingerprint(root)) == (0, before)


def test_several_sources_are_not_guessed_between(tmp_path: Path, isolated: Path) -> None:
    root = project(tmp_path / "project", {"requirements.txt": PINNED, "Pipfile": NASTY_PIPFILE})
    before = command.fingerprint(root)
    done = init(root, "--json")
    assert (done.code, done.codes, command.fingerprint(root)) == (2, ["several-sources"], before)
    assert "Pipfile (Pipenv), requirements.txt" in done.document["problems"][0]["message"]
    assert done.document["problems"][0]["hint"] == "name the one that counts, as in --from Pipfile"


@pytest.mark.parametrize(
    ("files", "words", "code"),
    [
        ({"README.md": ""}, [], "nothing-to-adopt"),
        ({"setup.py": "raise SystemExit('never run')\n"}, [], "nothing-to-adopt"),
        ({"pyproject.toml": "[project\n"}, [], "unparsable"),
        ({"Pipfile": "[packages]\n", "Pipfile.lock": "{"}, [], "unparsable"),
        ({"requirements.txt": ""}, ["--from", "absent.txt"], "failed"),
        ({"requirements.txt": ""}, ["--from", "."], "failed"),
    ],
)
def test_what_cannot_be_read(
    tmp_path: Path, isolated: Path, files: Mapping[str, str], words: list[str], code: str
) -> None:
    root = project(tmp_path / "project", files)
    before = command.fingerprint(root)
    done = init(root, "--json", *words)
    assert (done.code, done.codes, command.fingerprint(root)) == (2, [code], before)


def test_text_of_powershell(tmp_path: Path, isolated: Path) -> None:
    root = project(tmp_path / "project", {})
    (root / "requirements.txt").write_bytes("django==5.1.4\r\n".encode("utf-16"))
    assert init(root).code == 0
    assert texts(root, "*.in")["base"].endswith("django>=5.1.4\n")


SETTINGS = """\
import os
import requests
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = os.environ.get("DEBUG", "false")
DATABASE_URL = os.getenv("DATABASE_URL")
INSTALLED_APPS = ["django.contrib.auth", "debug_toolbar"]
STRIPE = os.environ["STRIPE_API_KEY"]
"""
ENV = "SECRET_KEY=s3cret\nSTRIPE_API_KEY=sk_live_s3cret\nOLD_NAME=s3cret\nDEBUG=true\n"


def test_the_example_has_every_name_and_no_value(tmp_path: Path, isolated: Path) -> None:
    files = {"requirements.txt": PINNED, "shop/settings.py": SETTINGS, ".env": ENV}
    root = project(tmp_path / "project", files)
    done = init(root)
    assert done.code == 0, done.err
    text = (root / ".env.example").read_text(encoding="utf-8")
    assert text.partition("# ---\n")[2] == (
        "\n# shop/settings.py:5\n# @optional\nDATABASE_URL=\n"
        "\n# shop/settings.py:4\n# @optional\nDEBUG=false\n"
        "\n# shop/settings.py:3\nSECRET_KEY=randomString(50)\n"
        "\n# shop/settings.py:7\nSTRIPE_API_KEY=\n"
        "\n# These stand in .env, and no code was found that reads them.\n# ---\n"
        "\n# @optional\nOLD_NAME=\n"
    )
    assert "s3cret" not in text + done.out + done.err


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, shelf: PackageIndex) -> Path:
    """Give a project's environment in which somebody installed by hand."""
    root = project(tmp_path_factory.mktemp("env") / "project", {"shop/settings.py": SETTINGS})
    venv = root / ".venv"
    subprocess.run([sys.executable, "-m", "virtualenv", "--quiet", venv], check=True)
    python = venv / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    pinned = [f"{name}=={OLD[name][0]}" for name in ("celery", "django-debug-toolbar", "psycopg", "requests")]
    words = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--index-url",
        shelf.url,
        *pinned,
        "django==5.1.4",
        "sqlparse==0.5.1",
    ]
    subprocess.run([python, *words], check=True)
    return root


BY_THE_CODE = (
    "celery>=5.4.0\ndjango>=5.1.4\npsycopg>=3.2.3\nrequests>=2.32.3\n"
    "\n# Needed by others of these, as it seems; take the # away from what is yours.\n# sqlparse>=0.5.1\n"
)


def test_an_environment_is_read_and_django_is_not_lost(environment: Path, isolated: Path) -> None:
    done = init(environment, "--dry-run", "--json")
    assert done.code == 0, done.err
    assert "5 of 6 packages look asked for" in done.document["problems"][0]["message"]
    assert init(environment, "--from", ".venv").code == 0
    written = texts(environment, "*.in")
    assert written["base"].partition("\n")[2] == BY_THE_CODE
    assert written["dev"].partition("\n")[2] == "-r base.in\ndjango-debug-toolbar>=5.0.0\n"
    pins = command.versions(environment / "requirements" / "base.txt")
    assert pins == {**FROZEN, "django-debug-toolbar": "5.0.0"}


def test_a_freeze_is_read_with_its_environment(
    tmp_path: Path, isolated: Path, environment: Path, shelf: PackageIndex
) -> None:
    root = project(tmp_path / "project", {"requirements.txt": FREEZE, "shop/settings.py": SETTINGS})
    (root / ".venv").symlink_to(environment / ".venv")
    done = init(root)
    assert done.code == 0, done.err
    assert texts(root, "*.in")["base"].partition("\n")[2] == BY_THE_CODE


def test_a_freeze_without_its_environment_keeps_all(tmp_path: Path, isolated: Path) -> None:
    root = project(tmp_path / "project", {"requirements.txt": FREEZE})
    assert "no environment tells what was asked for: all is kept" in init(root, "--dry-run").err


def test_what_was_installed_from_an_address_is_told(tmp_path: Path, isolated: Path) -> None:
    root = project(tmp_path / "project", {})
    site_packages = (
        root / ".venv" / ("Lib" if sys.platform == "win32" else f"lib/python{MINOR}") / "site-packages"
    )
    for name, address in {"tool-1.0": "https://git.example/tool.git", "celery-5.4.0": None}.items():
        folder = site_packages / f"{name}.dist-info"
        folder.mkdir(parents=True)
        (folder / "RECORD").touch()
        first, _, version = name.partition("-")
        (folder / "METADATA").write_text(f"Name: {first}\nVersion: {version}\n", encoding="utf-8")
        if address:
            (folder / "direct_url.json").write_text(
                f'{{"url": "{address}", "dir_info": {{}}}}', encoding="utf-8"
            )
    (root / ".venv" / "pyvenv.cfg").write_text(f"version = {MINOR}.0\n", encoding="utf-8")
    done = init(root, "--json")
    assert done.code == 1, done.err
    [problem] = [one for one in done.document["problems"] if one["code"] == "not-carried-over"]
    assert "tool @ https://git.example/tool.git" in problem["message"]
    assert texts(root, "*.in")["base"].partition("\n")[2].startswith("celery>=5.4.0\n")
