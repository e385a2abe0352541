"""Temporary files that go away even where a run was killed: the next one of the same project clears them.

They lie in the user's cache folder and belong to a lock; who holds it knows that what is there is nobody's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bootstrap.system import files

_current: list[Path] = []


@contextlib.contextmanager
def belonging_to(lock: Path) -> Iterator[None]:
    """Put temporary files beside the lock file, which the caller holds; clear them before and after.

    Raises ``BootstrapError`` where the folder cannot be made.
    """
    folder = lock.with_suffix(".tmp")
    # On Windows a program that outlived a killed run may still have a file open: that one stays.
    shutil.rmtree(folder, ignore_errors=True)
    with files.telling(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    before = tempfile.tempdir
    _current.append(folder)
    # virtualenv runs in this process and asks tempfile.
    tempfile.tempdir = os.fspath(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        _current.pop()
        shutil.rmtree(folder, ignore_errors=True)


def variables() -> dict[str, str]:
    """Return the variables that make a child process put its temporary files there."""
    return dict.fromkeys(("TMPDIR", "TEMP", "TMP"), os.fspath(_current[-1])) if _current else {}
