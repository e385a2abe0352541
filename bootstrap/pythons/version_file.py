"""``.python-version`` as pyenv reads it (libexec/pyenv-version-file-read), and a byte order mark forgiven."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import UsageError

NAME = ".python-version"
LIMIT = 4096
"""The most bytes a file may have; a real one has about seven."""

_CONFLICT = "<<<<<<<"

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Word:
    """A version as it stands in the file; ``line`` counts from 1."""

    text: str
    line: int


def find(start: Path) -> Path | None:
    """Return the file that counts for a project's root, or None."""
    return next((path for path in candidates(start) if path.is_file()), None)


def candidates(start: Path) -> list[Path]:
    """Return where the file may lie, the nearest first: from a project's root up to its git root.

    Without a git root only the project itself counts: further up lies what no other checkout has.
    """
    folders = (start, *start.parents)
    top = next((index for index, folder in enumerate(folders) if (folder / ".git").exists()), 0)
    return [folder / NAME for folder in folders[: top + 1]]


def parse(content: bytes, name: str) -> tuple[Word, ...]:
    """Return the first word of each line that is neither blank nor a comment.

    Raises ``UsageError`` for a file that is not UTF-8 text, has more than 4096 bytes, or in which a merge
    left its marks.
    """
    lines = _decode(content, name).split("\n")
    firsts = ((line.split(maxsplit=1), number) for number, line in enumerate(lines, 1))
    words = tuple(
        Word(words[0], number) for words, number in firsts if words and not words[0].startswith("#")
    )
    marked = next((word for word in words if word.text == _CONFLICT), None)
    if marked is not None:
        hint = f"keep the line of {name} that is right and delete the rest"
        raise _unreadable(name, "has an unresolved merge conflict", hint, marked.line)
    return words


def notes(content: bytes, words: Sequence[Word], name: str) -> tuple[str, ...]:
    """Return what the user should hear about a file that could be read."""
    said = []
    if content.startswith(codecs.BOM_UTF8):
        said.append(f"{name} begins with a byte order mark, which pyenv takes for a part of the version")
    if len(words) > 1:
        said.append(f"{name} names {len(words)} versions, the first is taken: {words[0].text}")
    return tuple(said)


def _decode(content: bytes, name: str) -> str:
    rewrite = f"save {name} as UTF-8: one line with a version, as in 3.13"
    if len(content) > LIMIT:
        raise _unreadable(name, f"has more than {LIMIT} bytes, so it is not a list of versions", rewrite)
    encoding = next((known for mark, known in _MARKS if content.startswith(mark)), None)
    if encoding is None and b"\0" in content:
        encoding = "UTF-16 without a byte order mark, or binary"
    if encoding is not None:
        raise _unreadable(name, f"is {encoding}, not UTF-8", rewrite)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"is not UTF-8: byte 0x{content[error.start]:02x} in line {line}"
        raise _unreadable(name, found, rewrite, line) from None


def _unreadable(name: str, found: str, hint: str, line: int | None = None) -> UsageError:
    return UsageError(f"{name} {found}", hint=hint, code="bad-python-version", file=name, line=line)
