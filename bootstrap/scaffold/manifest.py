"""What a template consists of: the one list of its files, who owns each, and what may be chosen.

A template is a project that runs as it stands, called ``projectname``. Nothing in it is executed, and nothing
is copied that its manifest does not name: beside the files of an installed template lie their compiled ones.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SCHEMA = 1


class Owner(StrEnum):
    """Whose a file is once it is written.

    ``TOOL``: replaced by an update as long as nobody changed it. ``LINES``: an update adds the lines that are
    missing. ``USER``: never touched again.
    """

    TOOL = "tool"
    LINES = "lines"
    USER = "user"


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that ``--with`` adds: whole files, and lines at the end of some that are there already."""

    name: str
    summary: str
    files: tuple[str, ...]
    lines: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A template's description; paths are relative to the project and hold ``projectname``.

    ``python`` is a set of version specifiers. ``taken`` are the modules that a project's name would hide.
    ``values`` are replaced for ``@@name@@``. ``manage`` is the file that migrates; ``run`` and ``test`` are
    words for the project's Python, ``run`` in the folder ``run_in``.
    """

    name: str
    version: int
    summary: str
    python: str
    taken: frozenset[str]
    owners: Mapping[str, Owner]
    executable: frozenset[str]
    parts: Mapping[str, tuple[str, ...]]
    features: Mapping[str, Feature]
    values: Mapping[str, str]
    run: tuple[str, ...]
    test: tuple[str, ...]
    run_in: str = ""
    manage: str | None = None

    def sources(self, features: Iterable[str], without: Iterable[str]) -> dict[str, str | None]:
        """Return each file to render and the feature it comes from, which wins over the template itself."""
        left_out = {path for part in without for path in self.parts.get(part, ())}
        found: dict[str, str | None] = {path: None for path in self.owners if path not in left_out}
        for feature in features:
            found |= dict.fromkeys(self.features[feature].files, feature)
        return found

    def added_lines(self, path: str, features: Iterable[str]) -> tuple[str, ...]:
        """Return the lines that features add to the end of a file."""
        return tuple(line for feature in features for line in self.features[feature].lines.get(path, ()))

    def owner_of(self, path: str) -> Owner:
        """Return whose a file is; what a feature adds is the user's."""
        return self.owners.get(path, Owner.USER)


def parse(name: str, text: str) -> Manifest:
    """Read a manifest. It comes with this tool: a mistake in it is a bug, and raises as TOML and dicts do."""
    table = tomllib.loads(text)
    if table["schema"] != SCHEMA:
        raise ValueError(f"schema {table['schema']}")
    files = table["files"]
    series = table.get("series", [])
    return Manifest(
        name=name,
        version=table["version"],
        summary=table["summary"],
        python=table["python"],
        taken=frozenset(table["taken"]),
        owners={path: owner for owner in Owner for path in files.get(owner, ())},
        executable=frozenset(files.get("executable", ())),
        parts={part: tuple(paths) for part, paths in table.get("parts", {}).items()},
        features={name: _feature(name, one) for name, one in table.get("features", {}).items()},
        values=series[-1]["values"] if series else {},
        run=tuple(table["run"]),
        test=tuple(table["test"]),
        run_in=table.get("run-in", ""),
        manage=table.get("manage"),
    )


def _feature(name: str, table: Mapping[str, Any]) -> Feature:
    lines = {path: tuple(lines) for path, lines in table.get("lines", {}).items()}
    return Feature(name, table["summary"], tuple(table.get("files", ())), lines)
