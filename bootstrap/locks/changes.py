"""What a compilation moved: pins added, removed and changed, each with its layers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile, Pin
from bootstrap.pip.masking import mask

Locks = Mapping[PurePosixPath, LockFile]


@dataclass(frozen=True, slots=True)
class Change:
    """One pin that moved; ``old`` is None where it is new, ``new`` where it is gone."""

    name: str
    old: str | None
    new: str | None
    layers: tuple[str, ...]

    def __str__(self) -> str:
        """Return the line that tells it: ``django 5.2.1 -> 5.2.8 (base, dev)``."""
        return f"{self.name} {self.old or 'new'} -> {self.new or 'gone'} ({', '.join(self.layers)})"


def changes(before: Locks, after: Locks, layers: Sequence[Layer]) -> tuple[Change, ...]:
    """Return what moved between two states of the locks, by name; a layer without a lock had no pins."""
    found: dict[tuple[str, str | None, str | None], list[str]] = {}
    for layer in layers:
        old, new = _versions(before.get(layer.lock)), _versions(after.get(layer.lock))
        for name in old.keys() | new.keys():
            if old.get(name) != new.get(name):
                found.setdefault((name, old.get(name), new.get(name)), []).append(layer.name)
    moved = (Change(name, old, new, tuple(names)) for (name, old, new), names in found.items())
    return tuple(sorted(moved, key=lambda change: (change.name, change.old or "", change.new or "")))


def summary(found: Sequence[Change]) -> str:
    """Return the counts in words: ``2 changed, 1 added``."""
    counts = {
        "changed": sum(change.old is not None and change.new is not None for change in found),
        "added": sum(change.old is None for change in found),
        "removed": sum(change.new is None for change in found),
    }
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "no pin moved"


def _versions(lock: LockFile | None) -> dict[str, str]:
    return {} if lock is None else {pin.name: _shown(pin) for pin in lock.pins}


def _shown(pin: Pin) -> str:
    return pin.version or (mask(pin.url) if pin.url else "no exact version")
