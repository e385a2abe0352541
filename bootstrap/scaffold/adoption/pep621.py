"""``[project]`` with its extras (PEP 621), and ``[dependency-groups]`` (PEP 735)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from bootstrap.errors import UsageError
from bootstrap.locks import requirements
from bootstrap.locks.requirements import Direct
from bootstrap.scaffold.adoption import tables, texts
from bootstrap.scaffold.adoption.found import BASE, DEV, Found, Wish, distinct, layer_of


def asks(table: Mapping[str, Any]) -> bool:
    """Say whether a ``pyproject.toml`` names a requirement."""
    project = table.get("project", {})
    return bool(
        project.get("dependencies") or project.get("optional-dependencies") or table.get("dependency-groups")
    )


def read(text: str, name: str) -> Found:
    """Read what the project asks for."""
    reading = tables.Reading(name, text)
    table = tables.load(text, name)
    take(reading, table)
    wishes, left, notes = distinct(reading.wishes), tuple(reading.left), tuple(reading.notes)
    return Found(f"[project] ({name})", wishes, reading.pins, left, notes, python_of(table))


def python_of(table: Mapping[str, Any]) -> str | None:
    """Return ``requires-python``."""
    found = table.get("project", {}).get("requires-python")
    return found if isinstance(found, str) else None


def take(reading: tables.Reading, table: Mapping[str, Any]) -> None:
    """Take all requirements of the standard tables."""
    project = table.get("project", {})
    own = canonicalize_name(str(project.get("name", "")))
    for text in project.get("dependencies", ()):
        _take(reading, str(text), BASE, own)
    for extra, listed in project.get("optional-dependencies", {}).items():
        layer = layer_of(extra)
        if layer == BASE:
            reading.notes.append(f"the extra {extra} goes to {BASE}.in")
        for text in listed:
            _take(reading, str(text), layer, own)
    groups = table.get("dependency-groups", {})
    for group in groups:
        layer = layer_of(group)
        for text in _of_group(groups, group, ()):
            _take(reading, text, DEV if layer == BASE else layer, own)


def _of_group(groups: Mapping[str, Any], group: str, above: Sequence[str]) -> Iterator[str]:
    """Give the requirements of a group and of those it includes; a circle ends where it closes."""
    for one in groups.get(group, ()):
        if isinstance(one, str):
            yield one
        elif isinstance(one, Mapping) and (included := one.get("include-group")) not in (*above, group):
            yield from _of_group(groups, str(included), (*above, group))


def _take(reading: tables.Reading, text: str, layer: str, own: str) -> None:
    try:
        if canonicalize_name(Requirement(text).name) == own:
            return  # its own extras, whose requirements are taken by themselves
        line = requirements.read_line(1, text, reading.file)
    except (InvalidRequirement, UsageError):
        reading.leave(text, "it is no requirement of PEP 508", layer, text[:20])
        return
    if isinstance(line, Direct):
        why = texts.why_not_lockable(line)
        if why is not None:
            reading.leave(text, why, layer, str(line.name))
            return
        reading.wishes.append(Wish(layer, text))
    elif isinstance(line, requirements.Requirement):
        version = texts.pinned(line)
        reading.wishes.append(Wish(layer, texts.as_wish(line, version)))
        if version is not None:
            reading.pins[line.name] = version
