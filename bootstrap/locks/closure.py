"""Whether a lock is whole, proved offline from the metadata of what is installed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Dependency
from packaging.utils import canonicalize_name, canonicalize_version

from bootstrap.locks.requirements import Direct, Requirement, shown

if TYPE_CHECKING:
    from packaging.markers import Marker


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
    incomplete and ``unneeded`` is left empty, since an unknown package may need anything.
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
    walk = _Walk(metadata, pins, markers)
    for root in roots:
        if root.name is None:
            walk.unknown.add(shown(root))
        else:
            walk.need(root.name, root.extras, None, shown(root))
    return walk.result()


class _Walk:
    """The packages met so far; an extra asked for later is followed without following the rest again."""

    def __init__(
        self, metadata: Mapping[str, InstalledMetadata], pins: Mapping[str, str], markers: Mapping[str, str]
    ) -> None:
        self._metadata = metadata
        self._pins = pins
        self._markers = markers
        self._met: dict[str, set[str]] = {}
        self._queue: deque[tuple[str, frozenset[str]]] = deque()
        self._missing: dict[str, Missing] = {}
        self._no_such_extra: set[str] = set()
        self.unknown: set[str] = set()

    def need(self, name: str, extras: frozenset[str], needed_by: str | None, requirement: str) -> None:
        if name in self._pins:
            self._queue.append((name, extras))
        else:
            self._missing.setdefault(name, Missing(name, needed_by, requirement))

    def result(self) -> Closure:
        while self._queue:
            self._visit(*self._queue.popleft())
        unneeded = () if self.unknown else tuple(sorted(self._pins.keys() - self._met.keys()))
        missing = tuple(self._missing[name] for name in sorted(self._missing))
        return Closure(missing, unneeded, tuple(sorted(self.unknown)), tuple(sorted(self._no_such_extra)))

    def _visit(self, name: str, extras: frozenset[str]) -> None:
        met = self._met.setdefault(name, set())
        # The empty extra stands for what is needed in any case.
        new = {"", *extras} - met
        met |= new
        found = self._metadata.get(name)
        if found is None or not _is_version(found.version, self._pins[name]):
            self.unknown.add(name)
            return
        provided = {canonicalize_name(extra) for extra in found.provides_extra}
        self._no_such_extra |= {f"{name}[{extra}]" for extra in extras - provided}
        for text in found.requires_dist:
            self._follow(name, text, new)

    def _follow(self, name: str, text: str, extras: set[str]) -> None:
        try:
            needed = Dependency(text)
        except InvalidRequirement:
            self.unknown.add(name)
            return
        if self._is_wanted(needed.marker, extras):
            asked = frozenset(canonicalize_name(extra) for extra in needed.extras)
            self.need(canonicalize_name(needed.name), asked, name, text)

    def _is_wanted(self, marker: Marker | None, extras: set[str]) -> bool:
        if marker is None:
            return "" in extras
        return any(marker.evaluate({**self._markers, "extra": extra}) for extra in extras)


def _is_version(installed: str, pinned: str) -> bool:
    return not pinned or canonicalize_version(installed) == canonicalize_version(pinned)
