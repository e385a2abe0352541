"""What a layer asks for in one environment: its own lines and those of all files it names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from bootstrap.locks.formats import Given
from bootstrap.locks.requirements import Direct, Line, Reference, Requirement, RequirementFile

if TYPE_CHECKING:
    from packaging.markers import Marker


@dataclass(frozen=True, slots=True)
class Demand:
    """One line that applies; one that ``limits`` only constrains what something else asks for."""

    file: PurePosixPath
    item: Requirement | Direct
    limits: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One option that says of which kind a package's files may be, and the line that gives it."""

    file: PurePosixPath
    line: Line
    given: Given


def demands(
    source: PurePosixPath, files: Mapping[PurePosixPath, RequirementFile], markers: Mapping[str, str]
) -> tuple[Demand, ...]:
    """Return what applies in the environment that ``markers`` describe (PEP 508), in pip's reading order.

    ``files`` are the inputs, and a lock where a file may name it; what is not among them is passed over.
    """
    return tuple(
        Demand(path, line, limits)
        for path, line, limits in _walk(source, files, set(), limits=False)
        if isinstance(line, Requirement | Direct) and applies(line.marker, markers)
    )


def formats(source: PurePosixPath, files: Mapping[PurePosixPath, RequirementFile]) -> Iterator[Asked]:
    """Yield each ``--no-binary`` and ``--only-binary`` that a layer's files give, in pip's reading order."""
    for path, line, _ in _walk(source, files, set(), limits=False):
        if not isinstance(line, Reference):
            yield from (Asked(path, line, given) for given in line.formats)


def roots(
    source: PurePosixPath, files: Mapping[PurePosixPath, RequirementFile], markers: Mapping[str, str]
) -> tuple[Requirement | Direct, ...]:
    """Return what a layer installs by its own will, with extras."""
    return tuple(demand.item for demand in own_demands(source, files, markers))


def own_demands(
    source: PurePosixPath, files: Mapping[PurePosixPath, RequirementFile], markers: Mapping[str, str]
) -> tuple[Demand, ...]:
    """Return the lines by which a layer installs something of its own will.

    Where a line names a lock, its source is read instead, because locks have no extras.
    """
    behind = {path.with_suffix(".txt"): file for path, file in files.items() if path.suffix == ".in"}
    found = demands(source, {**behind, **files}, markers)
    return tuple(
        demand if demand.file in files else replace(demand, file=demand.file.with_suffix(".in"))
        for demand in found
        if not demand.limits
    )


def applies(marker: Marker | None, markers: Mapping[str, str]) -> bool:
    """Say whether a line with this marker, or with none, counts in an environment."""
    return marker is None or marker.evaluate(dict(markers))


def _walk(
    path: PurePosixPath,
    files: Mapping[PurePosixPath, RequirementFile],
    seen: set[tuple[PurePosixPath, bool]],
    *,
    limits: bool,
) -> Iterator[tuple[PurePosixPath, Line, bool]]:
    """Follow ``-r`` and ``-c``; as in pip, the last of them on the way decides what a file's lines mean."""
    if path not in files or (path, limits) in seen:
        return
    seen.add((path, limits))
    for line in files[path].lines:
        if isinstance(line, Reference):
            if not line.is_remote:
                yield from _walk(line.resolved(path), files, seen, limits=line.constraint)
        else:
            yield path, line, limits
