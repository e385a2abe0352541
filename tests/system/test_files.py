from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.system import files

posix = pytest.mark.skipif(sys.platform == "win32", reason="its files have no such modes")
NEIGHBOUR = ".lock.txt.bootstrap-new"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "lock.txt"
    path.write_bytes(b"old")
    return path


def test_new_bytes_take_the_place_of_the_old(target: Path) -> None:
    files.write_atomic(target, b"new\r\n\xff")
    assert target.read_bytes() == b"new\r\n\xff"
    assert list(target.parent.iterdir()) == [target]


@posix
@pytest.mark.parametrize("before", [0o600, 0o640, 0o755])
def test_a_file_keeps_its_mode(target: Path, before: int) -> None:
    target.chmod(before)
    files.write_atomic(target, b"new")
    assert mode(target) == before


@posix
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
@pytest.mark.parametrize("wanted", [0o600, 0o644, None])
def test_a_new_file_has_the_mode_that_is_wanted_whatever_the_umask(
    tmp_path: Path, umask: int, wanted: int | None
) -> None:
    before = os.umask(umask)
    try:
        files.write_atomic(tmp_path / ".env", b"", mode=wanted)
    finally:
        os.umask(before)
    assert mode(tmp_path / ".env") == (0o666 & ~umask if wanted is None else wanted)


@posix
def test_a_mode_that_is_wanted_wins_over_the_old_one(target: Path) -> None:
    target.chmod(0o644)
    files.write_atomic(target, b"new", mode=0o600)
    assert mode(target) == 0o600


@posix
def test_nobody_else_can_read_a_secret_file_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    real = os.fsync

    def look(descriptor: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", look)
    files.write_atomic(tmp_path / ".env", b"SECRET=1", mode=0o600)
    assert modes[0] == 0o600


@posix
@pytest.mark.parametrize("name", ["victim", "nothing"])
def test_a_link_is_not_written_through(tmp_path: Path, name: str) -> None:
    (tmp_path / "victim").write_bytes(b"precious")
    link = tmp_path / ".env"
    link.symlink_to(tmp_path / name)
    with pytest.raises(BootstrapError, match="symbolic link") as caught:
        files.write_atomic(link, b"new")
    assert caught.value.problem.code == "symlink"
    assert link.is_symlink()
    assert (tmp_path / "victim").read_bytes() == b"precious"
    assert not (tmp_path / "nothing").exists()


@posix
def test_a_planted_neighbour_is_not_written_through(target: Path) -> None:
    victim = target.parent / "victim"
    victim.write_bytes(b"precious")
    (target.parent / NEIGHBOUR).symlink_to(victim)
    files.write_atomic(target, b"new")
    assert (target.read_bytes(), victim.read_bytes()) == (b"new", b"precious")


def test_what_a_killed_run_left_is_replaced(target: Path) -> None:
    (target.parent / NEIGHBOUR).write_bytes(b"half")
    files.write_atomic(target, b"new")
    assert target.read_bytes() == b"new"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, "free some disk space"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "writable"),
        (errno.EBUSY, "mount"),
        (errno.EIO, "mend that"),
    ],
)
def test_a_failure_in_the_middle_leaves_the_old_bytes(
    target: Path, monkeypatch: pytest.MonkeyPatch, number: int, hint: str
) -> None:
    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(BootstrapError, match=os.strerror(number)) as caught:
        files.write_atomic(target, b"new")
    assert hint in str(caught.value.problem.hint)
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


def test_an_interrupt_in_the_middle_leaves_the_old_bytes(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write_atomic(target, b"new")
    assert target.read_bytes() == b"old"
    assert list(target.parent.iterdir()) == [target]


@posix
@pytest.mark.skipif(sys.platform != "win32" and os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(target: Path) -> None:
    target.parent.chmod(0o500)
    try:
        with pytest.raises(BootstrapError, match="Permission denied") as caught:
            files.write_atomic(target, b"new")
    finally:
        target.parent.chmod(0o700)
    assert "writable for you" in str(caught.value.problem.hint)
    assert target.read_bytes() == b"old"


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "lock.txt").mkdir()
    with pytest.raises(BootstrapError, match="cannot write"):
        files.write_atomic(tmp_path / "lock.txt", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["lock.txt"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BootstrapError, match="No such file or directory"):
        files.write_atomic(tmp_path / "missing" / "lock.txt", b"new")


def test_windows_lets_another_program_finish(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scanner holds the file twice, for an instant."""
    held = [PermissionError(errno.EACCES, "in use"), PermissionError(errno.EACCES, "in use")]
    pauses: list[float] = []
    real = Path.replace

    def replace(self: Path, other: Path) -> Path:
        if held:
            raise held.pop()
        return real(self, other)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr("time.sleep", pauses.append)
    monkeypatch.setattr("sys.platform", "win32")
    source = target.with_name("source")
    source.write_bytes(b"new")
    files.replace(source, target)
    assert target.read_bytes() == b"new"
    assert len(pauses) == 2


def test_a_scratch_file_gets_its_folders(tmp_path: Path) -> None:
    files.write_scratch(tmp_path / "a" / "b" / "c.in", b"x")
    assert (tmp_path / "a" / "b" / "c.in").read_bytes() == b"x"


def test_a_scratch_folder_vanishes_with_all_in_it() -> None:
    with files.scratch_folder() as folder:
        files.write_scratch(folder / "a" / "b.in", b"x")
        assert sys.platform == "win32" or mode(folder) == 0o700
    assert not folder.exists()


def test_a_folder_where_a_file_lies(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BootstrapError, match="cannot write"):
        files.make_folder(tmp_path / "file" / "below")


@posix
def test_a_link_inside_a_removed_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "file").touch()
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link").symlink_to(tmp_path / "kept")
    files.remove_tree(tmp_path / "tree")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert (tmp_path / "kept" / "file").exists()


def test_a_file_that_is_gone_already(tmp_path: Path) -> None:
    files.remove_file(tmp_path / "nothing")


def test_the_way_to_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    venv = tmp_path / "shop" / ".venv"
    assert files.shown_from(tmp_path, venv) == "shop/.venv"
    assert files.shown_from(tmp_path / "other", venv) == "../shop/.venv"

    def on_another_drive(*_: object) -> str:
        raise ValueError

    monkeypatch.setattr(os.path, "relpath", on_another_drive)
    assert files.shown_from(tmp_path, venv) == venv.as_posix()
