"""Replacing several files together or not at all, also where a run is killed between two of them.

The new bytes of all lie beside the files before the first takes its place, and a journal says so. A killed
run has then either changed nothing, or left a journal by which the next one does the rest.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.system import files


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file, and the digests of what it held and is to hold; ``old`` is None where there was none."""

    path: Path
    old: str | None
    new: str


def write(journal: Path, contents: Mapping[Path, bytes]) -> None:
    """Replace all these files, or make them; ``journal`` is a path of the caller's that `recover` knows too.

    The caller holds a lock, so that no other run does the same.

    Raises ``BootstrapError`` where one of them cannot be written; all then hold what they held.
    """
    if len(contents) <= 1:
        for path, content in contents.items():
            files.write_atomic(path, content)
        return
    before = {path: _content(path) for path in contents}
    entries = [_Entry(path, _digest(before[path]), _sha256(contents[path])) for path in contents]
    try:
        _note(journal, entries, ready=False)
        for path, content in contents.items():
            files.prepare(path, content)
        _note(journal, entries, ready=True)
    except BaseException:
        _drop(journal, entries)
        raise
    try:
        for path in contents:
            _put_in_place(path)
    except BaseException:
        # Where this fails as well, the journal stays, and the next run replaces the rest.
        _put_back(before)
        _drop(journal, entries)
        raise
    # One that stays names nothing that is still to be done.
    with contextlib.suppress(BootstrapError):
        files.remove_file(journal)


def recover(journal: Path) -> tuple[Path, ...]:
    """Do what a killed run left undone, and return the files that were replaced now.

    Where somebody has changed one of them since, they stay as they are.

    Raises ``BootstrapError`` where one cannot be written.
    """
    ready, entries = _read(journal)
    done = [entry for entry in entries if _digest(_content(entry.path)) == entry.new]
    to_do = [entry for entry in entries if entry not in done]
    if not ready or not all(map(_is_as_left, to_do)):
        to_do = []
    for entry in to_do:
        _put_in_place(entry.path)
    _drop(journal, entries)
    return tuple(entry.path for entry in to_do)


def _is_as_left(entry: _Entry) -> bool:
    """Say whether a file still holds what it held before, and the new bytes beside it are whole."""
    waiting = _content(files.neighbour(entry.path))
    return _digest(_content(entry.path)) == entry.old and _digest(waiting) == entry.new


def _put_in_place(path: Path) -> None:
    with files.telling(path):
        files.refuse_link(path)
        files.replace(files.neighbour(path), path)
    files.sync_folder(path.parent)


def _put_back(before: Mapping[Path, bytes | None]) -> None:
    for path, content in before.items():
        now = _content(path)
        if now == content:
            continue
        if content is None:
            files.remove_file(path)
        else:
            files.write_atomic(path, content)


def _drop(journal: Path, entries: list[_Entry]) -> None:
    for entry in entries:
        files.forget(entry.path)
    files.forget(journal)
    files.remove_file(journal)


def _note(journal: Path, entries: list[_Entry], *, ready: bool) -> None:
    files.make_folder(journal.parent)
    rows = [[str(entry.path), entry.old, entry.new] for entry in entries]
    files.write_atomic(journal, json.dumps({"ready": ready, "files": rows}).encode(), mode=0o600)


def _read(journal: Path) -> tuple[bool, list[_Entry]]:
    """Read a journal; one that is absent or damaged names nothing."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        content = json.loads(journal.read_bytes())
        return content["ready"] is True, [_Entry(Path(path), old, new) for path, old, new in content["files"]]
    return False, []


def _content(path: Path) -> bytes | None:
    try:
        return None if path.is_symlink() else path.read_bytes()
    except FileNotFoundError:
        return None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest(content: bytes | None) -> str | None:
    return None if content is None else _sha256(content)
