"""Copies of a project's files, in which programs may do what they like."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from bootstrap.system import files

# Never part of a project: what tools make anew, and what belongs to one machine.
_NOT_COPIED = frozenset(
    {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".tox", ".nox"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache"}
)


def listed(root: Path, venv: str) -> list[str]:
    """Return the paths of all files below a folder, without environments and caches; sorted."""
    found = []
    for folder, folders, names in os.walk(root):
        inside = Path(folder).relative_to(root)
        folders[:] = [
            name for name in folders if name not in _NOT_COPIED and (inside / name).as_posix() != venv
        ]
        found += [(inside / name).as_posix() for name in names]
    return sorted(found)


def copy(root: Path, paths: Iterable[str], target: Path) -> str:
    """Copy files and links to ``target`` at the same relative paths; return a digest of all that was copied.

    A path that is not there is passed over, a folder (a submodule) is copied whole. Links stay links.

    Raises ``BootstrapError`` where a file cannot be read or written.
    """
    digest = hashlib.sha256()
    for path in paths:
        source = root / path
        if source.is_dir() and not source.is_symlink():
            inside = [str(PurePosixPath(path, name)) for name in listed(source, "")]
            digest.update(copy(root, inside, target).encode())
        elif source.is_symlink() or source.is_file():
            with files.telling(target / path):
                digest.update(_copy_one(source, target / path, path))
    return digest.hexdigest()


def clone(tree: Path, target: Path) -> None:
    """Copy a whole folder to where nothing is; raises ``BootstrapError`` where that cannot be done."""
    with files.telling(target):
        shutil.copytree(tree, target, symlinks=True)


def _copy_one(source: Path, target: Path, path: str) -> bytes:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_symlink():
        shutil.copy2(source, target, follow_symlinks=False)
        content = os.fsencode(source.readlink())
    else:
        content = source.read_bytes()
        target.write_bytes(content)
        shutil.copymode(source, target)
    mode = "link" if source.is_symlink() else oct(source.stat().st_mode)
    return f"{path}\0{mode}\0{hashlib.sha256(content).hexdigest()}\n".encode()
