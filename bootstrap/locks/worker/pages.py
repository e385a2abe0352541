"""Index pages, read once for all layers, and only as far as the question at hand needs.

Most of the time of a resolution goes into files that can never be chosen: wheels of other platforms, versions
that a requirement excludes. A page here knows the version of each file from its name alone; what else the
index says of a file is read, and made into pip's link, only for those that remain.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import unquote

JSON = "application/vnd.pypi.simple.v1+json"

# By either kind of page, after PEP 714 and before.
_METADATA = ("core-metadata", "dist-info-metadata", "data-core-metadata", "data-dist-info-metadata")
_FILENAME = re.compile(r'"filename"\s*:\s*"([^"\\]*)"')
_DECODER = json.JSONDecoder()


class Entries(Protocol):
    """What a page says of its files, in order."""

    names: list[str]

    def __getitem__(self, number: int) -> Any:
        """Return the entry of one file."""


class Page:
    """The files of one project on one index; ``build`` turns an entry into pip's link, or None."""

    def __init__(
        self,
        entries: Entries,
        name: str,
        build: Callable[[Any], Any],
        links: dict[int, Any] | None = None,
        among: Iterable[int] | None = None,
    ) -> None:
        self._entries = entries
        self._name = name
        self._build = build
        self._links = {} if links is None else links
        self._among = range(len(entries.names)) if among is None else among
        self._narrowed: dict[re.Pattern[str], Page] = {}

    def narrowed(self, pattern: re.Pattern[str] | None) -> Page:
        """Return a page of those files in whose names a pattern is found, and of those that have no name."""
        if pattern is None:
            return self
        if pattern not in self._narrowed:
            search = pattern.search
            among = [number for number, name in enumerate(self._entries.names) if not name or search(name)]
            self._narrowed[pattern] = Page(self._entries, self._name, self._build, self._links, among)
        return self._narrowed[pattern]

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        numbers: dict[str, list[int]] = {}
        for number in self._among:
            numbers.setdefault(version_of(self._entries.names[number], self._name), []).append(number)
        return numbers

    @property
    def versions(self) -> Iterable[str]:
        """The versions as the files' names tell them; one that no name tells is the empty text."""
        return self._numbers.keys()

    @property
    def has_metadata(self) -> bool:
        """Whether the index serves metadata files beside the wheels (PEP 658, PEP 714)."""
        names = self._entries.names
        newest = next((number for number in reversed(range(len(names))) if tags_of(names[number])), None)
        return newest is not None and any(self._entries[newest].get(key) for key in _METADATA)

    def links(
        self, versions: Iterable[str], is_supported: Callable[[str], bool] | None = None
    ) -> Iterator[Any]:
        """Return links of the files of these versions whose wheel tags are supported, in the page's order."""
        wanted = [number for version in versions for number in self._numbers.get(version, ())]
        for number in sorted(wanted):
            tags = tags_of(self._entries.names[number])
            if is_supported is not None and tags and not is_supported(tags):
                continue
            if number not in self._links:
                self._links[number] = self._build(self._entries[number])
            if self._links[number] is not None:
                yield self._links[number]


def read_json(content: bytes, name: str, build: Callable[[Any], Any]) -> Page:
    """Read a page of the JSON API (PEP 691)."""
    text = content.decode()
    unread = _Unread(text)
    entries = unread if unread.can_be_told_apart else _Read(json.loads(text).get("files", ()))
    return Page(entries, name, build)


def of_anchors(anchors: Iterable[Any], name: str, build: Callable[[Any], Any]) -> Page:
    """Make a page of the attributes of each anchor of an HTML page (PEP 503)."""
    listed = list(anchors)
    return Page(_Read(listed, [_name(anchor.get("href") or "") for anchor in listed]), name, build)


class _Read:
    """Entries that are all read."""

    def __init__(self, entries: Iterable[Any], names: list[str] | None = None) -> None:
        self._entries = list(entries)
        self.names = names or [str(entry.get("filename", "")) for entry in self._entries]

    def __getitem__(self, number: int) -> Any:
        return self._entries[number]


class _Unread:
    """Entries of a JSON page, each read where it is asked for: of thousands it is a few."""

    def __init__(self, text: str) -> None:
        self.names = _FILENAME.findall(text)
        self._text = text
        self._last = (0, 0)

    @property
    def can_be_told_apart(self) -> bool:
        """Whether each key stands for a file of its own, and the page seems whole."""
        keys = self._text.count('"filename"')
        return len(self.names) == len(set(self.names)) == keys and self._text.rstrip().endswith("}")

    def __getitem__(self, number: int) -> Any:
        """Read the object that holds a file's name: it begins behind the name of the file before it."""
        name = self.names[number]
        last, place = self._last
        key = self._text.find(f'"{name}"', place if number > last else 0)
        self._last = number, key
        before = f'"{self.names[number - 1]}"' if number else '"files"'
        begin = self._text.find("{", max(self._text.rfind(before, 0, key), 0), key)
        while begin >= 0:
            with contextlib.suppress(ValueError):
                entry, _ = _DECODER.raw_decode(self._text, begin)
                if entry.get("filename") == name:
                    return entry
            begin = self._text.find("{", begin + 1, key)
        return self._all.get(name, {})

    @cached_property
    def _all(self) -> dict[str, Any]:
        return {entry.get("filename"): entry for entry in json.loads(self._text).get("files", ())}


def tags_of(filename: str) -> str:
    """Return a wheel's tags, or nothing for what is no wheel."""
    return "-".join(filename[:-4].split("-")[-3:]) if _is_wheel(filename) else ""


def version_of(filename: str, name: str) -> str:
    """Return the version that a file's name tells, or nothing where pip must find out itself."""
    if filename.endswith(".whl"):
        return filename.split("-", 2)[1] if _is_wheel(filename) else ""
    for end in (".tar.gz", ".zip", ".tar.bz2", ".tgz"):
        stem = filename[: -len(end)]
        if filename.endswith(end) and len(stem) > len(name):
            return stem[len(name) + 1 :]
    return ""


def _is_wheel(filename: str) -> bool:
    # name-version(-build)?-python-abi-platform.whl (the wheel specification, "File name convention")
    return filename.endswith(".whl") and filename.count("-") in (4, 5)


def _name(address: str) -> str:
    """Return the file's name in an address, or nothing where pip takes name and version from elsewhere."""
    path, _, fragment = address.partition("#")
    return "" if "egg=" in fragment else unquote(path.partition("?")[0].rpartition("/")[2])
