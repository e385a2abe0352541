"""Versions in order and against specifiers, parsed only where a look at the text does not tell.

A project that has been around for long shows hundreds of them, and to parse one costs more than all else that
is done with its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from hooks import InvalidVersion, Version

# The epoch and the release (PEP 440); the order of versions is the order of these, then of what follows.
_RELEASE = re.compile(r"v?(?:(\d+)!)?(\d+(?:\.\d+)*)", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"\d+(?:\.\d+)*", re.ASCII)

Release = tuple[int, tuple[int, ...]]


@cache
def parsed(text: str) -> Any:
    """Return a version parsed, or None for what is none."""
    try:
        return Version(text)
    except InvalidVersion:
        return None


@cache
def release(text: str) -> Release | None:
    """Return the epoch and the release, without zeros at its end; None for what cannot be a version."""
    match = _RELEASE.match(text)
    if match is None:
        return None
    numbers = [int(number) for number in match[2].split(".")]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return int(match[1] or 0), tuple(numbers)


def is_version(text: str) -> bool:
    """Say whether a text is a version."""
    return _WHOLE.fullmatch(text) is not None or parsed(text) is not None


def newest_first(texts: Iterable[str]) -> Iterator[tuple[Any, str]]:
    """Return the versions, parsed and as written, from the newest down; what is no version is left out."""
    alike: dict[Release, list[str]] = {}
    for text in texts:
        key = release(text)
        if key is not None:
            alike.setdefault(key, []).append(text)
    for key in sorted(alike, reverse=True):
        known = [(parsed(text), text) for text in alike[key]]
        yield from sorted((each for each in known if each[0] is not None), key=_first, reverse=True)


def _first(pair: tuple[Any, str]) -> Any:
    return pair[0]


class Specifier:
    """Answers whether a version can satisfy a specifier.

    Pre-releases and what is no version are pip's to judge. ``pattern`` is found in every file's name that
    tells a version which can, and in few others; it is None for a specifier that is no pin.
    """

    def __init__(self, specifier: Any) -> None:
        text = str(specifier or "")
        self._specifier: Any = None if not text or "===" in text else specifier
        self._pinned = {release(one.version) for one in specifier or () if _pins(one)}
        pinned = None if self._specifier is None else next(iter(self._pinned), None)
        self.pattern = None if pinned is None else _pattern(pinned)
        self._known: dict[str, bool] = {}

    def allows(self, text: str) -> bool:
        """Say whether a version may be chosen."""
        if self._specifier is None:
            return True
        if text not in self._known:
            self._known[text] = self._judge(text)
        return self._known[text]

    def _judge(self, text: str) -> bool:
        if self._pinned and _WHOLE.fullmatch(text) and release(text) not in self._pinned:
            return False
        version = parsed(text)
        return version is None or bool(self._specifier.contains(version, prereleases=True))


def _pattern(pinned: Release) -> re.Pattern[str]:
    """Return what finds a release in a file's name, however many zeros it is written with.

    It begins with a character that is found fast: a name has few of them.
    """
    numbers = r"\.".join(f"0*{number}" for number in pinned[1])
    return re.compile(rf"-[vV]?(?:\d+!)?{numbers}(?:\.0+)*(?!\.?\d)")


def _pins(one: Any) -> bool:
    return one.operator == "==" and not one.version.endswith(".*")
