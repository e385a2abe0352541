"""``--check`` sees an edit of every kind of input, and the stamp changes only how long that takes."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap import unchanged
from tests import command
from tests.setup.conftest import Bootstrap

Edit = Callable[[Path], object]
Checked = Callable[[Path, Edit], command.Completed]

EXAMPLE = "SECRET_KEY=randomString(50)\n# Optional: where mail goes\nMAIL_HOST=\n"


@pytest.fixture(scope="module")
def ready(finished: Path, bootstrap: Bootstrap) -> Path:
    """Give a finished project that has an ``.env`` too."""
    (finished / ".env.example").write_text(EXAMPLE, encoding="utf-8")
    done = bootstrap(cwd=finished)
    assert done.code == 0, done.err
    assert (finished / ".venv" / ".bootstrap.json").exists()
    # Most of the files are pip's modules; nothing that only looks reads them, and each test copies all.
    shutil.rmtree(next((finished / ".venv").glob("[lL]ib/**/site-packages")) / "pip")
    return finished


@contextlib.contextmanager
def edited(root: Path, edit: Edit) -> Iterator[None]:
    """Edit a project, and put all back with its times; the stamp holds again."""
    kept = root.with_name("kept")
    shutil.copytree(root, kept, symlinks=True)
    try:
        edit(root)
        yield
    finally:
        shutil.rmtree(root)
        kept.rename(root)
        command.renew(root / ".venv" / ".bootstrap.json")


def replace(name: str, old: str, new: str) -> Edit:
    def edit(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return edit


def append(name: str, text: str) -> Edit:
    def edit(root: Path) -> None:
        with (root / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return edit


def write(name: str, text: str) -> Edit:
    return lambda root: (root / name).write_text(text, encoding="utf-8")


def remove(name: str) -> Edit:
    def edit(root: Path) -> None:
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return edit


def in_place(name: str, old: str, new: str) -> Edit:
    """Edit a file in a way that leaves its size, and set its time back, as programs that copy files do."""

    def edit(root: Path) -> None:
        seen = (root / name).stat()
        replace(name, old, new)(root)
        os.utime(root / name, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    return edit


def touch(name: str) -> Edit:
    return lambda root: os.utime(root / name)


def uninstall(distribution: str) -> Edit:
    def edit(root: Path) -> None:
        for path in (root / ".venv").glob(f"[lL]ib/**/{distribution}-*.dist-info"):
            shutil.rmtree(path)

    return edit


def install_by_hand(root: Path) -> None:
    folder = next((root / ".venv").glob("[lL]ib/**/pip-*.dist-info")).parent / "handmade-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: handmade\nVersion: 1.0\n")
    (folder / "RECORD").write_text("")


def without_record(root: Path) -> None:
    next((root / ".venv").glob("[lL]ib/**/redis-*.dist-info/RECORD")).unlink()


def twice(root: Path) -> None:
    folder = next((root / ".venv").glob("[lL]ib/**/redis-*.dist-info"))
    shutil.copytree(folder, folder.with_name("redis-1.0.dist-info"))


def without_hash(root: Path) -> None:
    path = root / "requirements" / "base.txt"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(number for number, line in enumerate(lines) if line.startswith("redis=="))
    lines[at : at + 2] = [lines[at].replace(" \\", "")]
    path.write_text("".join(lines), encoding="utf-8")


def track_bytecode(root: Path) -> None:
    (root / "old.pyc").write_bytes(b"")
    subprocess.run(["git", "add", "--force", "old.pyc"], cwd=root, check=True)


def leave_environment_aside(root: Path) -> None:
    (root / ".venv.bootstrap-old").mkdir()
    (root / ".venv.bootstrap-old" / "pyvenv.cfg").write_text("home = nowhere\n")


WORK = {
    "a requirement was added": append("requirements/base.in", "six\n"),
    "a specifier excludes the pin": replace("requirements/base.in", "redis\n", "redis<6\n"),
    "a requirement was exchanged": in_place("requirements/base.in", "redis\n", "attrs\n"),
    "a requirement was removed": replace("requirements/base.in", "redis\n", ""),
    "an extra was added": replace("requirements/base.in", "psycopg\n", "psycopg[binary]\n"),
    "dev.in was edited": replace("requirements/dev.in", "pytest\n", "pytest<9\n"),
    "production.in was edited": append("requirements/production.in", "six\n"),
    "a lock was deleted": remove("requirements/dev.txt"),
    "a hash was removed": without_hash,
    "a pin was changed": replace("requirements/dev.txt", "redis==6.4.0", "redis==5.2.1"),
    "a header was changed": replace("requirements/dev.txt", "--allow-unsafe ", ""),
    "a lock was made for another Python": replace("requirements/dev.txt", "with Python 3", "with Python 2"),
    "a layer appeared": write("requirements/docs.in", "six\n"),
    "a layer appeared at the root": write("requirements-docs.in", "six\n"),
    "a line of .gitignore is gone": replace(".gitignore", ".env.*\n", ""),
    ".gitignore is gone": remove(".gitignore"),
    "the example got a key": append(".env.example", "# Optional: new\nNEW_KEY=\n"),
    "a key of .env is gone": replace(".env", "MAIL_HOST=\n", ""),
    ".env is gone": remove(".env"),
    "a package was uninstalled": uninstall("redis"),
    "a package was installed by hand": install_by_hand,
    "a package is damaged": without_record,
    "a package is there twice": twice,
    "pip is gone": uninstall("pip"),
    "the environment is gone": remove(".venv"),
    "the interpreter is gone": remove(".venv/bin/python" if os.name != "nt" else ".venv/Scripts/python.exe"),
    "a change was cut short": write(".venv/.bootstrap-unfinished", ""),
    "an old environment was left behind": leave_environment_aside,
}
IN_ORDER = {
    "nothing was edited": lambda root: None,
    "a comment was added to a requirement file": append("requirements/base.in", "# why redis\n"),
    "a comment was added to .gitignore": append(".gitignore", "# mine\n"),
    "a line was added to .gitignore": append(".gitignore", "*.log\n"),
    "a comment was added to .python-version": append(".python-version", "# the servers' version\n"),
    "a comment was added to the example": append(".env.example", "\n# the end\n"),
    "a value was changed in .env": replace(".env", "MAIL_HOST=", "MAIL_HOST=localhost"),
    "a file was touched": touch("requirements/dev.txt"),
    "a settings file appeared": write("pyproject.toml", "[tool.black]\n"),
}
PROBLEMS = {
    "another Python is asked for": (write(".python-version", "3.99\n"), 1, "python-missing"),
    "the settings do not parse": (write("pyproject.toml", "[tool.bootstrap\n"), 2, "bad-configuration"),
    "a setting is unknown": (write("pyproject.toml", "[tool.bootstrap]\nvnev = 1\n"), 2, "bad-configuration"),
    "a requirement is no requirement": (append("requirements/base.in", "redis ???\n"), 2, "unparsable"),
    "a requirement file is no text": (
        lambda root: (root / "requirements" / "base.in").write_bytes(b"\xff\xfe"),
        2,
        "unparsable",
    ),
    "a requirement file is a folder": (
        lambda root: (
            (root / "requirements" / "base.txt").unlink() or (root / "requirements" / "base.txt").mkdir()
        ),
        2,
        "unreadable",
    ),
    "git tracks bytecode": (track_bytecode, 0, "tracked-by-git"),
    "a secret was emptied": (
        lambda root: (root / ".env").write_text("SECRET_KEY=\nMAIL_HOST=\n"),
        4,
        "empty",
    ),
}


@pytest.mark.parametrize("edit", WORK.values(), ids=WORK)
def test_work_is_seen(ready: Path, checked: Checked, edit: Edit) -> None:
    done = checked(ready, edit)
    assert done.code == 3, done.err
    assert done.document["status"] == "drift"
    assert "would-change" in done.statuses.values()


@pytest.mark.parametrize("edit", IN_ORDER.values(), ids=IN_ORDER)
def test_what_changes_nothing_is_in_order(ready: Path, checked: Checked, edit: Edit) -> None:
    done = checked(ready, edit)
    assert done.code == 0, done.err
    assert done.document["status"] == "unchanged"
    assert set(done.statuses.values()) == {"unchanged"}


@pytest.mark.parametrize(("edit", "code", "problem"), PROBLEMS.values(), ids=PROBLEMS)
def test_problems_are_seen(ready: Path, checked: Checked, edit: Edit, code: int, problem: str) -> None:
    done = checked(ready, edit)
    assert done.code == code, done.err
    assert problem in done.codes


@pytest.fixture
def checked(bootstrap: Bootstrap, capsys: pytest.CaptureFixture[str]) -> Checked:
    """Check an edited project: nothing may change, and the no-op route may say only what the whole run says.

    The whole run never reads the stamp; with ``-v`` it is taken although there is one.
    """

    def check(root: Path, edit: Edit) -> command.Completed:
        with edited(root, edit):
            before = command.fingerprint(root)
            with contextlib.chdir(root):
                quick = unchanged.answer(["--check", "--json"])
            done = bootstrap("--check", "--json", "-v", cwd=root)
            assert command.fingerprint(root) == before
        if quick is not None:
            assert quick == done.code
            assert _timeless(json.loads(capsys.readouterr().out)) == _timeless(done.document)
        return done

    return check


def test_deleting_the_stamp_changes_nothing_but_the_time(ready: Path, bootstrap: Bootstrap) -> None:
    with edited(ready, lambda root: None):
        quick = bootstrap("--json", cwd=ready)
        (ready / ".venv" / ".bootstrap.json").unlink()
        whole = bootstrap("--json", cwd=ready)
    assert (quick.code, quick.err) == (whole.code, whole.err)
    assert _timeless(quick.document) == _timeless(whole.document)


def _timeless(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "steps": [{**step, "seconds": None} for step in document["steps"]]}
