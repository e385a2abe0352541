"""Whether a lock is whole, proved offline from the metadata of what is installed."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Dependency
from packaging.utils import canonicalize_name, canonicalize_version

from bootstrap.locks.requirements import Direct, Requirement, shown

_EXTRA = re.compile(r"""\bextra\s*==\s*["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class InstalledMetadata:
    """What an installed distribution says of itself: ``Version``, ``Requires-Dist``, ``Provides-Extra``."""

    version: str
    requires_dist: tuple[str, ...] = ()
    provides_extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """A package that is needed and has no pin; ``needed_by`` is a package, or None for a requirement file."""

    name: str
    needed_by: str | None
    requirement: str


@dataclass(frozen=True, slots=True)
class Closure:
    """What a lock lacks and what it has for nothing; all names are canonical and sorted.

    ``unknown`` are needed pins whose metadata is not at hand. While there are any, ``missing`` may be
    incomplete and ``unneeded`` is left empty, since an unknown package may need anything. What another
    system or Python would need counts as needed there: a colleague's lock, made on the other system, stays.
    ``no_such_extra`` are extras asked for that the installed version does not have, as ``redis[hiredsi]``.
    """

    missing: tuple[Missing, ...]
    unneeded: tuple[str, ...]
    unknown: tuple[str, ...]
    no_such_extra: tuple[str, ...]

    @property
    def is_proved(self) -> bool:
        """Whether the lock holds exactly what is needed, and nothing was left to guess."""
        return not (self.missing or self.unneeded or self.unknown)


def check_closure(
    roots: Iterable[Requirement | Direct],
    metadata: Mapping[str, InstalledMetadata],
    pins: Mapping[str, str],
    markers: Mapping[str, str],
) -> Closure:
    """Follow ``Requires-Dist`` from ``roots`` and compare what is needed with ``pins``.

    ``metadata`` and ``pins`` (name to version, empty for an address) are by canonical name; metadata of
    another version than the pinned one counts as not at hand. ``markers`` is the target's PEP 508
    environment. ``roots`` are taken as applying there; one without a name makes ``unneeded`` unknowable.
    """
    asked = tuple(roots)
    here = _walked(asked, _Walk(metadata, pins, markers))
    anywhere = _walked(asked, _Walk(metadata, pins, None))
    unneeded = () if anywhere.unknown else tuple(sorted(pins.keys() - anywhere.met))
    missing = tuple(here.missing[name] for name in sorted(here.missing))
    return Closure(missing, unneeded, tuple(sorted(here.unknown)), tuple(sorted(here.no_such_extra)))


def asks_by_address(distribution: InstalledMetadata, name: str) -> bool:
    """Say whether a distribution needs a package from an address, or something that cannot be read."""
    needed = [_read(text) for text in distribution.requires_dist]
    return any(one is None or (one.url and canonicalize_name(one.name) == name) for one in needed)


def _walked(roots: Iterable[Requirement | Direct], walk: _Walk) -> _Walk:
    for root in roots:
        if root.name is None:
            walk.unknown.add(shown(root))
        else:
            walk.need(root.name, root.extras, None, shown(root))
    walk.follow_all()
    return walk


class _Walk:
    """The packages met so far; an extra asked for later is followed without following the rest again.

    Without ``markers`` every dependency is followed that some environment has.
    """

    def __init__(
        self,
        metadata: Mapping[str, InstalledMetadata],
        pins: Mapping[str, str],
        markers: Mapping[str, str] | None,
    ) -> None:
        self._metadata = metadata
        self._pins = pins
        self._markers = markers
        self._queue: deque[tuple[str, frozenset[str]]] = deque()
        self.met: dict[str, set[str]] = {}
        self.missing: dict[str, Missing] = {}
        self.no_such_extra: set[str] = set()
        self.unknown: set[str] = set()

    def need(self, name: str, extras: frozenset[str], needed_by: str | None, requirement: str) -> None:
        if name in self._pins:
            self._queue.append((name, extras))
        else:
            self.missing.setdefault(name, Missing(name, needed_by, requirement))

    def follow_all(self) -> None:
        while self._queue:
            self._visit(*self._queue.popleft())

    def _visit(self, name: str, extras: frozenset[str]) -> None:
        met = self.met.setdefault(name, set())
        # The empty extra stands for what is needed in any case.
        new = {"", *extras} - met
        if not new:
            return
        met |= new
        found = self._metadata.get(name)
        if found is None or not _is_version(found.version, self._pins[name]):
            self.unknown.add(name)
            return
        provided = {canonicalize_name(extra) for extra in found.provides_extra}
        self.no_such_extra |= {f"{name}[{extra}]" for extra in extras - provided}
        for text in found.requires_dist:
            self._follow(name, text, new)

    def _follow(self, name: str, text: str, extras: set[str]) -> None:
        needed = _read(text)
        if needed is None:
            self.unknown.add(name)
        elif self._is_wanted(needed, extras):
            asked = frozenset(canonicalize_name(extra) for extra in needed.extras)
            self.need(canonicalize_name(needed.name), asked, name, text)

    def _is_wanted(self, needed: Dependency, extras: set[str]) -> bool:
        marker = needed.marker
        if marker is None:
            return "" in extras
        if self._markers is None:
            named = {canonicalize_name(extra) for extra in _EXTRA.findall(str(marker))}
            return not extras.isdisjoint(named or {""})
        return any(marker.evaluate({**self._markers, "extra": extra}) for extra in extras)


@cache  # a package is in most layers' locks, and reading its lines takes nearly all of the time
def _read(text: str) -> Dependency | None:
    try:
        return Dependency(text)
    except InvalidRequirement:
        return None


def _is_version(installed: str, pinned: str) -> bool:
    return not pinned or canonicalize_version(installed) == canonicalize_version(pinned)
