"""Copies of a project's files: the same bytes, links and modes, and a digest that sees each of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bootstrap.system import copies


def tree(root: Path) -> Path:
    for name in (
        "a.py",
        "sub/b.py",
        ".venv/lib/x.py",
        "env/lib/y.py",
        "node_modules/z.js",
        "sub/__pycache__/b.pyc",
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return root


def test_listed_without_environments_and_caches(tmp_path: Path) -> None:
    assert copies.listed(tree(tmp_path), "env") == ["a.py", "sub/b.py"]


def test_copied_and_told_apart(tmp_path: Path) -> None:
    root = tree(tmp_path / "project")
    first = copies.copy(root, ["a.py", "sub/b.py", "gone.py"], tmp_path / "one")
    assert (tmp_path / "one" / "sub" / "b.py").read_text() == "sub/b.py"
    assert copies.copy(root, ["a.py", "sub/b.py"], tmp_path / "two") == first
    assert copies.copy(root, ["a.py"], tmp_path / "three") != first
    (root / "a.py").write_text("changed")
    assert copies.copy(root, ["a.py", "sub/b.py"], tmp_path / "four") != first
    copies.clone(tmp_path / "one", tmp_path / "five")
    assert (tmp_path / "five" / "a.py").read_text() == "a.py"


def test_a_folder_is_copied_whole(tmp_path: Path) -> None:
    root = tree(tmp_path / "project")
    copies.copy(root, ["sub"], tmp_path / "copy")
    assert (tmp_path / "copy" / "sub" / "b.py").exists()
    assert not (tmp_path / "copy" / "sub" / "__pycache__").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there, and there are no modes")
def test_links_stay_links_and_modes_stay(tmp_path: Path) -> None:
    root = tree(tmp_path / "project")
    (root / "link").symlink_to("a.py")
    (root / "a.py").chmod(0o755)
    copies.copy(root, ["a.py", "link"], tmp_path / "copy")
    assert (tmp_path / "copy" / "link").readlink() == Path("a.py")
    assert (tmp_path / "copy" / "a.py").stat().st_mode & 0o777 == 0o755
