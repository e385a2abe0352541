"""Layers: the requirement files that are locked each by itself, in the order they build on each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bootstrap.errors import UsageError
from bootstrap.locks.graph import Graph, Reach
from bootstrap.locks.requirements import RequirementFile, parse

Read = Callable[[PurePosixPath], str | None]
"""Gives the text of a file by its path relative to the project, or None where there is none."""

DEFAULT_FOLDER = PurePosixPath("requirements")
_AT_ROOT = re.compile(r"requirements(?:[-_](?P<after>[\w.-]+))?\.in|(?P<before>[\w.-]+?)[-_]requirements\.in")
_PREFERRED = ("dev", "development", "local")


@dataclass(frozen=True, slots=True)
class Layer:
    """One ``.in`` file and the lock beside it; paths are relative to the project.

    ``includes`` names every layer reached by ``-r``, to its ``.in`` or its ``.txt``; ``constrained_by``
    every other one, reached by ``-c``. ``files`` are the source and all it reads that is not a lock.
    """

    name: str
    source: PurePosixPath
    lock: PurePosixPath
    includes: tuple[str, ...] = ()
    constrained_by: tuple[str, ...] = ()
    files: tuple[PurePosixPath, ...] = ()


def discover(
    paths: Iterable[PurePosixPath],
    read: Read,
    *,
    folder: PurePosixPath = DEFAULT_FOLDER,
    only: Sequence[str] = (),
) -> tuple[Layer, ...]:
    """Return the layers of a project, each behind those it builds on, else by name.

    ``paths`` are the files of the root and of ``folder``: there ``*.in``, at the root ``requirements.in``
    (named ``base``), ``requirements-dev.in`` and ``dev-requirements.in`` are layers, and so is any other
    ``.in`` that one of them names by ``-r``, or whose ``.txt`` it names. Not a layer is a file called
    ``constraints.in`` that others name only by ``-c constraints.in``. ``only`` takes just these layers.

    Raises ``UsageError`` for a file that is not there or cannot be read, a cycle, and an unknown name.
    """
    known = _named((path for path in paths if _is_layer(path, folder)), folder)
    chosen = _restricted(known, only, read, folder) if only else known
    graph = Graph(read, chosen.values(), may_grow=not only)
    names = {source: name for name, source in _named(graph.layers(), folder).items()}
    reaches = {names[source]: graph.reach(source) for source in names}
    unordered = {names[source]: _layer(source, reaches[names[source]], names) for source in names}
    return tuple(unordered[name] for name in _ordered(unordered))


def default_layers(layers: Sequence[Layer]) -> tuple[str, ...]:
    """Return what to install where nobody chose: ``dev``, else ``development``, else ``local``.

    Else it is the layer that builds on the most others; of several, the first in order.
    """
    names = {layer.name for layer in layers}
    for name in _PREFERRED:
        if name in names:
            return (name,)
    if not layers:
        return ()
    return (max(layers, key=lambda layer: len(layer.includes) + len(layer.constrained_by)).name,)


def to_install(layers: Sequence[Layer], chosen: Sequence[str]) -> tuple[Layer, ...]:
    """Return the fewest layers whose locks together hold what ``chosen`` needs, in order.

    A layer that only constrains a chosen one comes along, since pip-compile leaves its packages out of the
    chosen one's lock; one that is included in another is left out.

    Raises ``UsageError`` for an unknown name.
    """
    by_name = {layer.name: layer for layer in layers}
    refuse_unknown(chosen, by_name)
    needed = {name for given in chosen for name in (given, *by_name[given].constrained_by)}
    included = {name for taken in needed for name in by_name[taken].includes}
    return tuple(layer for layer in layers if layer.name in needed - included)


def inputs(layers: Iterable[Layer]) -> tuple[PurePosixPath, ...]:
    """Return every file whose content decides what the locks hold, except the locks themselves; sorted."""
    return tuple(sorted({path for layer in layers for path in layer.files}))


def read_inputs(layers: Iterable[Layer], read: Read) -> dict[PurePosixPath, RequirementFile]:
    """Read every file of ``inputs``; raises ``UsageError`` where one cannot be read."""
    texts = {path: read(path) for path in inputs(layers)}
    return {path: parse(text, str(path)) for path, text in texts.items() if text is not None}


def _is_layer(path: PurePosixPath, folder: PurePosixPath) -> bool:
    if path.parent == folder:
        return path.suffix == ".in"
    return path.parent == PurePosixPath() and _AT_ROOT.fullmatch(path.name) is not None


def _name(path: PurePosixPath, folder: PurePosixPath) -> str:
    at_root = _AT_ROOT.fullmatch(path.name) if path.parent == PurePosixPath() else None
    if at_root is not None:
        return at_root["after"] or at_root["before"] or "base"
    inside = path.relative_to(folder) if path.is_relative_to(folder) else path
    return str(inside.with_suffix(""))


def _named(sources: Iterable[PurePosixPath], folder: PurePosixPath) -> dict[str, PurePosixPath]:
    found: dict[str, PurePosixPath] = {}
    for source in sorted(sources):
        name = _name(source, folder)
        if name in found:
            raise UsageError(
                f"two layers are called {name}: {found[name]} and {source}",
                hint=f"rename or remove one of {found[name]} and {source}",
                code="bad-configuration",
                file=str(source),
            )
        found[name] = source
    return found


def _restricted(
    known: Mapping[str, PurePosixPath], only: Sequence[str], read: Read, folder: PurePosixPath
) -> dict[str, PurePosixPath]:
    """Return the layers called ``only``; a path without its ``.in`` names one in a deeper folder."""
    deeper = {name: folder / f"{name}.in" for name in only if name not in known and "/" in name}
    there = {name: path for name, path in deeper.items() if read(path) is not None}
    found = {**known, **there}
    refuse_unknown(only, found)
    return {name: found[name] for name in only}


def refuse_unknown(names: Iterable[str], known: Iterable[str]) -> None:
    """Raise ``UsageError`` for the first name that no layer has; ``known`` are those there are."""
    for name in names:
        if name not in known:
            existing = ", ".join(known)
            raise UsageError(
                f"there is no layer called {name}",
                hint=f"the layers are: {existing}"
                if existing
                else "add one, for example requirements/base.in",
                code="unknown-layer",
            )


def _layer(source: PurePosixPath, reach: Reach, names: Mapping[PurePosixPath, str]) -> Layer:
    return Layer(
        names[source],
        source,
        source.with_suffix(".txt"),
        tuple(sorted(names[path] for path in reach.included)),
        tuple(sorted(names[path] for path in reach.constraining)),
        tuple(sorted(reach.files)),
    )


def _ordered(layers: Mapping[str, Layer]) -> list[str]:
    """Return the names, each behind all it builds on: it counts these and theirs, so more than any."""
    return sorted(
        layers, key=lambda name: (len(layers[name].includes) + len(layers[name].constrained_by), name)
    )
