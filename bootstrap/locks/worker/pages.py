"""Index pages, read once for all layers, and only as far as the question at hand needs.

Most of the time of a resolution goes into building links for files that can never be chosen: wheels of
other platforms, versions that a requirement excludes. A page here knows the version and the tags of each
file from its name alone, and builds pip's links only for those that remain.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

JSON = "application/vnd.pypi.simple.v1+json"

# By either kind of page, after PEP 714 and before.
_METADATA = ("core-metadata", "dist-info-metadata", "data-core-metadata", "data-dist-info-metadata")


class File(NamedTuple):
    """One file of a page: its version as its name tells it, and its tags (empty for what is no wheel)."""

    version: str
    tags: str
    raw: Any


class Page:
    """The files of one project on one index; ``build`` turns a raw entry into pip's link, or None."""

    def __init__(self, files: list[File], build: Callable[[Any], Any]) -> None:
        self._files = files
        self._build = build
        self._links: dict[int, Any] = {}
        self._numbers: dict[str, list[int]] = {}
        self._sorted: list[tuple[Any, str]] | None = None
        for number, file in enumerate(files):
            self._numbers.setdefault(file.version, []).append(number)

    @property
    def has_metadata(self) -> bool:
        """Whether the index serves metadata files beside the wheels (PEP 658, PEP 714)."""
        newest: Any = next((file.raw for file in reversed(self._files) if file.tags), {})
        return any(newest.get(key) for key in _METADATA)

    def newest_first(self, parse: Callable[[str], Any]) -> list[tuple[Any, str]]:
        """Return the versions, parsed and as written; without those that ``parse`` returns None for."""
        if self._sorted is None:
            parsed = [(parse(version), version) for version in self._numbers]
            known = [each for each in parsed if each[0] is not None]
            self._sorted = sorted(known, key=lambda each: each[0], reverse=True)
        return self._sorted

    def links(
        self, is_wanted: Callable[[str], bool], is_supported: Callable[[str], bool] | None = None
    ) -> Iterator[Any]:
        """Return links of the files whose version is wanted and whose wheel tags are supported."""
        wanted = [numbers for version, numbers in self._numbers.items() if is_wanted(version)]
        for number in sorted(number for numbers in wanted for number in numbers):
            file = self._files[number]
            if is_supported is not None and file.tags and not is_supported(file.tags):
                continue
            if number not in self._links:
                self._links[number] = self._build(file.raw)
            if self._links[number] is not None:
                yield self._links[number]


def read_json(content: bytes, name: str, build: Callable[[Any], Any]) -> Page:
    """Read a page of the JSON API (PEP 691)."""
    entries = json.loads(content).get("files", ())
    return Page([_file(str(entry.get("filename", "")), name, entry) for entry in entries], build)


def of_anchors(anchors: Iterable[Any], name: str, build: Callable[[Any], Any]) -> Page:
    """Make a page of the attributes of each anchor of an HTML page (PEP 503)."""
    return Page([_file(_name(anchor.get("href") or ""), name, anchor) for anchor in anchors], build)


def _name(address: str) -> str:
    """Return the file's name in an address."""
    return unquote(address.partition("#")[0].partition("?")[0].rpartition("/")[2])


def _file(filename: str, name: str, raw: Any) -> File:
    if filename.endswith(".whl"):
        # name-version(-build)?-python-abi-platform.whl (the wheel specification, "File name convention")
        words = filename[:-4].split("-")
        return File(words[1], "-".join(words[-3:]), raw) if len(words) in (5, 6) else File("", "", raw)
    return File(_version_of_archive(filename, name), "", raw)


def _version_of_archive(filename: str, name: str) -> str:
    """Return the version in the name of a source archive, or nothing where pip must find out itself."""
    for end in (".tar.gz", ".zip", ".tar.bz2", ".tgz"):
        stem = filename[: -len(end)]
        if filename.endswith(end) and len(stem) > len(name):
            return stem[len(name) + 1 :]
    return ""
