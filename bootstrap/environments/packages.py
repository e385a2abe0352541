"""Which distributions an environment holds, and what separates it from a lock."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bootstrap.wording import canonical

SEEDED = frozenset({"pip"})
"""What virtualenv puts into every environment: kept although no lock names it, as pip-sync does."""

# What begins otherwise is no distribution: pip leaves a ``~ame-1.0.dist-info`` where it was stopped.
_DIST_INFO = re.compile(r"(?P<name>[A-Za-z0-9].*?)-(?P<version>[^-]+)\.dist-info")


_VARIABLE = re.compile(r"\$\{[A-Z0-9_]+\}")


@dataclass(frozen=True, slots=True)
class Installed:
    """The distributions of a site-packages folder: canonical name to versions found.

    ``addresses`` are those that were installed from a URL, each with the spellings a lock may have of it;
    ``edited`` those that were installed with ``-e``, each with its folder.
    """

    versions: Mapping[str, tuple[str, ...]]
    damaged: frozenset[str] = frozenset()
    addresses: Mapping[str, frozenset[str]] = field(default_factory=dict)
    edited: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a distribution says of itself, as its core metadata writes it."""

    version: str
    requires: tuple[str, ...]
    extras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What must be installed and removed so that an environment equals a lock; names are canonical."""

    install: tuple[str, ...]
    remove: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether there is anything to do."""
        return bool(self.install or self.remove)


def installed(site_packages: Path) -> Installed:
    """List the distributions by their ``*.dist-info`` folders (PEP 376); one without RECORD is damaged."""
    versions: dict[str, tuple[str, ...]] = {}
    addresses: dict[str, frozenset[str]] = {}
    edited: dict[str, Path] = {}
    damaged = set()
    for entry in sorted(site_packages.iterdir()):
        match = _DIST_INFO.fullmatch(entry.name)
        if match is None:
            continue
        name = canonical(match["name"])
        versions[name] = (*versions.get(name, ()), match["version"])
        if not (entry / "RECORD").is_file():
            damaged.add(name)
        if (entry / "direct_url.json").is_file():
            record = _direct_url(entry / "direct_url.json")
            addresses[name] = frozenset(_addresses(record))
            folder = _edited_in(record)
            if folder is not None:
                edited[name] = folder
    return Installed(versions, frozenset(damaged), addresses, edited)


def fault(site_packages: Path) -> str | None:
    """Return what no installer can mend: no pip, a distribution that is damaged or there twice; else None."""
    found = installed(site_packages)
    if "pip" not in found.versions.keys() - found.damaged:
        return "pip is missing in it"
    for name, versions in found.versions.items():
        if name in found.damaged:
            return f"its {name} is damaged: the list of its files is missing"
        if len(versions) > 1:
            return f"it holds {name} twice: {' and '.join(versions)}"
    return None


def metadata(site_packages: Path) -> dict[str, Metadata]:
    """Read the core metadata of what is installed; what is there twice or cannot be read is left out."""
    read: dict[str, Metadata | None] = {}
    for entry in sorted(site_packages.iterdir()):
        match = _DIST_INFO.fullmatch(entry.name)
        if match is not None:
            name = canonical(match["name"])
            read[name] = None if name in read else _metadata(entry / "METADATA")
    return {name: found for name, found in read.items() if found is not None}


def listing(site_packages: Path) -> frozenset[str]:
    """Return all names in a site-packages folder: an installer that changed anything there changed these."""
    return frozenset(entry.name for entry in site_packages.iterdir())


def difference(pins: Mapping[str, str], found: Installed, project: Path | None = None) -> Difference:
    """Return what separates ``found`` from ``pins``: canonical name to the version or URL of a lock.

    The project itself stays where it was installed with ``-e``: no lock with hashes can name it.
    """
    own = {name for name, folder in found.edited.items() if folder == project}
    install = tuple(name for name, version in sorted(pins.items()) if not _is_installed(name, version, found))
    kept = pins.keys() | SEEDED | own
    return Difference(install, tuple(sorted(found.versions.keys() - kept)))


