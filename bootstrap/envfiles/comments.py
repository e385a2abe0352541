"""Which comment lines belong to which key, and what their plain words say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bootstrap.envfiles.decorators import is_decorator_line
from bootstrap.envfiles.document import Document, Entry
from bootstrap.envfiles.patterns import lazily

_COMMENT = lazily(r"\s*#")
_DIVIDER = lazily(r"\s*#[ \t]*[-=*#]{3}")
_COMMENTED_OUT = lazily(r"\s*#[ \t]{0,2}(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=")
_WORD = r"(?P<word>optional|required)"
_BEGINS = lazily(rf"{_WORD}(?:\s*[:.,;]|\s+[-\u2013\u2014]|[-\u2013\u2014]\s|\s*$)", re.IGNORECASE)
_ENDS = lazily(rf"(?:\({_WORD}\)\.?$)|, (?P<last>optional)\.?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CommentLine:
    """One comment: its line, counted from 1, and its text with the ``#`` and without the line ending."""

    line: int
    text: str

    @property
    def words(self) -> str:
        """The text behind the ``#``."""
        return self.text.strip().lstrip("#").strip()

    @property
    def is_decorator(self) -> bool:
        """Whether the line begins with a decorator."""
        return is_decorator_line(self.text)

    @property
    def is_divider(self) -> bool:
        """Whether the line is a rule such as ``# ---``, which detaches what stands above it."""
        return _DIVIDER.match(self.text) is not None

    @property
    def commented_out(self) -> str | None:
        """The key of ``# KEY=value``."""
        match = _COMMENTED_OUT.match(self.text)
        return match[1] if match else None


@dataclass(frozen=True, slots=True)
class Commented:
    """The comments of a document: each key's own ones, and those that belong to none."""

    attached: tuple[tuple[Entry, tuple[CommentLine, ...]], ...]
    detached: tuple[CommentLine, ...]

    def every(self) -> Iterator[CommentLine]:
        """Each comment line, of a key or not."""
        yield from self.detached
        for _, comments in self.attached:
            yield from comments


def comments_of(document: Document) -> Commented:
    """Give the comment lines directly above a key to it; a blank line or a divider detaches (@env-spec)."""
    attached, detached = [], []
    above = 0
    for entry in document.entries:
        between = _comment_lines(document, above, entry.line - 1)
        own = _directly_above(between, entry.line)
        attached.append((entry, tuple(own)))
        detached += between[: len(between) - len(own)]
        above = entry.last_line
    detached += _comment_lines(document, above, len(document.lines))
    return Commented(tuple(attached), tuple(detached))


def block_above(document: Document, entry: Entry, above: int) -> int:
    """Return the index of the first line of the comment block that an entry moves with.

    ``above`` is the last line of the entry before it, 0 for the first: there the file's header ends at
    its last divider. Elsewhere a block includes its dividers, so a section title moves with its key.
    """
    lines = _comment_lines(document, above, entry.line - 1)
    start = entry.line
    for comment in reversed(lines):
        if comment.line != start - 1 or (above == 0 and comment.is_divider):
            break
        start = comment.line
    return start - 1


def description(comments: tuple[CommentLine, ...], key: str) -> tuple[str, ...]:
    """Return the plain words about a key; those above another, commented-out key are about that one."""
    words: list[str] = []
    for comment in comments:
        if comment.commented_out not in (None, key):
            words.clear()
        elif not comment.is_decorator and comment.commented_out is None and comment.words:
            words.append(comment.words)
    return tuple(words)


def required_by_words(words: tuple[str, ...]) -> bool | None:
    """Return what a line that begins or ends with "optional" or "required" says; None where none does."""
    for line in words:
        if match := _BEGINS.match(line) or _ENDS.search(line):
            return match["word"] is not None and match["word"].lower() == "required"
    return None


def _comment_lines(document: Document, start: int, end: int) -> list[CommentLine]:
    return [
        CommentLine(number, line.rstrip("\r\n"))
        for number, line in enumerate(document.lines[start:end], start=start + 1)
        if _COMMENT.match(line)
    ]


def _directly_above(comments: list[CommentLine], line: int) -> list[CommentLine]:
    own: list[CommentLine] = []
    for comment in reversed(comments):
        if comment.line != line - 1 or comment.is_divider:
            break
        own.insert(0, comment)
        line = comment.line
    return own
