from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import command
from tests.command import Completed
from tests.values.conftest import Write, posix

Run = Callable[..., Completed]
OLD = "A=1\n\n# The port\n# @public\nPORT=8000\n"
NEW = (
    OLD
    + "\n# Optional: error reporting\nSENTRY_DSN=\nKEY=randomHex(40)\n# @public\nMODE=fast\nURL=http://u:pw@h\n"
)


def text(folder: Path) -> str:
    return (folder / ".env").read_text()


def test_an_absent_file_is_made_for_its_owner_alone(folder: Path, write: Write, bootstrap: Run) -> None:
    write({".env.example": NEW})
    done = bootstrap("env", "update")
    assert (done.code, done.out) == (0, "")
    assert ".env: 6 added, 1 generated, 0 changed, 0 removed\n" in done.err
    assert text(folder).split("KEY=")[0] == NEW.split("KEY=")[0]
    if sys.platform != "win32":
        assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600


def test_new_keys_come_with_their_comments_and_the_rest_stays(
    folder: Path, write: Write, bootstrap: Run
) -> None:
    mine = "export A = 'x'  # mine\r\nPORT=9000\r\nOLD_FLAG=1"
    write({".env.example": NEW, ".env": mine})
    done = bootstrap("env", "update")
    assert done.code == 0
    assert done.err.splitlines()[:9] == [
        ".env: 4 new keys from .env.example",
        "   # Optional: error reporting",
        " + SENTRY_DSN=",
        "   (after PORT)",
        " + KEY=<generated>",
        "   # @public",
        " + MODE=fast",
        " + URL=<as in the example>",
        ".env: 4 added, 1 generated, 0 changed, 0 removed, not in the example any more: OLD_FLAG (kept)",
    ]
    lines = iter(text(folder).splitlines())
    assert all(line in lines for line in mine.splitlines())
    before = command.fingerprint(folder)
    again = bootstrap("env", "update")
    assert (again.code, command.fingerprint(folder)) == (0, before)
    assert again.err.startswith(".env: up to date")


@pytest.mark.parametrize(("option", "code"), [("--dry-run", 0), ("--check", 3)])
def test_looking_changes_nothing(folder: Path, write: Write, bootstrap: Run, option: str, code: int) -> None:
    write({".env.example": NEW, ".env": OLD})
    before = command.fingerprint(folder)
    done = bootstrap("env", "update", option)
    assert (done.code, command.fingerprint(folder)) == (code, before)
    assert " + SENTRY_DSN=\n" in done.err
    assert done.err.endswith("nothing was changed\n")
    bootstrap("env", "update")
    assert bootstrap("env", "update", option).code == 0


def test_a_changed_default_is_listed_and_taken_only_on_demand(
    folder: Path, write: Write, bootstrap: Run
) -> None:
    write({".env.example": "A=1\nB=2\nC=3\n"})
    bootstrap("env", "update")
    write({".env.example": "A=10\nB=20\nC=changeme\n", ".env": text(folder).replace("B=2", "B=mine")})
    done = bootstrap("env", "update", "--json")
    assert done.document["values"]["outdated_defaults"] == ["A"]
    assert text(folder) == "A=1\nB=mine\nC=3\n"
    done = bootstrap("env", "update", "--json", "--take-defaults")
    assert (done.document["status"], done.document["values"]["taken_defaults"]) == ("changed", ["A"])
    assert text(folder) == "A=10\nB=mine\nC=3\n"


def test_git_tells_the_defaults_of_a_file_made_by_hand(
    folder: Path, write: Write, bootstrap: Run, repository: Callable[..., None]
) -> None:
    write({".env.example": "A='1 one' # x\nB=2\n", ".env": "A='1 one'\nB=mine\n", ".gitignore": ".env\n"})
    repository("add", ".")
    repository("commit", "-m", "one")
    write({".env.example": "A=2\nB=3\n"})
    repository("commit", "-am", "two")
    assert bootstrap("env", "update", "--json").document["values"]["outdated_defaults"] == ["A"]


def test_a_dangerous_name_is_not_taken_over(folder: Path, write: Write, bootstrap: Run) -> None:
    write({".env.example": "A=1\nLD_PRELOAD='/x\ny'\n# b\nB=2\n"})
    done = bootstrap("env", "update", "--json")
    assert (done.codes, done.document["values"]["withheld"]) == (["dangerous-name"], ["LD_PRELOAD"])
    assert text(folder) == "A=1\n# LD_PRELOAD='/x\n# y'\n# b\nB=2\n"
    assert bootstrap("env", "update", "--json").document["status"] == "unchanged"
    write({".env": "A=1\n"})
    bootstrap("env", "update")
    assert text(folder) == "A=1\n# b\nB=2\n"


def test_what_git_tracks_is_not_written(
    folder: Path, write: Write, bootstrap: Run, repository: Callable[..., None]
) -> None:
    write({".env.example": NEW, ".env": OLD})
    repository("add", "-f", ".env")
    done = bootstrap("env", "update", "--json")
    assert (done.code, done.codes, text(folder)) == (1, ["tracked-by-git"], OLD)
    assert "git rm --cached .env" in done.document["problems"][0]["hint"]


@posix
@pytest.mark.parametrize("kind", ["link", "dangling"])
def test_a_link_is_not_written_through(folder: Path, write: Write, bootstrap: Run, kind: str) -> None:
    write({".env.example": NEW, "target": OLD})
    (folder / ".env").symlink_to("target" if kind == "link" else "nowhere")
    done = bootstrap("env", "update", "--json")
    assert (done.code, done.codes) == ((1, ["symlink"]) if kind == "link" else (2, ["unreadable"]))
    assert (folder / "target").read_text() == OLD
    assert not (folder / "nowhere").exists()


@posix
def test_in_place_keeps_the_file_itself(folder: Path, write: Write, bootstrap: Run) -> None:
    write({".env.example": NEW, ".env": OLD})
    before = (folder / ".env").stat().st_ino
    assert bootstrap("env", "update", "--in-place").code == 0
    assert ((folder / ".env").stat().st_ino, "SENTRY_DSN=" in text(folder)) == (before, True)


def test_no_backup_is_left(folder: Path, write: Write, bootstrap: Run) -> None:
    write({".env.example": NEW, ".env": OLD})
    bootstrap("env", "update")
    assert sorted(path.name for path in folder.iterdir()) == [".env", ".env.example"]
