"""Files that are replaced together: all of them or none, whatever happens between the first and the last."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.system import files, together

OLD = {"a.txt": b"old a", "sub/b.txt": b"old b"}
NEW = {"a.txt": b"new a", "sub/b.txt": b"new b", "c.txt": b"new c"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name, content in OLD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "p.journal"


def contents(root: Path) -> dict[str, bytes]:
    """Return all files, those that wait to take a place among them."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def write(root: Path, journal: Path) -> None:
    together.write(journal, {root / name: content for name, content in NEW.items()})


class Killed(BaseException):
    """Stands for the end of the process: nothing may be tidied up after it."""


def stop_at(
    monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException, *, dead: bool
) -> Callable[[], int]:
    """Let the change ``number`` fail; ``dead`` lets all after it fail as well. Returns the count so far."""
    count = 0

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def change(*words: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == number or (dead and count > number):
                raise error
            return original(*words, **options)

        return change

    monkeypatch.setattr(os, "open", counted(os.open))
    monkeypatch.setattr(os, "fsync", counted(os.fsync))
    for name in ("replace", "unlink", "mkdir"):
        monkeypatch.setattr(Path, name, counted(getattr(Path, name)))
    return lambda: count


def test_all_are_replaced(root: Path, journal: Path) -> None:
    write(root, journal)
    assert contents(root) == NEW
    assert list(journal.parent.iterdir()) == []
    assert together.recover(journal) == ()


def test_one_file_needs_no_journal(root: Path, journal: Path) -> None:
    together.write(journal, {root / "a.txt": b"new"})
    assert contents(root) == {**OLD, "a.txt": b"new"}
    assert not journal.parent.exists()
    together.write(journal, {})


def total(root: Path, journal: Path) -> int:
    with pytest.MonkeyPatch.context() as patch:
        count = stop_at(patch, 0, Killed(), dead=False)
        write(root, journal)
    return count()


def points(root: Path, journal: Path) -> Iterator[int]:
    """Yield the number of each change that a whole run makes, the files as they were before it."""
    number = total(root, journal)
    assert number > 10
    for point in range(1, number + 1):
        (root / "c.txt").unlink(missing_ok=True)
        for name, content in OLD.items():
            (root / name).write_bytes(content)
        yield point


def stopped(root: Path, journal: Path, point: int, error: BaseException, *, dead: bool) -> bool:
    """Say whether a run fails whose change ``point`` fails."""
    with pytest.MonkeyPatch.context() as patch:
        stop_at(patch, point, error, dead=dead)
        try:
            write(root, journal)
        except (BootstrapError, KeyboardInterrupt, Killed):
            return True
    return False


def test_a_killed_run_is_finished_or_never_was(root: Path, journal: Path) -> None:
    outcomes = []
    for point in points(root, journal):
        assert stopped(root, journal, point, Killed(), dead=True)
        together.recover(journal)
        files.sweep(root)
        outcomes.append(contents(root))
        assert not journal.exists()
    assert [one for one in outcomes if one not in (OLD, NEW)] == []
    assert outcomes == sorted(outcomes, key=lambda one: one == NEW), "once all are ready, all are replaced"
    assert OLD in outcomes
    assert NEW in outcomes


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_changes_nothing(root: Path, journal: Path, error: BaseException) -> None:
    failures = []
    for point in points(root, journal):
        if stopped(root, journal, point, error, dead=False):
            failures.append(contents(root))
        # Else it was only not certain that a change lasts, or something could not be tidied up.
        assert contents(root) in (OLD, NEW), point
        journal.unlink(missing_ok=True)
    assert failures.count(OLD) > len(failures) * 0.8


def test_what_cannot_be_put_back_is_finished_by_the_next_run(
    root: Path, journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = files.replace
    replaced: list[Path] = []

    def replace(source: Path, target: Path) -> None:
        if target.parent == root and replaced and target != replaced[0]:
            raise OSError(5, "Input/output error")
        if target in replaced:
            raise OSError(28, "No space left on device")
        if target.parent == root:
            replaced.append(target)
        original(source, target)

    monkeypatch.setattr(files, "replace", replace)
    with pytest.raises(BootstrapError):
        write(root, journal)
    monkeypatch.undo()
    assert contents(root)["a.txt"] == b"new a"
    assert together.recover(journal) == (root / "c.txt",)
    assert {name: contents(root)[name] for name in NEW} == NEW


def left_by_a_kill(root: Path, journal: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(together, "_put_in_place", lambda _: (_ for _ in ()).throw(Killed()))
        patch.setattr(together, "_put_back", lambda _: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            write(root, journal)
    assert json.loads(journal.read_bytes())["ready"] is True


def test_what_somebody_changed_meanwhile_is_left_alone(root: Path, journal: Path) -> None:
    left_by_a_kill(root, journal)
    (root / "a.txt").write_bytes(b"mine")
    assert together.recover(journal) == ()
    assert contents(root) == {**OLD, "a.txt": b"mine"}
    assert not journal.exists()


def test_new_bytes_that_are_not_whole_are_not_taken(root: Path, journal: Path) -> None:
    left_by_a_kill(root, journal)
    files.neighbour(root / "a.txt").write_bytes(b"new")
    assert together.recover(journal) == ()
    assert contents(root) == OLD


@pytest.mark.parametrize("text", ["", "{", "[]", '{"ready": true}', '{"ready": true, "files": [[1]]}'])
def test_a_damaged_journal_says_nothing(root: Path, journal: Path, text: str) -> None:
    journal.parent.mkdir()
    journal.write_text(text)
    assert together.recover(journal) == ()
    assert (contents(root), journal.exists()) == (OLD, False)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there that few users have")
def test_no_link_is_written_through(root: Path, journal: Path, tmp_path: Path) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    (root / "c.txt").symlink_to(tmp_path / "victim")
    with pytest.raises(BootstrapError, match="symbolic link"):
        write(root, journal)
    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert {name: content for name, content in contents(root).items() if name != "c.txt"} == OLD