def _metadata(path: Path) -> Metadata | None:
    """Read the header fields alone: `email` takes longer to import than all of this."""
    try:
        head = re.split(r"\r?\n[ \t]*\r?\n", path.read_text(encoding="utf-8"), maxsplit=1)[0]
    except (OSError, UnicodeDecodeError):
        return None
    fields: dict[str, list[str]] = {}
    for line in re.sub(r"\r?\n[ \t]+", " ", head).splitlines():
        key, _, value = line.partition(":")
        fields.setdefault(key.lower(), []).append(value.strip())
    versions = fields.get("version", [])
    if len(versions) != 1:
        return None
    return Metadata(
        versions[0], tuple(fields.get("requires-dist", ())), tuple(fields.get("provides-extra", ()))
    )


def _is_installed(name: str, pinned: str, found: Installed) -> bool:
    versions = found.versions.get(name, ())
    if len(versions) != 1 or name in found.damaged:
        return False
    if _is_address(pinned):
        # A lock names a secret by its variable, and what was installed knows the value.
        pattern = ".*".join(map(re.escape, _VARIABLE.split(_bare(pinned))))
        return any(re.fullmatch(pattern, url) for url in found.addresses.get(name, ()))
    return same_version(versions[0], pinned)


def _is_address(pinned: str) -> bool:
    return ":" in pinned


def _bare(address: str) -> str:
    """Return a URL as installers record it (PEP 610): without login and fragment."""
    return re.sub(r"(://)[^/@]*@", r"\1", unquote(address.partition("#")[0]))


def _direct_url(path: Path) -> dict[str, Any]:
    """Return what a distribution was installed from (PEP 610), nothing where that cannot be read."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        return record if isinstance(record["url"], str) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _addresses(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the address of a file, or that of a repository at a revision."""
    repository = record.get("vcs_info")
    if record and repository is None:
        yield _bare(record["url"])
    if not isinstance(repository, dict) or "vcs" not in repository:
        return
    address = f"{repository['vcs']}+{_bare(record['url'])}"
    for key in ("commit_id", "requested_revision"):
        if key in repository:
            yield f"{address}@{repository[key]}"
    if "requested_revision" not in repository:
        yield address


def _edited_in(record: Mapping[str, Any]) -> Path | None:
    """Return the folder of what was installed with ``-e``."""
    told = record.get("dir_info")
    if not isinstance(told, dict) or told.get("editable") is not True:
        return None
    from urllib.parse import urlsplit
    from urllib.request import url2pathname

    try:
        address = urlsplit(record["url"])
        return Path(url2pathname(address.path)).resolve() if address.scheme == "file" else None
    except (OSError, ValueError, RuntimeError):
        return None  # no path, or one that leads in a circle


def same_version(one: str, other: str) -> bool:
    """Compare versions by meaning (PEP 440): ``1.0`` is ``1.0.0``, ``1.0-1`` is ``1.0.post1``."""
    if one == other:
        return True
    # Only for the odd pair: packaging costs more to import than all other comparisons together.
    from packaging.version import InvalidVersion, Version

    try:
        return Version(one.replace("_", "-")) == Version(other)
    except InvalidVersion:
        return False


def modules(site_packages: Path) -> dict[str, frozenset[str]]:
    """Return the modules that each distribution brings, by its list of files (PEP 376)."""
    return {name: frozenset(_modules_of(entry / "RECORD")) for name, entry in _entries(site_packages)}


def _modules_of(record: Path) -> Iterator[str]:
    try:
        lines = record.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        path = line.strip('"').partition(",")[0]
        first, _, rest = path.partition("/")
        if rest and path.endswith((".py", ".so", ".pyd")) and "." not in first:
            yield first
        elif not rest and first.endswith((".py", ".so", ".pyd")):
            yield first.partition(".")[0]


def _entries(site_packages: Path) -> Iterator[tuple[str, Path]]:
    for entry in sorted(site_packages.iterdir()):
        match = _DIST_INFO.fullmatch(entry.name)
        if match is not None:
            yield canonical(match["name"]), entry
