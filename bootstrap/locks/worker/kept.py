"""What metadata files say, by their hash, kept from one lock of a project to the next.

The same hash is the same file: nobody has to be asked for it, not even the cache of pip, which knows files by
their addresses and answers slowly.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path

FORMAT = 1
"""Another number where `told.headers` cuts otherwise: what is kept cannot be checked against its hash."""

_MOST = 300
"""Texts that are kept, of those that are not used any more the newest; all that are used are kept."""


class Kept:
    """The texts that there are, and those that are used."""

    def __init__(self) -> None:
        self._path = ""
        self._known: dict[str, str] = {}
        self._used: dict[str, str] = {}

    def load(self, path: str) -> None:
        """Read the file, if there is one that can be read, and remember where it lies."""
        self._path = path
        with contextlib.suppress(OSError, ValueError, RecursionError, AttributeError):
            found = json.loads(Path(path).read_bytes())
            texts = found.get("texts") if found.get("format") == FORMAT else {}
            if all(isinstance(text, str) for text in texts.values()):
                self._known = texts

    def find(self, digest: str | None) -> str | None:
        """Return the text of the file with a SHA-256, or None."""
        text = None if digest is None else self._known.get(digest)
        if digest is not None and text is not None:
            self._used[digest] = text
        return text

    def add(self, digest: str, text: str) -> None:
        """Keep the text of a file by its SHA-256, which is right and not only what an index told."""
        self._used[digest] = text

    def save(self) -> None:
        """Write what is to be kept, where something is new; it matters to nobody where that fails."""
        # Threads that fetch ahead may still add some.
        used = dict(self._used)
        if not self._path or used.keys() <= self._known.keys():
            return
        unused = [digest for digest in self._known if digest not in used]
        left = unused[max(len(unused) + len(used) - _MOST, 0) :]
        texts = {digest: self._known[digest] for digest in left} | used
        # The folder for temporary files lies beside it; what a killed run leaves there, the next one clears.
        with contextlib.suppress(OSError), tempfile.NamedTemporaryFile("w", delete=False) as file:
            json.dump({"format": FORMAT, "texts": texts}, file)
            file.close()
            Path(file.name).replace(self._path)
