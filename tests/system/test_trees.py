"""A whole folder of files is put in its place, or nothing is."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.system import files, trees
from bootstrap.system.trees import NewFile

FILES = (NewFile("a.txt", b"a\n"), NewFile("b/c/d.sh", b"d\n", executable=True), NewFile(".e", b""))


def content(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


WHOLE = {file.path: file.content for file in FILES}


def test_into_a_folder_that_is_not_there(tmp_path: Path) -> None:
    trees.put(tmp_path / "x" / "y" / "shop", FILES)
    assert content(tmp_path / "x" / "y" / "shop") == WHOLE
    assert [path.name for path in (tmp_path / "x" / "y").iterdir()] == ["shop"]


def test_into_an_empty_folder_that_stays_the_same_one(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    before = folder.stat().st_ino
    trees.put(folder, FILES)
    assert (content(folder), folder.stat().st_ino) == (WHOLE, before)


def test_beside_what_lies_there(tmp_path: Path) -> None:
    (tmp_path / "shop" / ".git").mkdir(parents=True)
    (tmp_path / "shop" / "LICENSE").write_bytes(b"MIT")
    trees.put(tmp_path / "shop", FILES)
    assert content(tmp_path / "shop") == {**WHOLE, "LICENSE": b"MIT"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_umask_holds(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        trees.put(tmp_path / "shop", FILES)
    finally:
        os.umask(before)
    modes = {path: stat.S_IMODE((tmp_path / "shop" / path).stat().st_mode) for path in ("a.txt", "b/c/d.sh")}
    assert modes == {"a.txt": 0o640, "b/c/d.sh": 0o750}


def test_what_is_in_the_way_is_kept_and_all_else_goes_back(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    (folder / "b").mkdir(parents=True)
    with pytest.raises(BootstrapError, match=r"cannot write"):
        trees.put(folder, FILES)
    assert content(folder) == {}
    assert [path.name for path in folder.iterdir()] == ["b"]
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_an_interrupted_one_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(files, "replace", fail)
    with pytest.raises((BootstrapError, KeyboardInterrupt)):
        trees.put(tmp_path / "x" / "shop", FILES)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    left = tmp_path / ".shop.bootstrap-tree"
    left.mkdir()
    (left / "half").write_bytes(b"")
    trees.put(tmp_path / "shop", FILES)
    assert (content(tmp_path / "shop"), left.exists()) == (WHOLE, False)


def test_a_planted_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".shop.bootstrap-tree").symlink_to(tmp_path)
    with pytest.raises(BootstrapError, match="symbolic link"):
        trees.put(tmp_path / "shop", FILES)
