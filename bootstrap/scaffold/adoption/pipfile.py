"""Pipenv: ``Pipfile`` and the versions of ``Pipfile.lock``."""

from __future__ import annotations

import json
from collections.abc import Mapping

from packaging.utils import canonicalize_name

from bootstrap.errors import UsageError
from bootstrap.scaffold.adoption import tables
from bootstrap.scaffold.adoption.found import BASE, DEV, INDEX, Found, distinct, layer_of

_USUAL = "pypi.org/simple"


def read(text: str, name: str) -> Found:
    """Read what the project asks for."""
    reading = tables.Reading(name, text)
    table = tables.load(text, name)
    known = ("source", "requires", "scripts", "pipenv")
    for section, content in table.items():
        if section in known or not isinstance(content, Mapping):
            continue
        layer = {"packages": BASE, "dev-packages": DEV}.get(section) or layer_of(section)
        for package, value in content.items():
            tables.requirement(reading, package, value, layer)
    for source in table.get("source", ()):
        if _USUAL not in str(source.get("url", "")):
            reading.leave(f"source {source.get('url', '')}", INDEX, None, str(source.get("url")))
    for script in table.get("scripts", {}):
        reading.notes.append(f"the script {script} is not carried over: bootstrap run -- COMMAND runs one")
    requires = table.get("requires", {})
    version = requires.get("python_full_version") or requires.get("python_version")
    wishes, left, notes = distinct(reading.wishes), tuple(reading.left), tuple(reading.notes)
    return Found(f"Pipenv ({name})", wishes, {}, left, notes, f"=={version}.*" if version else None)


def pins_of(text: str, name: str) -> dict[str, str]:
    """Return the versions of a ``Pipfile.lock``; raises ``UsageError`` where it is no JSON."""
    try:
        table = json.loads(text)
        sections = [content for section, content in table.items() if section != "_meta"]
        return {
            canonicalize_name(package): value["version"].removeprefix("==")
            for content in sections
            for package, value in content.items()
            if str(value.get("version", "")).startswith("==")
        }
    except (ValueError, AttributeError) as error:
        raise UsageError(
            f"{name} cannot be read: {error}", hint=f"mend {name}", code="unparsable", file=name
        ) from None
