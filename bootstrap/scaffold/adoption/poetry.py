"""Poetry: ``[tool.poetry]``, its groups, and the versions of its lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bootstrap.scaffold.adoption import pep621, tables
from bootstrap.scaffold.adoption.found import BASE, DEV, INDEX, Found, distinct, layer_of
from bootstrap.scaffold.adoption.specifiers import CannotConvertError, from_poetry


def asks(table: Mapping[str, Any]) -> bool:
    """Say whether a ``pyproject.toml`` is one of Poetry's."""
    return "dependencies" in _own(table) or "group" in _own(table) or "dev-dependencies" in _own(table)


def read(text: str, name: str) -> Found:
    """Read what the project asks for; its name is left out, as it is no dependency."""
    reading = tables.Reading(name, text)
    table = tables.load(text, name)
    pep621.take(reading, table)
    own = _own(table)
    main = dict(own.get("dependencies", {}))
    python = main.pop("python", None)
    for package, value in main.items():
        tables.requirement(reading, package, value, BASE)
    for package, value in own.get("dev-dependencies", {}).items():
        tables.requirement(reading, package, value, DEV)
    for group, content in own.get("group", {}).items():
        _group(reading, group, content)
    for source in own.get("source", ()):
        reading.leave(
            f"source {source.get('name')} {source.get('url', '')}", INDEX, None, str(source.get("name"))
        )
    wishes, left, notes = distinct(reading.wishes), tuple(reading.left), tuple(reading.notes)
    return Found(
        f"Poetry ({name})", wishes, reading.pins, left, notes, _python(python) or pep621.python_of(table)
    )


def _own(table: Mapping[str, Any]) -> Mapping[str, Any]:
    own = table.get("tool", {}).get("poetry", {})
    return own if isinstance(own, Mapping) else {}


def _group(reading: tables.Reading, group: str, content: Mapping[str, Any]) -> None:
    layer = layer_of(group)
    if layer == BASE:
        # A group is never what the program itself needs.
        layer = DEV
        reading.notes.append(f"the group {group} goes to {layer}.in")
    if content.get("optional"):
        reading.notes.append(f"the group {group} was optional; it is in {layer}.in now")
    for package, value in content.get("dependencies", {}).items():
        tables.requirement(reading, package, value, layer)


def _python(constraint: object) -> str | None:
    try:
        return from_poetry(constraint) if isinstance(constraint, str) else None
    except CannotConvertError:
        return None
