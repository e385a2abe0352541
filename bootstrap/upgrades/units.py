"""Which upgrades must go together and in what order, so that every prefix of them can be installed.

Some of the changed packages are taken from the new locks, the others stay as the old ones pin them. Such a
mixture is consistent where it obeys a few implications, which both sides' ``Requires-Dist`` tell: a new
version that the old one of another package does not satisfy brings that one along, and so does a new version
that an old requirement of another package excludes. Packages that imply each other are one unit. In an order
in which each unit stands behind those it implies, any prefix is consistent, and no resolver is needed.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

Pins = Mapping[str, str]
"""Canonical name to version."""

Rank = Callable[[str], Any]
"""Gives what a package is sorted by, where the implications leave a choice: the riskier, the later."""


@dataclass(frozen=True, slots=True)
class Side:
    """All pins of the old or of the new locks; ``requires`` is ``Requires-Dist`` by canonical name."""

    pins: Pins
    requires: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Unit:
    """Packages that move together; ``needs`` are the positions of all units that must have moved before."""

    names: tuple[str, ...]
    needs: frozenset[int]


@dataclass(frozen=True, slots=True)
class Dependency:
    """One requirement of a package that applies here."""

    name: str
    specifier: SpecifierSet


@dataclass(slots=True)
class Mixture:
    """The old and the new pins, and what each package needs on either side.

    ``roots`` are the packages that the requirement files ask for, with the extras; ``markers``
    is the target's environment (PEP 508).
    """

    old: Side
    new: Side
    roots: Mapping[str, frozenset[str]]
    markers: Mapping[str, str]
    _old: dict[str, list[Dependency]] = field(init=False)
    _new: dict[str, list[Dependency]] = field(init=False)

    def __post_init__(self) -> None:
        """Find out which extras count: those that either side asks for."""
        extras = {name: set(asked) for name, asked in self.roots.items()}
        while _spread(extras, (self.old, self.new), self.markers):
            pass
        self._old = {name: list(self._applying(self.old, name, extras)) for name in self.old.pins}
        self._new = {name: list(self._applying(self.new, name, extras)) for name in self.new.pins}

    @property
    def moved(self) -> frozenset[str]:
        """The packages that both sides have, in different versions."""
        both = self.old.pins.keys() & self.new.pins.keys()
        return frozenset(name for name in both if self.old.pins[name] != self.new.pins[name])

    def pins(self, chosen: Set[str]) -> dict[str, str]:
        """Return the pins where the packages ``chosen`` have moved and no other.

        What nobody needs then is left out. It can only be what one side lacks: what both have is needed.
        """
        if chosen >= self.moved:
            return dict(self.new.pins)
        if not chosen:
            return dict(self.old.pins)
        both = self.old.pins.keys() & self.new.pins.keys()
        needed = self._reached(both | self.roots.keys(), chosen)
        return {name: self._side(name, chosen).pins[name] for name in sorted(needed)}

    def units(self, rank: Rank) -> tuple[Unit, ...]:
        """Return the units in order, each behind those it needs."""
        reach = _closed(self._implications())
        moved = self.moved
        implied = {name: (reach[name] & moved) | {name} for name in moved}
        groups = {frozenset(other for other in implied[name] if name in implied[other]) for name in moved}
        return _ordered(groups, implied, rank)

    def _applying(self, side: Side, name: str, extras: Mapping[str, set[str]]) -> Iterator[Dependency]:
        for needed in _requirements(side.requires.get(name, ())):
            if _applies(needed, extras.get(name, ()), self.markers):
                yield Dependency(canonicalize_name(needed.name), needed.specifier)

    def _side(self, name: str, chosen: Set[str]) -> Side:
        is_new = name in self.new.pins and (name in chosen or name not in self.old.pins)
        return self.new if is_new else self.old

    def _reached(self, names: Iterable[str], chosen: Set[str]) -> set[str]:
        waiting = [name for name in names if name in self.old.pins or name in self.new.pins]
        found: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in found or (name not in self.old.pins and name not in self.new.pins):
                continue
            found.add(name)
            needs = self._new if self._side(name, chosen) is self.new else self._old
            waiting.extend(needed.name for needed in needs[name])
        return found

    def _implications(self) -> dict[str, set[str]]:
        """Return for each package that is moved, added or removed which others then are so too."""
        added = self.new.pins.keys() - self.old.pins.keys()
        removed = self.old.pins.keys() - self.new.pins.keys()
        changed = self.moved | added | removed
        implied: dict[str, set[str]] = {name: set() for name in changed}
        for name in changed & self.new.pins.keys():
            for needed in self._new[name]:
                if needed.name in changed and not _met(needed, self.old.pins.get(needed.name)):
                    implied[name].add(needed.name)
        for name in changed & self.old.pins.keys():
            for needed in self._old[name]:
                if needed.name in changed and not _met(needed, self.new.pins.get(needed.name)):
                    implied[needed.name].add(name)
        return implied


def _spread(extras: dict[str, set[str]], sides: Iterable[Side], markers: Mapping[str, str]) -> bool:
    """Add the extras that packages ask of others; say whether there were any."""
    grown = False
    for side in sides:
        for name, texts in side.requires.items():
            for needed in _requirements(texts):
                if needed.extras and _applies(needed, extras.get(name, ()), markers):
                    known = extras.setdefault(canonicalize_name(needed.name), set())
                    asked = {canonicalize_name(extra) for extra in needed.extras}
                    grown = grown or not asked <= known
                    known |= asked
    return grown


def _requirements(texts: Iterable[str]) -> Iterator[Requirement]:
    yield from (needed for needed in map(_read, texts) if needed is not None)


@cache
def _read(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def _applies(needed: Requirement, extras: Iterable[str], markers: Mapping[str, str]) -> bool:
    marker = needed.marker
    return marker is None or any(marker.evaluate({**markers, "extra": extra}) for extra in ("", *extras))


def _met(needed: Dependency, version: str | None) -> bool:
    """Say whether a version does; an address (empty version) is taken as doing."""
    if not version:
        return version is not None
    try:
        return needed.specifier.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return True


def _closed(implied: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Return what each package implies in the end."""
    reach = {}
    for name in implied:
        found: set[str] = set()
        waiting = list(implied[name])
        while waiting:
            other = waiting.pop()
            if other not in found:
                found.add(other)
                waiting.extend(implied[other])
        reach[name] = found
    return reach


def _ordered(groups: Set[frozenset[str]], implied: Mapping[str, Set[str]], rank: Rank) -> tuple[Unit, ...]:
    """Sort groups so that each stands behind those it needs, by rank where that leaves a choice."""
    group_of = {name: group for group in groups for name in group}
    needs = {
        group: {group_of[other] for name in group for other in implied[name]} - {group} for group in groups
    }
    ready = [(_rank(group, rank), sorted(group), group) for group in groups if not needs[group]]
    heapq.heapify(ready)
    position: dict[frozenset[str], int] = {}
    waiting = {group: set(needed) for group, needed in needs.items() if needed}
    while ready:
        _, _, group = heapq.heappop(ready)
        position[group] = len(position)
        for other in [other for other, left in waiting.items() if group in left]:
            waiting[other].discard(group)
            if not waiting[other]:
                del waiting[other]
                heapq.heappush(ready, (_rank(other, rank), sorted(other), other))
    return tuple(
        Unit(tuple(sorted(group)), frozenset(position[other] for other in needs[group])) for group in position
    )


def _rank(group: frozenset[str], rank: Rank) -> Any:
    return max(rank(name) for name in group)
