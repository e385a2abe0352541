"""The graph of requirement files: which file names which, from ``-r`` and ``-c`` lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bootstrap.errors import UsageError
from bootstrap.locks.addresses import is_machine_path
from bootstrap.locks.requirements import Reference, RequirementFile, parse
from bootstrap.pip.masking import mask

_CONSTRAINTS_NAME = re.compile(r"(?:.*[-_.])?constraints?")


@dataclass(frozen=True, slots=True)
class Edge:
    """One ``-r`` or ``-c`` line; where it names the lock of a layer, ``target`` is that layer's source."""

    line: int
    constraint: bool
    target: PurePosixPath
    to_lock: bool


@dataclass(slots=True)
class Reach:
    """All that is reached from one file; ``files`` holds no lock, and begins with the file itself."""

    included: set[PurePosixPath] = field(default_factory=set)
    constraining: set[PurePosixPath] = field(default_factory=set)
    files: set[PurePosixPath] = field(default_factory=set)


class Graph:
    """Every file reached from the given sources; ``may_grow`` lets other ``.in`` files become layers.

    Raises ``UsageError`` for a file that is missing or cannot be read, and for a cycle.
    """

    def __init__(
        self,
        read: Callable[[PurePosixPath], str | None],
        sources: Iterable[PurePosixPath],
        *,
        may_grow: bool,
    ) -> None:
        self._read = read
        self._may_grow = may_grow
        self._sources = set(sources)
        self._edges: dict[PurePosixPath, list[Edge]] = {}
        self._reaches: dict[PurePosixPath, Reach] = {}
        for source in sorted(self._sources):
            self._load(source, (), self._text(source))
        if may_grow:
            self._sources -= {source for source in self._sources if self._is_constraints_file(source)}

    def layers(self) -> tuple[PurePosixPath, ...]:
        """Return the sources of all layers, sorted."""
        return tuple(sorted(self._sources))

    def reach(self, path: PurePosixPath) -> Reach:
        """Return what a file reaches; a layer is included or constraining, never both.

        pip reads ``-r`` inside a file named by ``-c`` as requirements, so the last line on the way decides.
        """
        if path not in self._reaches:
            reach = Reach(files={path})
            for edge in self._edges[path]:
                self._follow(edge, reach)
            reach.constraining -= reach.included
            self._reaches[path] = reach
        return self._reaches[path]

    def _follow(self, edge: Edge, reach: Reach) -> None:
        beyond = self.reach(edge.target)
        # A lock holds all that its layer includes, so what names the lock gets it the same way.
        both = reach.constraining if edge.constraint else reach.included
        both.update({edge.target} & self._sources)
        (both if edge.to_lock else reach.included).update(beyond.included)
        reach.constraining.update(beyond.constraining)
        if not edge.to_lock:
            reach.files.update(beyond.files)

    def _load(self, path: PurePosixPath, trail: tuple[PurePosixPath, ...], text: str) -> None:
        """Read a file and all it names; ``trail`` is the way to it."""
        edges = self._edges[path] = []
        file = parse(text, str(path))
        for reference in (line for line in file.lines if isinstance(line, Reference) and not line.is_remote):
            edge = self._edge(path, reference)
            edges.append(edge)
            way = (*trail, path)
            if edge.target in way:
                raise _cycle((*way[way.index(edge.target) :], edge.target), file, reference)
            if edge.target not in self._edges:
                self._load(edge.target, way, self._text(edge.target, file, reference))

    def _edge(self, path: PurePosixPath, reference: Reference) -> Edge:
        target = reference.resolved(path)
        source = target.with_suffix(".in") if target.name else target
        to_lock = target.suffix == ".txt" and self._is_layer(source)
        if not to_lock and target.suffix == ".in" and not reference.constraint:
            self._grow(target)
        return Edge(reference.number, reference.constraint, source if to_lock else target, to_lock)

    def _is_layer(self, source: PurePosixPath) -> bool:
        if self._may_grow and source not in self._sources and self._read(source) is not None:
            self._grow(source)
        return source in self._sources

    def _grow(self, source: PurePosixPath) -> None:
        """Let a file be a layer; one outside the project is only read: its lock would be another's."""
        if self._may_grow and source.parts[0] != ".." and not is_machine_path(str(source)):
            self._sources.add(source)

    def _text(
        self, path: PurePosixPath, file: RequirementFile | None = None, line: Reference | None = None
    ) -> str:
        text = self._read(path)
        if text is not None:
            return text
        where = f"{file.name} names {mask(line.target)}" if file and line else "a layer was asked for"
        raise UsageError(
            f"{where}, but there is no {path}",
            hint=f"write {path}, or correct the line; a path is relative to the file that names it",
            code="missing-file",
            file=file.name if file else str(path),
            line=line.number if line else None,
        )

    def _is_constraints_file(self, source: PurePosixPath) -> bool:
        naming = [edge for edges in self._edges.values() for edge in edges if edge.target == source]
        by_constraint = bool(naming) and all(edge.constraint and not edge.to_lock for edge in naming)
        return by_constraint and _CONSTRAINTS_NAME.fullmatch(source.stem) is not None


def _cycle(way: tuple[PurePosixPath, ...], file: RequirementFile, closing: Reference) -> UsageError:
    shown = " -> ".join(path.name for path in way)
    return UsageError(
        f"requirement files name each other in a circle: {shown}",
        hint=f"remove line {closing.number} of {file.name}, which closes the circle",
        code="layer-cycle",
        file=file.name,
        line=closing.number,
    )
