"""One run at a time per project.

The lock lies in the user's cache folder: inside ``.venv`` it would vanish with a rebuild. A library's lock
closes its descriptor to child processes; this one is handed to them on purpose, so that a pip which
outlives a killed run still keeps the next run waiting.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.system import files, host, scratch

_POLL = 0.1
_held: list[int] = []


def shared_descriptors() -> tuple[int, ...]:
    """Return the descriptors that children inherit, so that the lock lasts as long as they do."""
    return tuple(_held)


def lock_file(root: Path) -> Path:
    """Return where the lock of the project at ``root`` lies."""
    digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
    return host.cache_folder() / "locks" / f"{digest}.lock"


def journal(root: Path) -> Path:
    """Return where the journal of files lies that are replaced together in the project at ``root``."""
    return lock_file(root).with_suffix(".journal")


@contextlib.contextmanager
def held(root: Path, on_wait: Callable[[str], None], *, patience: float = 600.0) -> Iterator[None]:
    """Hold the project's lock; ``on_wait`` is told once who has it, ``patience`` is in seconds.

    Raises ``BootstrapError`` where another run does not end in time or the cache cannot be written.
    """
    path = lock_file(root)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise files.cannot_write(path, error) from None
        raise BootstrapError(
            f"cannot open the lock file {path}: {error.strerror}",
            hint="make that folder writable, or point BOOTSTRAP_CACHE_DIR at one that is",
            code="cannot-write",
        ) from None
    try:
        _wait_for(descriptor, path, on_wait, patience)
        _sign(descriptor)
        _held.append(descriptor)
        with scratch.belonging_to(path):
            yield
    finally:
        if descriptor in _held:
            _held.remove(descriptor)
        os.close(descriptor)


def _sign(descriptor: int) -> None:
    """Say who holds the lock, for those who wait; on a full disk they wait for "another process"."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{host.process_id()}\n".encode(), 0)


def _wait_for(descriptor: int, path: Path, on_wait: Callable[[str], None], patience: float) -> None:
    if _try(descriptor):
        return
    owner = _owner(path)
    on_wait(owner)
    end = time.monotonic() + patience
    while not _try(descriptor):
        if time.monotonic() > end:
            raise BootstrapError(
                f"another bootstrap ({owner}) has been at work in this project for {patience:g} seconds",
                hint="wait for it or end it, then run bootstrap again",
                code="locked",
            )
        time.sleep(_POLL)


def _owner(path: Path) -> str:
    try:
        number = path.read_text().strip()
    except OSError:
        number = ""
    return f"process {number}" if number.isdigit() else "another process"


def _try(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
