"""Text that may be printed: without control characters, as the stream can hold it, cut to a width."""

from __future__ import annotations

import re
import unicodedata

# CSI sequences, OSC and other strings with their end (an unfinished one must not swallow what follows it),
# and the two-character escapes (ECMA-48).
_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"
    r"|\x1b[ -/]*[0-~]"
)
# Marks that make a terminal show text in another order than it is written in.
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_WIDE = ("F", "W")
_NO_CELL = ("Cf", "Me", "Mn")
_LABELS = {"venv": ".venv", "install": "packages", "gitignore": ".gitignore", "env": ".env"}


def step_label(name: str) -> str:
    """Return what a step is called in lines for people: the file it is about, where there is one."""
    return _LABELS.get(name, name)


def printable(text: str) -> str:
    """Return text from outside without escape sequences and control characters but line feeds."""
    plain = _ESCAPES.sub("", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(char for char in plain if char == "\n" or _is_shown(char))


def fitting(text: str, encoding: str | None) -> str:
    """Return the text with what the stream's encoding cannot hold written as an escape."""
    encoding = encoding or "ascii"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def cells(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    return sum(_cells_of(char) for char in text)


def cut(text: str, width: int) -> str:
    """Return the text, its end replaced by ``...`` where it is wider than ``width`` columns."""
    if cells(text) <= width:
        return text
    dots = "..."[: max(width, 0)]
    room = width - len(dots)
    kept = 0
    for position, char in enumerate(text):
        kept += _cells_of(char)
        if kept > room:
            return text[:position] + dots
    return text


def _is_shown(char: str) -> bool:
    return unicodedata.category(char) != "Cc" and char not in _BIDI


def _cells_of(char: str) -> int:
    if unicodedata.category(char) in _NO_CELL:
        return 0
    return 2 if unicodedata.east_asian_width(char) in _WIDE else 1
