"""The pins of all layers together: what they are, where they stand, and what a second set of locks moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from packaging.version import InvalidVersion, Version

from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile, Pin

Locks = Mapping[PurePosixPath, LockFile]
# Releases named by the date begin with a year; what a bump of it means nobody can tell.
_FIRST_YEAR = 1990


class Bump(StrEnum):
    """How far a version moved; in 0.x the minor number is what breaks."""

    MAJOR = "major"
    CALENDAR = "calendar"
    MINOR = "minor"
    PATCH = "patch"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Place:
    """The layers that pin a package, whether a requirement file names it, and the packages that need it."""

    layers: tuple[str, ...]
    direct: bool
    parents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """One package that moved; ``old`` is None where it is new, ``new`` where it is gone."""

    name: str
    old: str | None
    new: str | None
    place: Place

    @property
    def bump(self) -> Bump:
        """How far it moved."""
        return bump(self.old, self.new)

    def __str__(self) -> str:
        """Return the line that tells it: ``django 5.2.1 -> 6.0 (major, direct; base, dev)``."""
        kind = "direct" if self.place.direct else "transitive"
        change = f"{self.name} {self.old or 'new'} -> {self.new or 'gone'}"
        return f"{change} ({self.bump}, {kind}; {', '.join(self.place.layers)})"


def bump(old: str | None, new: str | None) -> Bump:
    """Return how far ``new`` is from ``old``, by their release numbers (PEP 440)."""
    if old is None or new is None:
        return Bump.NEW if old is None else Bump.GONE
    try:
        return _bump(Version(old), Version(new))
    except InvalidVersion:
        return Bump.MAJOR


def _bump(before: Version, after: Version) -> Bump:
    if before.epoch != after.epoch:
        return Bump.MAJOR
    if after.major >= _FIRST_YEAR and before.major >= _FIRST_YEAR:
        return Bump.CALENDAR if before.release[:2] != after.release[:2] else Bump.PATCH
    if before.major != after.major or (after.major == 0 and before.minor != after.minor):
        return Bump.MAJOR
    return Bump.MINOR if before.minor != after.minor else Bump.PATCH


def together(locks: Locks, layers: Sequence[Layer]) -> dict[str, Pin]:
    """Return the pins of all layers by name; they agree, so the first of each stands for all."""
    pins: dict[str, Pin] = {}
    for layer in layers:
        for pin in locks[layer.lock].pins if layer.lock in locks else ():
            pins.setdefault(pin.name, pin)
    return dict(sorted(pins.items()))


def versions(pins: Mapping[str, Pin]) -> dict[str, str]:
    """Return what can move: the versions of all pins that are no addresses."""
    return {name: pin.version for name, pin in pins.items() if pin.url is None}


def places(locks: Locks, layers: Sequence[Layer]) -> dict[str, Place]:
    """Return where each package stands in a set of locks."""
    found: dict[str, list[tuple[str, Pin]]] = {}
    for layer in layers:
        for pin in locks[layer.lock].pins if layer.lock in locks else ():
            found.setdefault(pin.name, []).append((layer.name, pin))
    return {name: _place(stands) for name, stands in found.items()}


def moves(before: Locks, after: Locks, layers: Sequence[Layer]) -> tuple[Move, ...]:
    """Return what moved between two sets of locks, by name."""
    old, new = versions(together(before, layers)), versions(together(after, layers))
    where = {**places(before, layers), **places(after, layers)}
    return tuple(
        Move(name, old.get(name), new.get(name), where[name])
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name)
    )


def lowered(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    """Return the packages that went back."""
    return tuple(name for name in sorted(old.keys() & new.keys()) if is_older(new[name], old[name]))


def is_older(one: str, other: str) -> bool:
    """Say whether a version comes before another; what is no version comes before nothing."""
    try:
        return Version(one) < Version(other)
    except InvalidVersion:
        return False


def _place(stands: Sequence[tuple[str, Pin]]) -> Place:
    sources = {path for _, pin in stands for flag, path in pin.sources if flag == "-r"}
    parents = {parent for _, pin in stands for parent in pin.parents}
    layers = tuple(dict.fromkeys(layer for layer, _ in stands))
    return Place(layers, any(path.endswith(".in") for path in sources), tuple(sorted(parents)))
