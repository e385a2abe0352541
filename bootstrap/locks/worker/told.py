"""What a metadata file tells of a distribution, kept in memory.

pip writes each to a folder of its own, to read it from there, with the description, four times.
"""

from __future__ import annotations

import re
from functools import cached_property
from importlib.metadata import Distribution
from typing import Any

from hooks import metadata

_BLANK_LINE = re.compile(r"\r?\n\r?\n")


def distribution(headers: str, filename: str, name: str) -> Any:
    """Return pip's distribution for a metadata file; where pip reads them otherwise, made by pip itself."""
    backend = metadata.select_backend()
    if backend.NAME != "importlib":
        return metadata.get_metadata_distribution(headers.encode(), filename, name)
    return backend.Distribution(_Told(headers), None, None)


def headers(text: str) -> str:
    """Return a metadata file without the description that may follow (core metadata, "Description")."""
    return _BLANK_LINE.split(text, 1)[0]


class _Told(Distribution):
    """A distribution of which only the metadata file is there."""

    def __init__(self, headers: str) -> None:
        self._headers = headers

    def read_text(self, filename: str) -> str | None:
        """Return the headers of the metadata file; there is no other."""
        return self._headers if filename == "METADATA" else None

    def locate_file(self, path: Any) -> Any:
        """Refuse: there are no files."""
        raise NotImplementedError(path)

    @cached_property
    def metadata(self) -> Any:
        """The headers, parsed once."""
        return super().metadata
