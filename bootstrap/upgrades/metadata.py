"""What an installed distribution says of itself, as far as an upgrade asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

_DIST_INFO = re.compile(r"(?P<name>[A-Za-z0-9].*?)-(?P<version>[^-]+)\.dist-info")
_MIGRATION = re.compile(r"(?:(?:.*/)?(?P<app>[^/]+)/)?migrations/(?P<name>\d{4}_\w+)\.py")
_CHANGES = ("changelog", "changes", "changelogs", "releasenotes", "whatsnew", "history", "news", "release")
_SOURCE = ("source", "sourcecode", "repository", "code", "github", "gitlab")
_WIDEST = 80
_LICENCE_CLASSIFIER = "License :: "


@dataclass(frozen=True, slots=True)
class Metadata:
    """What one version says of itself.

    ``migrations`` are the Django migrations it ships, as ``auth 0001_initial``; ``modules`` the first parts
    of the paths it installs, by which an import of it is seen. ``changelog`` and ``source`` are addresses.
    """

    version: str
    requires: tuple[str, ...] = ()
    requires_python: str = ""
    licence: str = ""
    changelog: str = ""
    source: str = ""
    migrations: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)


def from_data(data: Mapping[str, Any]) -> Metadata:
    """Return what `as_data` made JSON of."""
    fields: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in data.items()}
    return Metadata(**fields)


def read_all(site_packages: Path) -> dict[str, Metadata]:
    """Read all distributions of a folder, by canonical name; what cannot be read is left out."""
    found: dict[str, Metadata] = {}
    for entry in sorted(site_packages.iterdir()):
        match = _DIST_INFO.fullmatch(entry.name)
        made = _read(entry) if match is not None else None
        if match is not None and made is not None:
            found[canonicalize_name(match["name"])] = made
    return found


def understand(metadata: str, record: str) -> Metadata | None:
    """Read the texts of ``METADATA`` and ``RECORD``; None where there is not one version."""
    fields = _fields(metadata)
    if len(fields.get("version", ())) != 1:
        return None
    links = _links(fields)
    paths = [line.rpartition(",")[0].rpartition(",")[0].strip('"') for line in record.splitlines()]
    return Metadata(
        version=fields["version"][0],
        requires=tuple(fields.get("requires-dist", ())),
        requires_python=_first(fields, "requires-python"),
        licence=_licence(fields),
        changelog=_named(links, _CHANGES),
        source=_named(links, _SOURCE) or _first(fields, "home-page"),
        migrations=tuple(sorted(_migrations(paths))),
        modules=tuple(sorted(_modules(paths))),
    )


def _read(folder: Path) -> Metadata | None:
    try:
        metadata = (folder / "METADATA").read_text(encoding="utf-8", errors="replace")
        record = (folder / "RECORD").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return understand(metadata, record)


def _fields(text: str) -> dict[str, list[str]]:
    head = re.split(r"\r?\n[ \t]*\r?\n", text, maxsplit=1)[0]
    fields: dict[str, list[str]] = {}
    for line in re.sub(r"\r?\n[ \t]+", " ", head).splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.lower(), []).append(value.strip())
    return fields


def _first(fields: Mapping[str, list[str]], name: str) -> str:
    value = next(iter(fields.get(name, ())), "")
    return "" if value.upper() == "UNKNOWN" else value


def _licence(fields: Mapping[str, list[str]]) -> str:
    """Return the licence in its surest form: the expression, then the classifiers, then free text."""
    expression = _first(fields, "license-expression")
    classifiers = [
        value.rpartition(" :: ")[2]
        for value in fields.get("classifier", ())
        if value.startswith(_LICENCE_CLASSIFIER) and value.count(" :: ") > 1
    ]
    return (expression or " AND ".join(sorted(classifiers)) or _first(fields, "license"))[:_WIDEST]


def _links(fields: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the project's addresses by label, spelled as "Well-known Project URLs" compares them."""
    found: dict[str, str] = {}
    for value in fields.get("project-url", ()):
        label, _, address = value.partition(",")
        if re.match(r"https?://", address.strip()):
            found.setdefault(re.sub(r"[\W_]", "", label).lower(), address.strip())
    return found


def _named(links: Mapping[str, str], labels: Iterable[str]) -> str:
    return next((links[label] for label in labels if label in links), "")


def _migrations(paths: Iterable[str]) -> set[str]:
    found = (_MIGRATION.fullmatch(path) for path in paths)
    return {f"{match['app'] or ''} {match['name']}".strip() for match in found if match}


def _modules(paths: Iterable[str]) -> set[str]:
    """Return the folders and modules that are installed at the top of site-packages.

    Of a namespace, which several distributions share, it is the folder below.
    """
    paths = [path for path in paths if path and not path.startswith(("..", "/"))]
    whole = {path.removesuffix("/__init__.py") for path in paths if path.endswith("/__init__.py")}
    found = set()
    for path in paths:
        top, _, below = path.partition("/")
        if top.endswith((".dist-info", ".pth", ".data")) or top == "__pycache__":
            continue
        found.add(top if not below or top in whole else f"{top}/{below.partition('/')[0]}")
    return found
