"""Which words start the process that locks before they are read."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from bootstrap.cli import arguments, early
from bootstrap.cli import main as command_line
from bootstrap.cli.commands import COMMANDS, GROUPS
from bootstrap.cli.session import Session
from bootstrap.locks.head_start import HeadStart
from bootstrap.setup import foresight
from bootstrap.setup.options import Options
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
        ("lock -P django<6 dev --upgrade-package celery", True),
        ("-C there lock", None),
        ("-P django lock", None),
        ("lock -P", None),
        ("lock --json=x", None),
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


WORDS = [
    *("setup", "lock", "run", "dev", "-q", "-v", "-qv", "--json", "--json=x", "--color", "-C", "-Cthere"),
    *("-P", "-Pweb", "--upgrade-package", "--upgrade-package=web", "--upgrade", "--upgrade=x"),
    *("--check", "--dry-run", "--locked", "--skip", "--", "--help", "--version"),
]


def test_words_that_may_lock_are_words_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guess on words that mean something else costs a process; one for another folder would be no help."""
    asked = list[tuple[Path, Options]]()

    def note(_: Session, folder: Path, options: Options) -> None:
        asked.append((folder, options))

    monkeypatch.setattr(Session, "set_up", note)
    monkeypatch.setattr(Session, "lock", note)
    lines = [list(line) for length in range(4) for line in itertools.product(WORDS, repeat=length)]
    guesses = [(line, surely) for line in lines if (surely := early.surely_locks(line)) is not None]
    for line, surely in guesses:
        command_line._through_typer(arguments.with_command(line, COMMANDS, GROUPS))(Session())
        assert asked, line
        folder, options = asked.pop()
        assert folder == Path(), line
        assert not any([options.only_looks, options.locked, options.offline, options.skip]), line
        assert bool(options.upgrade or options.upgrade_packages) is surely, line
    assert len(guesses) > 100


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
