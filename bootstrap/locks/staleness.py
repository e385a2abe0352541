"""Whether a lock still says what its layer asks for: decided offline, from content alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bootstrap.locks.addresses import masked, same_address
from bootstrap.locks.demands import Demand, applies, demands
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockable import portability_fault
from bootstrap.locks.lockfile import LockFile, Pin, header_command
from bootstrap.locks.requirements import Direct, Reference, Requirement, RequirementFile, shown


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that makes a lock stale; ``file`` and ``line`` say where it is seen."""

    code: str
    message: str
    file: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class _Target:
    """What locks are made for; ``python`` is as in ``"3.13"``, ``markers`` the PEP 508 environment."""

    python: str
    markers: Mapping[str, str]
    hashes: bool


@dataclass(frozen=True, slots=True)
class _Project:
    files: Mapping[PurePosixPath, RequirementFile]
    locks: Mapping[PurePosixPath, LockFile]
    layers: Sequence[Layer]
    target: _Target


@dataclass(frozen=True, slots=True)
class _Case:
    """A lock, the pins of it that apply, and what its layer asks for in the target environment.

    ``named`` holds each file with each package it asks for; ``locks`` are those of all layers.
    """

    layer: Layer
    lock: LockFile
    pins: tuple[Pin, ...]
    by_name: Mapping[str, list[Pin]]
    demands: tuple[Demand, ...]
    named: frozenset[tuple[str, str | None]]
    reads_remote: bool
    locks: frozenset[PurePosixPath]


def stale_reasons(
    layer: Layer,
    files: Mapping[PurePosixPath, RequirementFile],
    locks: Mapping[PurePosixPath, LockFile],
    *,
    layers: Sequence[Layer],
    python: str,
    markers: Mapping[str, str],
    hashes: bool,
) -> tuple[Reason, ...]:
    """Return why a layer's lock must be compiled again; nothing where it is fresh.

    ``files`` are the inputs of the project (``layers.read_inputs``), ``locks`` its locks by path, ``layers``
    all of them in order: two locks that disagree are told once, for the later one. ``python`` is as in
    ``"3.13"`` and ``markers`` the PEP 508 environment, both of the Python the lock is for. Lines whose
    marker is false there say nothing. What packages need is not judged here; ``closure`` does that.
    """
    return _reasons(layer, _Project(files, locks, layers, _Target(python, markers, hashes)))


def _reasons(layer: Layer, project: _Project) -> tuple[Reason, ...]:
    lock = project.locks.get(layer.lock)
    if lock is None:
        return (Reason("stale-lock", f"{layer.lock} is missing", str(layer.source)),)
    case = _case(layer, lock, project)
    return (
        *_header(case, project.target),
        *_unmet(case),
        *_left_over(case),
        *_loose(case, hashes=project.target.hashes),
        *_not_portable(case),
        *_disagreements(case, project),
        *_built_on_stale(layer, project),
    )


def _case(layer: Layer, lock: LockFile, project: _Project) -> _Case:
    readable = {**{path: other.file for path, other in project.locks.items()}, **project.files}
    asked = demands(layer.source, readable, project.target.markers)
    pins = _applying(lock, project.target)
    by_name: dict[str, list[Pin]] = {}
    for pin in pins:
        by_name.setdefault(pin.name, []).append(pin)
    return _Case(
        layer,
        lock,
        pins,
        by_name,
        asked,
        named=frozenset((str(demand.file), demand.item.name) for demand in asked if not demand.limits),
        reads_remote=any(reference.is_remote for _, reference in _references(layer, project)),
        locks=frozenset(other.lock for other in project.layers),
    )


def _applying(lock: LockFile, target: _Target) -> tuple[Pin, ...]:
    return tuple(pin for pin in lock.pins if applies(pin.marker, target.markers))


def _references(layer: Layer, project: _Project) -> Iterator[tuple[PurePosixPath, Reference]]:
    for path in layer.files:
        yield from ((path, line) for line in project.files[path].lines if isinstance(line, Reference))


def _built_on_stale(layer: Layer, project: _Project) -> Iterator[Reason]:
    """Tell each line that names the lock of another layer, where that lock is about to change."""
    by_lock = {other.lock: other for other in project.layers if other != layer}
    for path, reference in _references(layer, project):
        other = by_lock.get(reference.resolved(path))
        if other is not None and _reasons(other, project):
            told = f"{path.name}:{reference.number} {shown(reference)} names a stale lock"
            yield Reason("stale-lock", told, str(path), reference.number)


def _header(case: _Case, target: _Target) -> Iterator[Reason]:
    lock, expected = case.lock, header_command(case.layer.source, case.layer.lock, hashes=target.hashes)
    if lock.command is None:
        yield Reason("stale-lock", f"{lock.name} does not say by which command it was made", lock.name, 1)
    elif lock.command != expected:
        told = f"{lock.name} was made by another command: {masked(lock.command)}"
        yield Reason("stale-lock", told, lock.name, 1)
    elif lock.python != target.python:
        told = f"{lock.name} was made for Python {lock.python or '(not named)'}, not {target.python}"
        yield Reason("stale-lock", told, lock.name, 1)


