"""Why a package is not at its newest release: one reason each, the surest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from bootstrap.locks.requirements import Requirement as Line
from bootstrap.locks.requirements import RequirementFile

_UNKNOWN = "the resolver chose an older one"


@dataclass(frozen=True, slots=True)
class Release:
    """One version on the index; ``uploaded`` is its first file's instant (ISO 8601), or None.

    ``yanked`` is the reason where all files are yanked, ``pythons`` are the files' requirements of a Python.
    """

    version: str
    uploaded: str | None = None
    yanked: str | None = None
    pythons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotNewest:
    """A package that stays behind the newest release."""

    name: str
    chosen: str
    newest: str
    why: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What may keep a package back.

    ``requires`` are the requirements of the chosen packages by name; ``held`` is why a package was held,
    ``left`` the packages that were not asked to move. ``cut_off`` is an instant (ISO 8601), ``python`` the
    full version. ``markers`` is the target's environment (PEP 508), ``parents`` are those who need a package.
    """

    inputs: Iterable[RequirementFile]
    requires: Mapping[str, tuple[str, ...]]
    held: Mapping[str, str]
    left: frozenset[str]
    cut_off: str | None
    python: str
    markers: Mapping[str, str]
    parents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def from_data(listed: Iterable[Mapping[str, Any]]) -> tuple[Release, ...]:
    """Read releases as JSON has them."""
    return tuple(
        Release(
            str(each["version"]), each.get("uploaded"), each.get("yanked"), tuple(each.get("pythons") or ())
        )
        for each in listed
    )


def why_not(name: str, chosen: str, releases: Sequence[Release], limits: Limits) -> NotNewest | None:
    """Return why a package is not at the newest final release; None where it is, or there is none."""
    newer = sorted(_newer(chosen, releases), key=lambda each: Version(each.version))
    final = [each for each in newer if not Version(each.version).is_prerelease]
    good = [each for each in final if each.yanked is None]
    if good:
        return NotNewest(name, chosen, good[-1].version, _why(name, good[-1], limits))
    if final:
        reason = f": {final[-1].yanked}" if final[-1].yanked else ""
        return NotNewest(name, chosen, final[-1].version, f"yanked from the index{reason}")
    if newer and newer[-1].yanked is None:
        return NotNewest(name, chosen, newer[-1].version, "a pre-release")
    return None


def _newer(chosen: str, releases: Iterable[Release]) -> Iterable[Release]:
    try:
        own = Version(chosen)
    except InvalidVersion:
        return
    for each in releases:
        try:
            if Version(each.version) > own and Version(each.version).local is None:
                yield each
        except InvalidVersion:
            continue


def _why(name: str, newest: Release, limits: Limits) -> str:
    reasons = (
        limits.held.get(name),
        _by_project(name, newest.version, limits),
        _by_python(newest, limits.python),
        _by_cooldown(newest, limits.cut_off),
        _by_package(name, newest.version, limits),
        "not among the packages that were to move" if name in limits.left else None,
    )
    needed_by = ", ".join(limits.parents.get(name, ()))
    otherwise = f"the resolver chose an older one (needed by {needed_by})" if needed_by else _UNKNOWN
    return next((reason for reason in reasons if reason), otherwise)


def _by_project(name: str, newest: str, limits: Limits) -> str | None:
    for file in limits.inputs:
        for line in file.lines:
            if not isinstance(line, Line) or line.name != name or line.specifier.contains(newest):
                continue
            if line.marker is None or line.marker.evaluate(dict(limits.markers)):
                return f"your limit {line.specifier} in {file.name}:{line.number}"
    return None


def _by_python(newest: Release, python: str) -> str | None:
    if not newest.pythons or any(_fits(each, python) for each in newest.pythons):
        return None
    return f"needs Python {newest.pythons[0]}, the project has {python}"


def _fits(specifier: str, python: str) -> bool:
    try:
        return SpecifierSet(specifier).contains(python, prereleases=True)
    except InvalidSpecifier:
        return True


def _by_cooldown(newest: Release, cut_off: str | None) -> str | None:
    if cut_off is None or newest.uploaded is None or newest.uploaded[:19] < cut_off[:19]:
        return None
    return f"cooldown: released on {newest.uploaded[:10]}"


def _by_package(name: str, newest: str, limits: Limits) -> str | None:
    for other, texts in sorted(limits.requires.items()):
        for text in texts:
            needed = _read(text)
            if needed is None or canonicalize_name(needed.name) != name:
                continue
            applies = needed.marker is None or needed.marker.evaluate({**limits.markers, "extra": ""})
            if applies and not needed.specifier.contains(newest):
                return f"capped by {other}: {name}{needed.specifier}"
    return None


def _read(text: str) -> Requirement | None:
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None
