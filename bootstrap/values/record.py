"""Which defaults the example has had, so that one that was taken over is told from a user's own value.

Kept in the user's cache folder as keyed digests, since an example may hold by mistake what is secret; the
history of the example in git tells the same for values that were written by hand.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path

from bootstrap.envfiles.document import Document, parse
from bootstrap.errors import BootstrapError
from bootstrap.system import files, host
from bootstrap.values.place import Place

_MOST_VERSIONS = 200
_MOST_DEFAULTS = 20


def remember(root: Path, example: Document) -> None:
    """Add the defaults of the example to those remembered; without a cache folder nothing is."""
    salt, known = _load(root)
    for entry in example.entries:
        digest = _digest(salt, entry.key, entry.value)
        kept = [other for other in known.get(entry.key, []) if other != digest]
        known[entry.key] = [*kept, digest][-_MOST_DEFAULTS:]
    content = json.dumps({"salt": salt, "defaults": known}).encode()
    try:
        path = _path(root)
        files.make_folder(path.parent)
        files.write_atomic(path, content, mode=0o600)
    except BootstrapError:
        return


def earlier(place: Place) -> Callable[[str, str], bool]:
    """Return what says whether a key once had a value as its default."""
    salt, known = _load(place.project.root)
    committed: set[tuple[str, str]] | None = None

    def was_default(key: str, value: str) -> bool:
        nonlocal committed
        if _digest(salt, key, value) in known.get(key, []):
            return True
        if committed is None:
            committed = _committed(place)
        return (key, value) in committed

    return was_default


def _committed(place: Place) -> set[tuple[str, str]]:
    """Return the defaults that the example has had in git; of several lines alone, none."""
    from bootstrap.gitignore import git

    repo = git.repository(place.project.root, place.environ.get("PATH"))
    if not isinstance(repo, git.Repository):
        return set()
    found = set()
    for line in git.versions_of(repo, place.example_name, _MOST_VERSIONS):
        try:
            found |= {(e.key, e.value) for e in parse(line.encode(), place.example_name).entries}
        except BootstrapError:
            continue
    return found


def _load(root: Path) -> tuple[str, dict[str, list[str]]]:
    """Return the key of the digests and the digests by key; a damaged record is none."""
    try:
        loaded = json.loads(_path(root).read_bytes())
        salt, defaults = loaded["salt"], loaded["defaults"]
        if isinstance(salt, str) and isinstance(defaults, Mapping):
            return salt, {key: list(map(str, digests)) for key, digests in defaults.items()}
    except (OSError, ValueError, KeyError, TypeError, BootstrapError):
        pass
    return secrets.token_hex(16), {}


def _digest(salt: str, key: str, value: str) -> str:
    return hmac.new(salt.encode(), f"{key}\0{value}".encode(), hashlib.sha256).hexdigest()


def _path(root: Path) -> Path:
    name = hashlib.sha256(os.fsencode(root)).hexdigest()[:16]
    return host.cache_folder() / "defaults" / f"{name}.json"
