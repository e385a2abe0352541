"""Writing files so that at every moment either the old bytes or the new ones are there."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path, PurePath

from bootstrap.errors import BootstrapError

# A scanner or an editor may hold a file for an instant on Windows (WinError 5 and 32).
_WINDOWS_RETRIES = (0.02, 0.05, 0.1, 0.2, 0.4)
# How the names end of a file that is about to take its place, and of a folder that is about to vanish.
_NEW = ".bootstrap-new"
_TRASH = ".bootstrap-trash"


class InUseError(BootstrapError):
    """Something cannot be replaced because it is mounted on its own, or a program holds it."""


def write_atomic(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Replace the file at ``path`` by ``content``, or make it.

    An existing file keeps its mode unless ``mode`` says otherwise; a new one gets ``mode``, or what the
    umask leaves. The neighbour written first has one fixed name, so a killed run leaves at most one, which
    `sweep` takes away. Never writes through a link.

    Raises ``BootstrapError`` where the file cannot be written; the old bytes are then still there.
    """
    prepare(path, content, mode=mode)
    try:
        replace(neighbour(path), path)
    except OSError as error:
        forget(path)
        raise cannot_write(path, error) from None
    except BaseException:
        forget(path)
        raise
    sync_folder(path.parent)


def neighbour(path: Path) -> Path:
    """Return where the new bytes of a file lie before they take its place."""
    return path.with_name(f"{_hidden(path.name)}{_NEW}")


def prepare(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write the `neighbour` of a file, to take its place later; as `write_atomic` does first.

    Raises ``BootstrapError`` where it cannot be written; then none is left.
    """
    refuse_link(path)
    try:
        _write_new(neighbour(path), content, mode if mode is not None else _mode_of(path))
    except OSError as error:
        forget(path)
        raise cannot_write(path, error) from None
    except BaseException:
        forget(path)
        raise


def forget(path: Path) -> None:
    """Remove the `neighbour` of a file, if there is one."""
    _unlink(neighbour(path))


def replace(source: Path, target: Path) -> None:
    """Rename ``source`` over ``target`` in one step; retried on Windows while another program holds it."""
    for pause in _WINDOWS_RETRIES if sys.platform == "win32" else ():
        try:
            source.replace(target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    source.replace(target)


def refuse_link(path: Path) -> None:
    """Raise ``BootstrapError`` where ``path`` is a symbolic link: a repository could plant one."""
    if path.is_symlink():
        raise BootstrapError(
            f"{path} is a symbolic link, and this tool does not write through links",
            hint=f"replace the link by the file itself: {path.name}",
            code="symlink",
            file=str(path),
        )


def write_in_place(path: Path, content: bytes) -> None:
    """Overwrite a file that cannot be replaced, as one that is mounted on its own; never through a link.

    A run that is killed meanwhile may leave a part of it. Raises ``BootstrapError`` as `write_atomic` does.
    """
    refuse_link(path)
    with telling(path):
        descriptor = os.open(path, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.truncate()
            file.flush()
            os.fsync(file.fileno())


def shown_from(here: Path, path: Path) -> str:
    """Return the way to a path, with ``/``; to another drive of Windows there is only the absolute one."""
    try:
        return PurePath(os.path.relpath(path, here)).as_posix()
    except ValueError:
        return path.as_posix()


def set_mode(path: Path, mode: int) -> None:
    """Set who may read and write a file; never through a link."""
    refuse_link(path)
    with telling(path):
        path.chmod(mode)


def make_folder(path: Path) -> None:
    """Make a folder and those above it; raises ``BootstrapError`` where that cannot be done."""
    with telling(path):
        path.mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def telling(path: Path) -> Iterator[None]:
    """Turn the ``OSError`` of a change at ``path`` into a ``BootstrapError`` that says what mends it."""
    try:
        yield
    except OSError as error:
        raise cannot_write(path, error) from None


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """Make a folder only this user can read, and remove it afterwards."""
    with telling(Path(tempfile.gettempdir())):
        folder = Path(tempfile.mkdtemp(prefix="bootstrap-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_scratch(path: Path, content: bytes) -> None:
    """Write a file in a scratch folder, and the folders above it: it need not last."""
    make_folder(path.parent)
    with telling(path):
        path.write_bytes(content)


def put_mark(path: Path) -> None:
    """Make a file whose being there is all it says, in one step; one that is there already stays."""
    with telling(path):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666))
    sync_folder(path.parent)


def remove_file(path: Path) -> None:
    """Remove a file this tool made; absent is fine."""
    with telling(path):
        path.unlink(missing_ok=True)


def keep_newest(folder: Path, most: int) -> None:
    """Remove the JSON files of a folder that this tool wrote longest ago, where there are too many."""
    with telling(folder):
        written = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    for path in written[:-most]:
        remove_file(path)


def remove_tree(path: Path) -> None:
    """Remove a folder this tool made, with all in it; links inside are removed, not followed.

    It gets another name first: what a killed run leaves of it must not be taken for the folder itself.
    `sweep` finds it under that name.
    """
    trash = path.with_name(f"{_hidden(path.name)}{_TRASH}")
    with telling(path):
        if trash.exists():
            shutil.rmtree(trash)
        replace(path, trash)
        shutil.rmtree(trash)


def sweep(folder: Path, name: str = "") -> None:
    """Remove what killed runs left in a folder: files not yet in place, and folders not yet removed whole.

    ``name`` restricts it to what was left of one file or folder. The caller holds the lock of what it sweeps.
    """
    if folder.is_symlink():
        return
    try:
        left = [entry for entry in folder.iterdir() if entry.name.startswith(_hidden(name))]
    except OSError:
        return
    for entry in left:
        if entry.name.endswith(_NEW) and not entry.is_dir():
            remove_file(entry)
        elif entry.name.endswith(_TRASH) and entry.is_dir() and not entry.is_symlink():
            with telling(entry):
                shutil.rmtree(entry)


def _hidden(name: str) -> str:
    return f".{name.removeprefix('.')}"


def _write_new(path: Path, content: bytes, mode: int | None) -> None:
    _unlink(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o666 if mode is None else mode)
    with os.fdopen(descriptor, "wb") as file:
        if mode is not None and sys.platform != "win32":
            os.fchmod(file.fileno(), mode)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _mode_of(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


def _unlink(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def sync_folder(path: Path) -> None:
    """Make the rename itself durable; not every file system can, and Windows opens no folders."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def cannot_write(path: Path, error: OSError, *, details: str | None = None) -> BootstrapError:
    """Return the error that tells why something at ``path`` cannot be changed, and what mends it."""
    hints = {
        errno.ENOSPC: "free some disk space, then run bootstrap again",
        errno.EDQUOT: "your disk quota is used up: free some space, then run bootstrap again",
        errno.EROFS: "the file system is read-only: run bootstrap where the project can be written",
        errno.EACCES: f"make {path.parent} writable for you, then run bootstrap again",
        errno.EPERM: f"make {path.parent} writable for you, then run bootstrap again",
        errno.EBUSY: f"{path.name} is in use or mounted on its own: mount its folder instead",
    }
    reason = error.strerror or type(error).__name__
    kind = InUseError if error.errno == errno.EBUSY else BootstrapError
    return kind(
        f"cannot write {path}: {reason}",
        hint=hints.get(error.errno or 0, "mend that, then run bootstrap again"),
        code="cannot-write",
        file=str(path),
        details=details,
    )
