"""What the TOML files of other tools have in common: reading them, and what one requirement in them says."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from packaging.markers import InvalidMarker, Marker
from packaging.specifiers import InvalidSpecifier
from packaging.utils import canonicalize_name

from bootstrap.errors import UsageError
from bootstrap.locks.addresses import has_credentials
from bootstrap.pip.masking import mask
from bootstrap.scaffold.adoption.found import INDEX, MACHINE_PATH, NO_HASH, PASSWORD, Left, Wish, line_of
from bootstrap.scaffold.adoption.specifiers import CannotConvertError, from_poetry, python_marker

_PLACES = ("git", "hg", "svn", "path", "file", "url")
# Pipenv takes a variable of PEP 508 as a key of its own.
_VARIABLES = (
    "os_name",
    "platform_machine",
    "platform_system",
    "platform_version",
    "python_version",
    "sys_platform",
)


@dataclass(slots=True)
class Reading:
    """A file while it is read: its text, and what was found so far."""

    file: str
    text: str
    wishes: list[Wish] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pins: dict[str, str] = field(default_factory=dict)

    def leave(self, text: str, why: str, layer: str | None, word: str) -> None:
        """Take note of what is not carried over; ``word`` is its key, or stands in its line."""
        self.left.append(Left(mask(text), why, self.file, line_of(self.text, word), layer))


def load(text: str, name: str) -> Mapping[str, Any]:
    """Read TOML; raises ``UsageError`` with the file where that fails."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{name} cannot be read: {error}", hint=f"mend {name}", code="unparsable", file=name
        ) from None


def requirement(reading: Reading, name: str, value: object, layer: str) -> None:
    """Take one ``name = value`` of Poetry's or Pipenv's tables."""
    for one in value if isinstance(value, list) else [value]:
        table = {"version": one} if isinstance(one, str) else one
        if not isinstance(table, Mapping):
            reading.leave(f"{name} = {one!r}", "it is neither a version nor a table", layer, name)
            continue
        _one(reading, name, table, layer)


def _one(reading: Reading, name: str, table: Mapping[str, Any], layer: str) -> None:
    place = next((key for key in _PLACES if key in table), None)
    if place is not None and not _is_lockable(place, table[place]):
        why = MACHINE_PATH if place in ("path", "file") else NO_HASH
        if place in ("url", "file") and has_credentials(str(table[place])):
            why = PASSWORD
        reading.leave(f"{name}: {place} = {table[place]}", why, layer, name)
        return
    try:
        text = _text(name, table, place)
    except CannotConvertError:
        why = "its versions cannot be written as one range of PEP 440; write down those you want"
        reading.leave(f"{name} {table.get('version', '')}", why, layer, name)
    except (InvalidMarker, InvalidSpecifier):
        reading.leave(f"{name}: its marker", "it is no marker of PEP 508", layer, name)
    else:
        comment = "optional" if table.get("optional") is True else ""
        reading.wishes.append(Wish(layer, text, comment))
        for key in ("source", "index"):
            if key in table:
                reading.leave(f"{name}: {key} = {table[key]}", INDEX, None, name)


def _is_lockable(place: str, value: object) -> bool:
    address = str(value)
    return (
        place in ("url", "file")
        and address.startswith(("https://", "http://"))
        and not has_credentials(address)
    )


def _text(name: str, table: Mapping[str, Any], place: str | None) -> str:
    extras = f"[{','.join(sorted(table['extras']))}]" if table.get("extras") else ""
    version = f" @ {table[place]}" if place else from_poetry(str(table.get("version", "*")))
    marker = _marker(table)
    return f"{canonicalize_name(name)}{extras}{version}{f' ; {marker}' if marker else ''}"


def _marker(table: Mapping[str, Any]) -> str:
    parts = [str(table["markers"])] if table.get("markers") else []
    if table.get("python"):
        ranges = [python_marker(from_poetry(part)) for part in str(table["python"]).split("||")]
        parts.append(" or ".join(filter(None, ranges)) if all(ranges) else "")
    if table.get("platform"):
        parts.append(f'sys_platform == "{table["platform"]}"')
    parts += [f"{key} {_compared(str(table[key]))}" for key in _VARIABLES if key in table]
    parts = [part for part in parts if part]
    joined = parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)
    return str(Marker(joined)) if joined else ""


def _compared(text: str) -> str:
    """Return what Pipenv writes behind a variable with its value in quotes."""
    operator, _, value = text.strip().partition(" ")
    return text if "'" in text or '"' in text else f'{operator} "{value}"'


def locked(text: str, name: str) -> Iterator[tuple[str, str, str]]:
    """Give the packages of a ``poetry.lock``, ``pdm.lock`` or ``uv.lock``: name, version, marker."""
    for package in load(text, name).get("package", ()):
        if isinstance(package, Mapping) and isinstance(package.get("version"), str):
            marker = package.get("markers", package.get("marker", ""))
            yield (
                canonicalize_name(str(package["name"])),
                package["version"],
                marker if isinstance(marker, str) else "",
            )


def pins_of(text: str, name: str, markers: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the versions of such a lock that hold for a Python, and the packages it leaves open.

    Of a package that is locked twice, the one whose marker holds counts.
    """
    found: dict[str, list[str]] = {}
    for package, version, marker in locked(text, name):
        if not marker or _holds(marker, markers):
            found.setdefault(package, []).append(version)
    pins = {package: versions[-1] for package, versions in found.items()}
    return pins, [package for package, versions in found.items() if len(set(versions)) > 1]


def _holds(marker: str, markers: Mapping[str, str]) -> bool:
    try:
        return Marker(marker).evaluate(dict(markers))
    except InvalidMarker:
        return True
