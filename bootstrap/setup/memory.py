"""What this machine remembers of the locks it made, as a lock cannot tell for which extras that was.

An entry belongs to the text of a lock and lies in the cache; without it nothing is known, nor said.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.locks.demands import own_demands
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile
from bootstrap.locks.reason import Reason
from bootstrap.locks.requirements import shown
from bootstrap.setup.context import Context
from bootstrap.system import files, host

Extras = Mapping[str, list[str]]
"""The extras asked for, by the name of the package."""

_MOST = 400
"""Entries that are kept; a project has a handful, and each change of a lock is a new one."""


def keep(context: Context, layers: Iterable[Layer]) -> None:
    """Remember for which extras the locks of some layers were made just now; a full disk does not matter."""
    with contextlib.suppress(BootstrapError, OSError):
        for layer in layers:
            lock = context.locks[layer.lock]
            known = [asked for asked in recall(lock) or () if asked != _asked(context, layer)]
            files.make_folder(_folder())
            entry = json.dumps([*known, _asked(context, layer)])
            files.write_atomic(_path(lock), entry.encode())
        files.keep_newest(_folder(), _MOST)


def sweep() -> None:
    """Remove what killed runs left half-written; another project's run may lose its entry by it, no more."""
    with contextlib.suppress(BootstrapError):
        files.sweep(_folder())


def recall(lock: LockFile) -> list[Extras] | None:
    """Return each set of extras for which this machine made this very lock, or None where it did not."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return [asked for asked in json.loads(_path(lock).read_bytes()) if isinstance(asked, dict)]
    return None


def other_extras(context: Context, layer: Layer) -> tuple[Reason, ...]:
    """Return the line that asks for other extras than a lock was made for, if this machine made it."""
    lock = context.locks.get(layer.lock)
    known = None if lock is None else recall(lock)
    if lock is None or not known:
        return ()
    asked, last = _asked(context, layer), known[-1]
    for demand in own_demands(layer.source, context.inputs, context.python().markers):
        name = demand.item.name or ""
        if asked not in known and name in last and asked[name] != last[name]:
            place = f"{demand.file.name}:{demand.item.number} {shown(demand.item)}"
            told = f"{place} asks for other extras than {lock.name} was made for"
            return (Reason("stale-lock", told, str(demand.file), demand.item.number),)
    return ()


def _asked(context: Context, layer: Layer) -> Extras:
    found: dict[str, set[str]] = {}
    for demand in own_demands(layer.source, context.inputs, context.python().markers):
        if demand.item.name:
            found.setdefault(demand.item.name, set()).update(demand.item.extras)
    return {name: sorted(found[name]) for name in sorted(found)}


def _folder() -> Path:
    return host.cache_folder() / "made"


def _path(lock: LockFile) -> Path:
    # git may have changed the line ends.
    text = lock.text.replace("\r\n", "\n")
    return _folder() / f"{hashlib.sha256(text.encode()).hexdigest()[:32]}.json"
