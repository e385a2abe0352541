"""Whether a lock still says what its layer asks for: decided offline, from content alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bootstrap.locks import answers, platforms
from bootstrap.locks.answers import Case
from bootstrap.locks.demands import demands
from bootstrap.locks.demands import formats as given_formats
from bootstrap.locks.formats import Given
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockable import portability_fault
from bootstrap.locks.lockfile import LockFile, Pin, header_command
from bootstrap.locks.reason import Reason
from bootstrap.locks.requirements import Reference, RequirementFile, shown
from bootstrap.pip.masking import mask


@dataclass(frozen=True, slots=True)
class _Target:
    """What locks are made for; ``python`` is as in ``"3.13"``, ``markers`` the PEP 508 environment."""

    python: str
    markers: Mapping[str, str]
    hashes: bool
    formats: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class _Project:
    """What all layers are judged by; ``judged`` are those that were, for many may build on one."""

    files: Mapping[PurePosixPath, RequirementFile]
    locks: Mapping[PurePosixPath, LockFile]
    layers: Sequence[Layer]
    target: _Target
    judged: dict[str, tuple[Reason, ...]] = field(default_factory=dict)


def stale_reasons(
    layers: Sequence[Layer],
    files: Mapping[PurePosixPath, RequirementFile],
    locks: Mapping[PurePosixPath, LockFile],
    *,
    python: str,
    markers: Mapping[str, str],
    hashes: bool,
    formats: Iterable[Given] = (),
) -> dict[str, tuple[Reason, ...]]:
    """Return for each layer whose lock must be compiled again why that is so, in the order of ``layers``.

    ``files`` are the inputs of the project (``layers.read_inputs``), ``locks`` its locks by path: of two
    that disagree the one that builds on the other is stale. ``python`` is as in ``"3.13"`` and ``markers``
    the PEP 508 environment, both of the Python the locks are for. Lines whose marker is false there say
    nothing. ``formats`` are what pip's own configuration says of the kinds of files. What packages need is
    not judged here; ``closure`` does that.
    """
    project = _Project(files, locks, layers, _Target(python, markers, hashes, tuple(formats)))
    reasons = {layer.name: _reasons(layer, project) for layer in layers}
    return {name: why for name, why in reasons.items() if why}


def _reasons(layer: Layer, project: _Project) -> tuple[Reason, ...]:
    if layer.name not in project.judged:
        project.judged[layer.name] = _judge(layer, project)
    return project.judged[layer.name]


def _judge(layer: Layer, project: _Project) -> tuple[Reason, ...]:
    lock = project.locks.get(layer.lock)
    if lock is None:
        return (Reason("stale-lock", f"{layer.lock} is missing", str(layer.source)),)
    case = _case(layer, lock, project)
    return (
        *_header(case, project.target),
        *answers.unmet(case),
        *answers.left_over(case),
        *answers.other_formats(case),
        *_loose(case, hashes=project.target.hashes),
        *_not_portable(case),
        *_references_in_lock(case),
        *_disagreements(case, project),
        *_built_on_stale(layer, project),
    )


def _case(layer: Layer, lock: LockFile, project: _Project) -> Case:
    readable = {**{path: other.file for path, other in project.locks.items()}, **project.files}
    asked = demands(layer.source, readable, project.target.markers)
    pins = lock.applying(project.target.markers).pins
    by_name: dict[str, list[Pin]] = {}
    for pin in pins:
        by_name.setdefault(pin.name, []).append(pin)
    return Case(
        layer,
        lock,
        pins,
        by_name,
        asked,
        named=frozenset((str(demand.file), demand.item.name) for demand in asked if not demand.limits),
        reads_remote=any(reference.is_remote for _, reference in _references(layer, project)),
        locks=frozenset(other.lock for other in project.layers),
        formats=tuple(given_formats(layer.source, readable)),
        configured=project.target.formats,
        is_of_another_platform=platforms.is_of_another(lock, project.target.markers),
    )


def _references(layer: Layer, project: _Project) -> Iterator[tuple[PurePosixPath, Reference]]:
    for path in layer.files:
        yield from ((path, line) for line in project.files[path].lines if isinstance(line, Reference))


def _built_on_stale(layer: Layer, project: _Project) -> Iterator[Reason]:
    """Tell each line that names the lock of another layer, where that lock is about to change."""
    by_lock = {other.lock: other for other in project.layers if other != layer}
    for path, reference in _references(layer, project):
        other = by_lock.get(reference.resolved(path))
        reasons = () if other is None else _reasons(other, project)
        if reasons:
            why = f"{path.name}:{reference.number} {shown(reference)} names a stale lock"
            yield Reason(platforms.code_of(reasons), why, str(path), reference.number)


def _header(case: Case, target: _Target) -> Iterator[Reason]:
    lock, expected = case.lock, header_command(case.layer.source, case.layer.lock, hashes=target.hashes)
    if lock.command is None:
        yield Reason("stale-lock", f"{lock.name} does not say by which command it was made", lock.name, 1)
    elif lock.command != expected:
        why = f"{lock.name} was made by another command: {mask(lock.command)}"
        yield Reason("stale-lock", why, lock.name, 1)
    elif lock.python != target.python:
        why = f"{lock.name} was made for Python {lock.python or '(not named)'}, not {target.python}"
        yield Reason("stale-lock", why, lock.name, 1)


def _loose(case: Case, *, hashes: bool) -> Iterator[Reason]:
    for pin in case.pins:
        if not pin.is_pinned:
            yield Reason("unpinned", f"{pin.name} has no exact version", case.lock.name, pin.line)
        if hashes and not pin.is_hashed:
            yield Reason("unhashed", f"{pin} has no hash", case.lock.name, pin.line)
        first = case.by_name[pin.name][0]
        if (pin.version, pin.url) != (first.version, first.url):
            yield Reason("stale-lock", f"{pin} is pinned as {first} as well", case.lock.name, pin.line)


def _not_portable(case: Case) -> Iterator[Reason]:
    """Tell each line that holds an index, a secret or a path of one machine."""
    for line in case.lock.file.lines:
        fault = portability_fault(line)
        if fault is not None:
            yield Reason("not-portable", f"{shown(line)} {fault}", case.lock.name, line.number)


def _references_in_lock(case: Case) -> Iterator[Reason]:
    """Tell each file that a lock names: what that holds would be installed as well."""
    for line in case.lock.file.lines:
        if isinstance(line, Reference):
            why = f"{shown(line)} does not belong in a lock"
            yield Reason("stale-lock", why, case.lock.name, line.number)


def _disagreements(case: Case, project: _Project) -> Iterator[Reason]:
    """Tell each pin that differs from that of a layer which this one builds on."""
    below = {*case.layer.includes, *case.layer.constrained_by}
    theirs_too = [layer.lock for layer in project.layers if layer.name in below]
    for other in (project.locks[path] for path in theirs_too if path in project.locks):
        theirs = {pin.name: pin for pin in other.applying(project.target.markers).pins}
        for pin in (pin for pin in case.pins if pin.name in theirs):
            why = _difference(pin, theirs[pin.name], other.name)
            if why is not None:
                yield Reason("layers-disagree", why, case.lock.name, pin.line)


def _difference(pin: Pin, other: Pin, place: str) -> str | None:
    if (pin.version, pin.url) != (other.version, other.url):
        return f"{pin} disagrees with {other} in {place}"
    if pin.hashes and other.hashes and pin.hashes != other.hashes:
        return f"{pin} has other hashes than in {place}"
    return None
