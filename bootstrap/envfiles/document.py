"""An env file as a lossless document on python-dotenv's parser: what is not edited stays byte for byte.

Lines that can only mean one thing (``KEY=value`` of harmless characters, a comment, nothing) are read here:
that parser takes ten times as long for them, and a check of thousands of keys has to be quick.

python-dotenv passes over a bad line with a log record and lets an unterminated quote swallow the next
keys; here both are errors. Values agree with ``load_dotenv(override=False)``.
"""

from __future__ import annotations

import codecs
import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from bootstrap.envfiles.decoding import decode
from bootstrap.envfiles.patterns import lazily
from bootstrap.errors import BootstrapError

if TYPE_CHECKING:
    from bootstrap.envfiles.dotenv_parser import Binding, Reader

_LINE = lazily(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_PLAIN_LINE = re.compile(
    r"(?:([A-Za-z_][A-Za-z0-9_]*)=(?:([A-Za-z0-9_./:@%+,;=?&~$*!|^()\[\]{}<>-]*)"
    r"|\"([^\"\\\r\n]*)\"|'([^'\\\r\n]*)')|[ \t]*(?:#[^\r\n]*)?)(?:\r\n|[\r\n]|\Z)"
)
# The group of a value without quotes; those after it have some.
_BARE = 2
_BEFORE_VALUE = lazily(
    r"\s*(?:export[^\S\r\n]+)?(?:'[^']+'|[^=#\s]+)[^\S\r\n]*=(?P<gap>[^\S\r\n]*)",
)
_QUOTED_VALUE = lazily(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)
_PLAIN_VALUE = lazily(r"[^\r\n]*")
_INLINE_COMMENT = lazily(r"\s+#")
_COMMENT_AHEAD = lazily(r"[^\S\r\n]*#")


@dataclass(frozen=True, slots=True)
class Entry:
    """One ``KEY=value``: its value unquoted but not expanded, its lines, and where the value stands.

    ``line`` and ``last_line`` count from 1; ``start`` and ``end`` are the characters of the value with its
    quotes in ``Document.text``; ``commented`` says that an inline comment follows it.
    """

    key: str
    value: str = field(repr=False)
    line: int
    last_line: int
    start: int
    end: int
    commented: bool


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed env file; ``lines`` keep their endings, ``bom`` is the UTF-8 mark that ``text`` lacks."""

    name: str
    text: str = field(repr=False)
    bom: bool
    lines: tuple[str, ...] = field(repr=False)
    entries: tuple[Entry, ...]

    @property
    def newline(self) -> str:
        """The line ending of the file, told by its first line; a line feed where there is none."""
        first = self.lines[0] if self.lines else ""
        return first[len(first.rstrip("\r\n")) :] or "\n"

    @property
    def last_entries(self) -> dict[str, Entry]:
        """The entry that counts for each key: the last one."""
        return {entry.key: entry for entry in self.entries}

    def render(self) -> bytes:
        """Return the bytes of the file; those it was parsed from where nothing was edited."""
        return (codecs.BOM_UTF8 if self.bom else b"") + self.text.encode()

    def resolved(self, host: Mapping[str, str], *, override: bool = False) -> dict[str, str]:
        """Return the file's own values with ``${VAR}`` and ``${VAR:-default}`` expanded.

        A reference reads the host first, then the keys above it, as in ``load_dotenv(override=False)``;
        what a program then sees is ``{**document.resolved(host), **host}``. With ``override`` the file comes
        first, as in ``load_dotenv(override=True)``.
        """
        values: dict[str, str] = {}
        # ChainMap asks for mappings it may write to, yet only lookups happen here; the host is not
        # copied, since on Windows its own lookup ignores case.
        outside = cast("MutableMapping[str, str]", host)
        seen = ChainMap(values, outside) if override else ChainMap(outside, values)
        for entry in self.entries:
            values[entry.key] = _expanded(entry.value, seen) if "${" in entry.value else entry.value
        return values

    def with_value(self, key: str, value: str) -> Document:
        """Return the document with another value for ``key``; see ``with_values``."""
        return self.with_values({key: value})

    def with_values(self, values: Mapping[str, str]) -> Document:
        """Return the document with other values for some of its keys; nothing but their text changes.

        Of a key that stands twice, the last one is set: it is the one that counts. The result is parsed
        back and compared. Raises ``KeyError`` for a key that is not in the document and ``UsageError``
        (code ``unwritable-value``) for a value that does not survive being written.
        """
        from bootstrap.envfiles.quoting import quoted, refuse_unwritable

        entries = self.last_entries
        text = self.text
        for entry in sorted((entries[key] for key in values), key=lambda entry: -entry.start):
            value = values[entry.key]
            refuse_unwritable(entry.key, value)
            old = self.text[entry.start : entry.end]
            new = quoted(value, old=old, commented=entry.commented, newline=self.newline)
            text = text[: entry.start] + new + text[entry.end :]
        edited = _read(text, self.name, bom=self.bom)
        new_values = {entries[key].start: value for key, value in values.items()}
        verify(edited, [(entry.key, new_values.get(entry.start, entry.value)) for entry in self.entries])
        return edited


def parse(content: bytes, name: str) -> Document:
    """Read an env file; ``name`` is how messages call it.

    Raises ``UsageError`` with the statement's own line and nothing of its text: ``unterminated-quote``,
    and ``unparsable`` for a bad line, a bad key, a key without ``=`` and anything that is not UTF-8.
    """
    bom, text = decode(content, name)
    return _read(text, name, bom=bom)


def verify(document: Document, wanted: list[tuple[str, str]]) -> None:
    """Raise ``BootstrapError`` unless the document says exactly ``wanted``: key and value, in order."""
    if [(entry.key, entry.value) for entry in document.entries] != wanted:
        raise BootstrapError(
            f"{document.name} would not read back as it was meant, so it is left as it is",
            hint=f"edit {document.name} by hand",
            code="unwritable-value",
            file=document.name,
        )


def _read(text: str, name: str, *, bom: bool) -> Document:
    lines = tuple(_LINE.findall(text))
    return Document(name, text, bom, lines, tuple(_entries(text, lines, name)))


def _entries(text: str, lines: tuple[str, ...], name: str) -> Iterator[Entry]:
    plain = _PLAIN_LINE.fullmatch
    statements = None
    number, start, removed = 0, 0, 0
    while number < len(lines):
        line = lines[number]
        match = plain(line)
        if match is None:
            statements = statements or _Statements(text)
            binding = statements.at(start - removed)
            yield from _told(binding, text, start, number, name)
            count = _lines_of(binding.original.string)
        else:
            key = match[1]
            if key is not None:
                group = match.lastindex or _BARE
                begin, end = start + len(key) + 1, start + match.end(group) + (group > _BARE)
                yield Entry(key, match[group], number + 1, number + 1, begin, end, commented=False)
            count = 1
        for line in lines[number : number + count]:
            start += len(line)
            removed += line.endswith("\r\n")
        number += count


class _Statements:
    """python-dotenv's reading of a file, a statement at a time."""

    def __init__(self, text: str) -> None:
        from io import StringIO

        from bootstrap.envfiles.dotenv_parser import Reader, parse_binding

        # It reads files with universal newlines, so it must be given such a text for the values to agree.
        # It drops a mark at the beginning, which is put in front to keep the places.
        translated = text.replace("\r\n", "\n").replace("\r", "\n")
        self._reader: Reader = Reader(StringIO(f"\ufeff{translated}", newline=""))
        self._parse: Callable[[Reader], Binding] = parse_binding

    def at(self, position: int) -> Binding:
        """Return the statement that begins at a character of the translated text."""
        self._reader.position.chars = position
        return self._parse(self._reader)


def _expanded(value: str, seen: Mapping[str, str]) -> str:
    from bootstrap.envfiles.dotenv_parser import parse_variables

    return "".join(atom.resolve(seen) for atom in parse_variables(value))


def _lines_of(statement: str) -> int:
    """Return how many lines a statement covers; it always covers whole ones."""
    return statement.count("\n") + (not statement.endswith("\n"))


def _told(binding: Binding, text: str, start: int, number: int, name: str) -> Iterator[Entry]:
    if not binding.error and binding.key is None:
        return
    statement = binding.original.string
    line = number + statement[: len(statement) - len(statement.lstrip())].count("\n") + 1
    key, value = _key_and_value(binding, name, line)
    yield Entry(key, value, line, number + _lines_of(statement), *_value_span(text, start))


def _key_and_value(binding: Binding, name: str, line: int) -> tuple[str, str]:
    from bootstrap.envfiles import diagnosis

    statement = binding.original.string
    if binding.error or binding.key is None:
        raise diagnosis.bad_statement(statement, name, line)
    if binding.value is None or not diagnosis.KEY.fullmatch(binding.key):
        raise diagnosis.bad_key(statement, name, line)
    if "\n" in statement.strip() and diagnosis.swallows_a_key(binding.value):
        raise diagnosis.unterminated(statement.strip().split("\n")[1:], name, line)
    return binding.key, binding.value


def _value_span(text: str, start: int) -> tuple[int, int, bool]:
    """Return where the value of the statement at ``start`` begins and ends, and whether a comment follows."""
    before = cast("re.Match[str]", _BEFORE_VALUE.match(text, start))  # the parser has just read the same
    begin = before.end()
    if token := _QUOTED_VALUE.match(text, begin):
        return begin, token.end(), _COMMENT_AHEAD.match(text, token.end()) is not None
    if before["gap"] and text.startswith("#", begin):
        return before.start("gap"), before.start("gap"), True
    plain = cast("re.Match[str]", _PLAIN_VALUE.match(text, begin)).group()
    comment = _INLINE_COMMENT.search(plain)
    bare = plain[: comment.start()] if comment else plain
    return begin, begin + len(bare.rstrip()), comment is not None
