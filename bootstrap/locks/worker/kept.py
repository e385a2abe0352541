"""What metadata files say, by their hash, kept from one lock of a project to the next.

The same hash is the same file: nobody has to be asked for it, not even the cache of pip, which knows files by
their addresses and answers slowly.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path


class Kept:
    """The texts that were used the last time, and those that are used now, which are kept for the next."""

    def __init__(self) -> None:
        self._path = ""
        self._known: dict[str, str] = {}
        self._used: dict[str, str] = {}

    def load(self, path: str) -> None:
        """Read the file, if there is one that can be read, and remember where it lies."""
        self._path = path
        with contextlib.suppress(OSError, ValueError):
            known = json.loads(Path(path).read_bytes())
            if isinstance(known, dict) and all(isinstance(text, str) for text in known.values()):
                self._known = known

    def find(self, digest: str | None) -> str | None:
        """Return the text with a hash, or None."""
        return None if digest is None else self.add(digest, self._known.get(digest))

    def add(self, digest: str | None, text: str | None) -> str | None:
        """Keep a text that has been checked against its hash, and return it."""
        if digest is not None and text is not None:
            self._used[digest] = text
        return text

    def save(self) -> None:
        """Write what was used, if that is not what there is; it matters to nobody where that fails."""
        if not self._path or self._used.keys() == self._known.keys():
            return
        # The folder for temporary files lies beside it; what a killed run leaves there, the next one clears.
        with contextlib.suppress(OSError), tempfile.NamedTemporaryFile("w", delete=False) as file:
            json.dump(self._used, file)
            file.close()
            Path(file.name).replace(self._path)
