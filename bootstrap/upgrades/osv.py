"""Advisory files: those of the OSV format (https://ossf.github.io/osv-schema/), and which versions they mean.

Such a folder is a copy of the PyPA advisory database, for example.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from bootstrap.errors import UsageError

_ECOSYSTEM = "pypi"


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """One known vulnerability; ``fixed`` are the versions that no longer have it."""

    id: str
    aliases: tuple[str, ...] = ()
    summary: str = ""
    fixed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Database:
    """The advisories of files, by package; ``unreadable`` counts the files that are none."""

    entries: Mapping[str, tuple[Mapping[str, Any], ...]]
    unreadable: int = 0


def load(path: Path) -> Database:
    """Read a folder with all below it, a zip archive, or a single file.

    Raises ``UsageError`` where it cannot be read, or holds no advisory for Python packages: an empty database
    must not read as "no vulnerabilities".
    """
    found: dict[str, list[Mapping[str, Any]]] = {}
    unreadable = 0
    try:
        for content in _contents(path):
            entries = _entries(content)
            unreadable += entries is None
            for entry in entries or ():
                for name in _packages(entry):
                    found.setdefault(name, []).append(entry)
    except (OSError, zipfile.BadZipFile) as error:
        raise _unusable(path, str(error)) from None
    if not found:
        raise _unusable(path, "it holds no OSV advisory for a Python package")
    return Database({name: tuple(each) for name, each in sorted(found.items())}, unreadable)


def look_up(database: Database, name: str, version: str) -> tuple[Vulnerability, ...]:
    """Return what the files know of one version."""
    found = [
        _vulnerability(entry, name)
        for entry in database.entries.get(name, ())
        if not entry.get("withdrawn") and any(_affects(each, name, version) for each in _affected(entry))
    ]
    return tuple(sorted(found, key=lambda each: each.id))


def _contents(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        yield from (each.read_bytes() for each in sorted(path.rglob("*.json")) if each.is_file())
        return
    content = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(content)):
        yield content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        yield from (archive.read(name) for name in sorted(archive.namelist()) if name.endswith(".json"))


def _entries(content: bytes) -> list[Mapping[str, Any]] | None:
    """Return the advisories of a file: one, or a list of them."""
    try:
        read = json.loads(content)
    except ValueError:
        return None
    listed = read if isinstance(read, list) else [read]
    good: list[Mapping[str, Any]] = [
        entry for entry in listed if isinstance(entry, dict) and isinstance(entry.get("id"), str)
    ]
    return good if len(good) == len(listed) else None


def _affected(entry: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for each in entry.get("affected") or ():
        package = each.get("package") if isinstance(each, dict) else None
        if isinstance(package, dict) and str(package.get("ecosystem", "")).lower() == _ECOSYSTEM:
            yield each


def _packages(entry: Mapping[str, Any]) -> set[str]:
    return {canonicalize_name(str(each["package"].get("name", ""))) for each in _affected(entry)}


def _affects(affected: Mapping[str, Any], name: str, version: str) -> bool:
    if canonicalize_name(str(affected["package"].get("name", ""))) != name:
        return False
    try:
        asked = Version(version)
    except InvalidVersion:
        return version in (affected.get("versions") or ())
    if any(_equal(asked, str(each)) for each in affected.get("versions") or ()):
        return True
    return any(
        _in_range(asked, each.get("events") or ())
        for each in affected.get("ranges") or ()
        if isinstance(each, dict) and each.get("type") == "ECOSYSTEM"
    )


def _equal(asked: Version, text: str) -> bool:
    try:
        return asked == Version(text)
    except InvalidVersion:
        return False


def _in_range(asked: Version, events: Sequence[Mapping[str, Any]]) -> bool:
    """Go through the events in the order of their versions, as the format's evaluation says."""
    affected = False
    for version, kind in sorted(_events(events), key=lambda each: each[0]):
        if kind == "introduced" and asked >= version:
            affected = True
        elif (kind == "fixed" and asked >= version) or (kind == "last_affected" and asked > version):
            affected = False
    return affected


def _events(events: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Version, str]]:
    for event in events:
        for kind, text in event.items():
            try:
                yield Version(str(text)), kind
            except InvalidVersion:
                continue


def _vulnerability(entry: Mapping[str, Any], name: str) -> Vulnerability:
    fixed = {
        str(event["fixed"])
        for affected in _affected(entry)
        if canonicalize_name(str(affected["package"].get("name", ""))) == name
        for each in affected.get("ranges") or ()
        for event in each.get("events") or ()
        if "fixed" in event and each.get("type") == "ECOSYSTEM"
    }
    summary = str(entry.get("summary") or entry.get("details") or "").strip().partition("\n")[0]
    return Vulnerability(str(entry["id"]), texts(entry.get("aliases")), summary[:200], tuple(sorted(fixed)))


def _unusable(path: Path, reason: str) -> UsageError:
    return UsageError(
        f"--advisories {path} cannot be used: {reason}",
        hint="give a folder, a zip archive or a file of OSV advisories in JSON",
        code="bad-advisories",
    )


def texts(listed: object) -> tuple[str, ...]:
    """Return a list of JSON as texts; of anything else nothing."""
    return tuple(str(each) for each in listed) if isinstance(listed, list) else ()