def _unmet(case: _Case) -> Iterator[Reason]:
    """Tell each line that applies and that the lock does not answer."""
    for demand in case.demands:
        pins = _meant(case, demand.item)
        fault = _fault(case, demand, pins)
        if fault is not None:
            place = f"{demand.file.name}:{demand.item.number} {shown(demand.item)}"
            yield Reason("stale-lock", f"{place} {fault}", str(demand.file), demand.item.number)


def _fault(case: _Case, demand: Demand, pins: list[Pin]) -> str | None:
    if not pins:
        is_unnamed = isinstance(demand.item, Direct) and _is_unnamed_line(case.lock, demand.item)
        return None if demand.limits or is_unnamed else f"has no pin in {case.lock.name}"
    # Another layer's pin that differs is told as a disagreement.
    if demand.file not in case.locks and not any(_satisfies(pin, demand.item) for pin in pins):
        return f"is not satisfied by {_told(pins[0])}"
    # The lock's own words must name the file, or taking the line out of it again would go unseen.
    annotated = [pin for pin in pins if pin.via]
    if (
        not demand.limits
        and annotated
        and not any(("-r", str(demand.file)) in pin.sources for pin in annotated)
    ):
        return f"is not named as a source of {_told(pins[0])} in {case.lock.name}"
    return None


def _meant(case: _Case, item: Requirement | Direct) -> list[Pin]:
    """Return the pins for a line: those of its name, or of its address where that tells no name."""
    if item.name is not None:
        return case.by_name.get(item.name, [])
    return [pin for pin in case.pins if _satisfies(pin, item)]


def _is_unnamed_line(lock: LockFile, item: Direct) -> bool:
    return any(isinstance(line, Direct) and same_address(item.url, line.url) for line in lock.options)


def _satisfies(pin: Pin, item: Requirement | Direct) -> bool:
    """Judge as pip judges a pin: it may be a pre-release although nothing asks for one."""
    if isinstance(item, Direct):
        return pin.url is not None and same_address(item.url, pin.url)
    if not pin.version:
        return True  # an address, or a line that is told as unpinned
    return item.specifier.contains(pin.version, prereleases=True)


def _left_over(case: _Case) -> Iterator[Reason]:
    """Tell each pin whose annotation names a file or a package that no longer asks for it."""
    names = {pin.name for pin in case.lock.pins}
    for pin in case.pins:
        for _, path in sorted(source for source in pin.sources if source[0] == "-r"):
            if not _still_names(case, path, pin):
                told = f"{pin.name} is pinned via {PurePosixPath(path).name}, which no longer names it"
                yield Reason("stale-lock", told, case.lock.name, pin.line)
        for parent in sorted(pin.parents - names):
            told = f"{pin.name} is pinned via {parent}, which has no pin"
            yield Reason("stale-lock", told, case.lock.name, pin.line)


def _still_names(case: _Case, path: str, pin: Pin) -> bool:
    if "://" in path:
        return case.reads_remote
    unnamed = (demand for demand in case.demands if demand.item.name is None and str(demand.file) == path)
    return (path, pin.name) in case.named or any(_satisfies(pin, demand.item) for demand in unnamed)


def _loose(case: _Case, *, hashes: bool) -> Iterator[Reason]:
    for pin in case.pins:
        if not pin.is_pinned:
            yield Reason("unpinned", f"{pin.name} has no exact version", case.lock.name, pin.line)
        if hashes and not pin.is_hashed:
            yield Reason("unhashed", f"{_told(pin)} has no hash", case.lock.name, pin.line)


def _not_portable(case: _Case) -> Iterator[Reason]:
    """Tell each line that holds an index, a secret or a path of one machine."""
    for line in case.lock.file.lines:
        fault = portability_fault(line)
        if fault is not None:
            yield Reason("not-portable", f"{shown(line)} {fault}", case.lock.name, line.number)


def _disagreements(case: _Case, project: _Project) -> Iterator[Reason]:
    """Tell each pin that differs from that of a layer before this one."""
    before = project.layers[: project.layers.index(case.layer)]
    for other in (project.locks[layer.lock] for layer in before if layer.lock in project.locks):
        theirs = {pin.name: pin for pin in _applying(other, project.target)}
        for pin in (pin for pin in case.pins if pin.name in theirs):
            told = _difference(pin, theirs[pin.name], other.name)
            if told is not None:
                yield Reason("layers-disagree", told, case.lock.name, pin.line)


def _difference(pin: Pin, other: Pin, place: str) -> str | None:
    if (pin.version, pin.url) != (other.version, other.url):
        return f"{_told(pin)} disagrees with {_told(other)} in {place}"
    if pin.hashes and other.hashes and pin.hashes != other.hashes:
        return f"{_told(pin)} has other hashes than in {place}"
    return None


def _told(pin: Pin) -> str:
    if pin.url is not None:
        return masked(f"{pin.name} @ {pin.url}")
    return f"{pin.name}=={pin.version}" if pin.version else pin.name
