"""Putting a whole folder of new files in its place: all of them are there, or none."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bootstrap.system import files

_BEING_WRITTEN = ".bootstrap-tree"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be; ``path`` is relative to the folder, with ``/``."""

    path: str
    content: bytes
    executable: bool = False


def put(folder: Path, new: Iterable[NewFile]) -> None:
    """Write files into a folder that is not there yet, or that has none of them at its top.

    They are written beside it first. A killed run leaves that neighbour at most, which the next one clears;
    the caller holds the lock of ``folder``.

    Raises ``BootstrapError`` where they cannot be written; the folder is then as it was.
    """
    neighbour = folder.with_name(f".{folder.name}{_BEING_WRITTEN}")
    files.refuse_link(neighbour)
    made = _missing_above(folder)
    try:
        with files.telling(folder):
            if neighbour.exists():
                shutil.rmtree(neighbour)
            neighbour.mkdir(parents=True)
            for file in new:
                _write(neighbour, file)
            if folder.exists():
                _move_in(neighbour, folder)
            else:
                files.replace(neighbour, folder)
    except BaseException:
        shutil.rmtree(neighbour, ignore_errors=True)
        _remove_empty(made)
        raise


def _write(folder: Path, file: NewFile) -> None:
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o777 if file.executable else 0o666), "wb") as stream:
        stream.write(file.content)


def _move_in(source: Path, folder: Path) -> None:
    """Rename each entry into the folder; where one cannot be, those before it go back."""
    moved: list[Path] = []
    try:
        for entry in sorted(source.iterdir()):
            target = folder / entry.name
            _refuse_existing(target)
            files.replace(entry, target)
            moved.append(target)
        source.rmdir()
    except BaseException:
        for target in moved:
            files.replace(target, source / target.name)
        raise


def _refuse_existing(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise FileExistsError(errno.EEXIST, f"{path.name} is there already")


def _missing_above(folder: Path) -> list[Path]:
    return [parent for parent in folder.parents if not parent.exists()]


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove the folders that were made on the way, the deepest first."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return
