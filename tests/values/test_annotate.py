from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests import command
from tests.command import Completed
from tests.values.conftest import Write

Run = Callable[..., Completed]
OLD = "A=\n\n# Optional: x\nB=1\nURL=https://x.example\nPORT=8000\nDEBUG=true\n# @type=string\nC=no\n"
NEW = (
    "# @optional\nA=\n\n# Optional: x\n# @optional\nB=1\n# @type=url\nURL=https://x.example\n"
    "# @type=port @public\nPORT=8000\n# @type=boolean @public\nDEBUG=true\n# @type=string\nC=no\n"
)


def test_decorators_are_written_and_nothing_else(folder: Path, write: Write, bootstrap: Run) -> None:
    write({".env.example": OLD})
    done = bootstrap("env", "annotate")
    assert (done.code, done.err) == (0, ".env.example: 5 keys annotated, 2 of them @optional\n")
    assert (folder / ".env.example").read_text() == NEW
    assert bootstrap("env", "annotate", "--json").document["status"] == "unchanged"
    assert (folder / ".env.example").read_text() == NEW


@pytest.mark.parametrize(("option", "code"), [("--dry-run", 0), ("--check", 3)])
def test_looking_changes_nothing(folder: Path, write: Write, bootstrap: Run, option: str, code: int) -> None:
    write({".env.example": OLD})
    before = command.fingerprint(folder)
    done = bootstrap("env", "annotate", option)
    assert (done.code, command.fingerprint(folder)) == (code, before)
    if option == "--dry-run":
        assert "+# @type=url\n URL=...\n" in done.err


def test_what_stands_around_a_proposal_shows_no_value(write: Write, bootstrap: Run) -> None:
    write({".env.example": "export A='S3ntinel\nS3ntinel\nS3ntinel=='\nB=\nC='x\nS3ntinel'\nD=\n"})
    done = bootstrap("env", "annotate", "--dry-run")
    assert "+# @optional\n B=...\n" in done.err
    assert "S3ntinel" not in done.err


def test_an_example_from_the_keys_of_a_file(folder: Path, write: Write, bootstrap: Run) -> None:
    write({"pyproject.toml": "", ".env": "# S3ntinel\nA=S3ntinel\nB='S3ntinel\n2' # S3ntinel\n"})
    assert "annotate --from .env" in bootstrap("env", "check").err
    assert bootstrap("env", "annotate", "--from", ".env").code == 0
    text = (folder / ".env.example").read_text()
    assert text == "# The keys of .env. Say above each what it is for.\n\nA=\nB=\n"
    assert bootstrap("env", "annotate", "--from", ".env").code == 2
