"""The bench: a scratch folder with copies of the requirement files at the same relative paths.

There ``-r base.txt`` finds the new base, annotations name the project's paths, a ``pip.py`` of the project
is out of reach, and the project's locks stay as they are until all are done.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from bootstrap.errors import UsageError
from bootstrap.locks.layers import Layer
from bootstrap.locks.requirements import Reference, parse
from bootstrap.system import files

Texts = Mapping[PurePosixPath, str]

UNION = Layer("union", PurePosixPath(".union.in"), PurePosixPath(".union.txt"))
"""All layers as one; each lies beside its own source under a name with this prefix."""

_PREFIX = ".union-"


def lay_out(scratch: Path, texts: Texts) -> Path:
    """Copy all requirement files and locks into a scratch folder, and return the bench in it.

    That lies as deep there as a path such as ``../../shared.in`` leads out of the project.
    """
    bench = scratch.joinpath(*[".bench"] * max((path.parts.count("..") for path in texts), default=0))
    for path, text in texts.items():
        if path.is_absolute():
            # It would be written to where it is.
            raise UsageError(f"{path} is a path of this machine, which no lock can name", code="not-lockable")
        write(bench / path, text)
    return bench


def lay_out_union(bench: Path, layers: Iterable[Layer], texts: Texts) -> None:
    """Write the union of the layers; what one layer says of another is left out, as both are in it."""
    layers = tuple(layers)
    own = {path for layer in layers for path in (layer.source, layer.lock)}
    parts = []
    for layer in layers:
        part = layer.source.with_name(f"{_PREFIX}{layer.source.name}")
        write(bench / part, _without_layers(texts[layer.source], layer.source, own))
        parts.append(part)
    write(bench / UNION.source, "".join(f"-r {shlex.quote(str(part))}\n" for part in parts))


def as_project(said: str) -> str:
    """Return what was said of the union with the names that the project's files have."""
    return said.replace(_PREFIX, "")


def prefer(bench: Path, layer: Layer, pins: str) -> None:
    """Lay pins where pip-compile prefers them and takes over their hashes: into the output file.

    Nothing of them shows in the header or the annotations.
    """
    if not pins:
        # For a file that holds none, pip-compile warns and makes a second repository to read it with.
        files.remove_file(bench / layer.lock)
        return
    write(bench / layer.lock, pins)


def write(path: Path, text: str) -> None:
    """Write a file of the bench."""
    files.write_scratch(path, text.encode())


def _without_layers(text: str, source: PurePosixPath, own: set[PurePosixPath]) -> str:
    """Blank out references to layers, so that every other line keeps its number."""
    lines = text.splitlines()
    for line in parse(text, str(source)).lines:
        if isinstance(line, Reference) and not line.is_remote and line.resolved(source) in own:
            _blank_out(lines, line.number - 1)
    return "\n".join(lines) + "\n"


def _blank_out(lines: list[str], first: int) -> None:
    """Blank out a line and those that continue it."""
    for number in range(first, len(lines)):
        continues = lines[number].endswith("\\")
        lines[number] = ""
        if not continues:
            return
