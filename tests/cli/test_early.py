"""Which words start the process that locks before they are read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bootstrap.cli import early
from bootstrap.locks.head_start import HeadStart
from bootstrap.setup import foresight
from bootstrap.unchanged import COMPLETING


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("", False),
        ("setup", False),
        ("-q --json", False),
        ("lock", False),
        ("lock dev -v", False),
        ("--quiet lock", False),
        ("lock --upgrade", True),
        ("lock -P django", True),
        ("lock --upgrade-package=django", True),
        ("lock --check", None),
        ("lock --dry-run", None),
        ("lock --help", None),
        ("lock -C there", None),
        ("setup --locked", None),
        ("--offline", None),
        ("setup more", None),
        ("--upgrade", None),
        ("env check", None),
        ("--version", None),
        ("upgrade", None),
    ],
)
def test_words_that_may_lock(line: str, expected: bool | None) -> None:  # noqa: FBT001 a value of the table
    assert early.surely_locks(line.split()) is expected


@pytest.mark.parametrize(
    ("words", "asked"), [(["lock"], [False]), (["lock", "-P", "web"], [True]), (["run"], [])]
)
def test_a_guess_is_made_only_for_them(
    monkeypatch: pytest.MonkeyPatch, words: Sequence[str], asked: list[bool]
) -> None:
    guesses = list[bool]()

    def guess(_: Path, *, surely: bool) -> HeadStart:
        guesses.append(surely)
        return HeadStart()

    monkeypatch.setattr(foresight, "head_start", guess)
    early.head_start(words)
    assert guesses == asked


def test_none_is_made_for_a_shell_that_completes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(COMPLETING, "complete_bash")
    with early.head_start([]) as found:
        assert found is None


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed there")
def test_a_folder_that_is_gone_is_no_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with early.head_start(["lock"]) as found:
        assert found is not None
