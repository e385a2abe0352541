"""Requirement files, read as pip reads them.

The rules are those of pip's documented format (https://pip.pypa.io/en/stable/reference/requirements-file-format/)
and, where that is silent, of its parser: the tests hold this reader against it.
"""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement

from bootstrap.errors import UsageError
from bootstrap.locks import addresses
from bootstrap.locks.formats import Given
from bootstrap.locks.options import UnknownOptionError, read_options
from bootstrap.locks.targets import read_editable, read_target
from bootstrap.pip.masking import mask

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_COMMENT = re.compile(r"(^|\s+)#.*$")
_CONFLICT = re.compile(r"<{7} |>{7} |\|{7} |={7}$")


@dataclass(frozen=True, slots=True)
class Requirement:
    """A package asked for by name; ``name`` and ``extras`` are canonical (PEP 503, PEP 685).

    ``number`` is the first physical line, from 1; ``text`` is the logical line without its comment. Both
    are the same in each of the four kinds of line. ``formats`` count for the whole run, as pip reads them.
    """

    number: int
    text: str
    name: str
    specifier: SpecifierSet
    extras: frozenset[str] = frozenset()
    marker: Marker | None = None
    hashes: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()
    formats: tuple[Given, ...] = ()


@dataclass(frozen=True, slots=True)
class Direct:
    """A package asked for by address: a URL, a path, or either of them editable.

    ``name`` is None where the address does not tell it. ``url`` is the address as written. It may hold a
    password, so no repr shows it.
    """

    number: int
    text: str = field(repr=False)
    name: str | None
    url: str = field(repr=False)
    extras: frozenset[str] = frozenset()
    marker: Marker | None = None
    hashes: frozenset[str] = frozenset()
    options: tuple[str, ...] = field(default=(), repr=False)
    formats: tuple[Given, ...] = ()
    editable: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """Another file to read, by ``-r`` or (``constraint``) by ``-c``; ``target`` is as written."""

    number: int
    text: str = field(repr=False)
    target: str = field(repr=False)
    constraint: bool

    @property
    def is_remote(self) -> bool:
        """Whether the file lies on a server, so that nothing can be said of it offline."""
        return addresses.is_url(self.target)

    def resolved(self, source: PurePosixPath) -> PurePosixPath:
        """Return the file meant by this line in ``source``; pip reads a path relative to the naming file."""
        # Windows takes either separator, and a lock is read anywhere.
        return PurePosixPath(posixpath.normpath(source.parent / self.target.replace("\\", "/")))


@dataclass(frozen=True, slots=True)
class Option:
    """Options for the whole run, such as ``--pre``; the addresses among them may hold a password."""

    number: int
    text: str = field(repr=False)
    index_urls: tuple[str, ...] = field(default=(), repr=False)
    find_links: tuple[str, ...] = field(default=(), repr=False)
    trusted_hosts: tuple[str, ...] = ()
    formats: tuple[Given, ...] = ()


Line = Requirement | Direct | Reference | Option


@dataclass(frozen=True, slots=True)
class RequirementFile:
    """What a requirement file says, in its order; ``name`` is its path as messages give it."""

    name: str
    lines: tuple[Line, ...]


def parse(text: str, name: str) -> RequirementFile:
    """Read a requirement file; ``${NAME}`` is left as it stands.

    Raises ``UsageError`` with the line where pip could not read it or where a merge left its marks.
    """
    text = text.removeprefix("\ufeff")
    _refuse_conflicts(text, name)
    return RequirementFile(name, tuple(read_line(number, line, name) for number, line in logical_lines(text)))


def _refuse_conflicts(text: str, name: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if _CONFLICT.match(line):
            raise UsageError(
                f"{name} has an unresolved merge conflict",
                hint=f"resolve the conflict in {name}; of a lock, keep either side and run bootstrap lock",
                code="unparsable",
                file=name,
                line=number,
            )


def logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines as pip sees them, each with the number of its first physical one, from 1.

    Continued lines are joined, then comments and what is blank are dropped; a comment line ends a
    continuation.
    """
    first, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        first = first if parts else number
        is_comment = "#" in line and _COMMENT.match(line) is not None
        parts.append(f" {line}" if is_comment else line.strip("\\") if line.endswith("\\") else line)
        if is_comment or not line.endswith("\\"):
            yield from _without_comment(first, "".join(parts))
            parts = []
    yield from _without_comment(first, "".join(parts))


def _without_comment(number: int, line: str) -> Iterator[tuple[int, str]]:
    # Without the first question the pattern tries each run of spaces between the hashes of a lock.
    text = (_COMMENT.sub("", line) if "#" in line else line).strip()
    if text:
        yield number, text


def shown(line: Line) -> str:
    """Return a line as messages show it: without its options, and with credentials hidden."""
    return mask(re.split(r" (?=-)", line.text, maxsplit=1)[0].strip())


def read_line(number: int, text: str, name: str) -> Line:
    """Read one logical line; raises ``UsageError`` where pip could not."""
    try:
        return _read(number, text)
    except UnknownOptionError as error:
        found, hint = str(error), f"remove the option from {name}, or correct it"
    except (InvalidRequirement, InvalidMarker) as error:
        found = str(error).partition("\n")[0]
        hint = f"correct line {number} of {name}; a requirement looks like requests>=2.32,<3"
    raise UsageError(
        mask(f"{name}: cannot read {text!r}: {found}"),
        hint=hint,
        code="unparsable",
        file=name,
        line=number,
    ) from None


def _read(number: int, text: str) -> Line:
    """Read one line. As in pip, what stands before the first option wins over every option."""
    dash = re.search(r"(?:^| )(?=-)", text)
    asked = text[: dash.start()].strip() if dash else text
    words = _split(text[dash.end() :]) if dash else ()
    options = read_options(words)
    if not asked and not options.editables:
        targets = options.requirements or options.constraints
        if targets:
            return Reference(number, text, targets[0], constraint=not options.requirements)
        places = options.index_urls, options.find_links, options.trusted_hosts
        return Option(number, text, *places, options.formats)
    target = read_target(asked) if asked else read_editable(options.editables[0])
    more = (target.extras, target.marker, options.hashes, words, options.formats)
    if target.url is not None:
        return Direct(number, text, target.name, target.url, *more, editable=not asked)
    return Requirement(number, text, target.name or "", target.specifier, *more)


def _split(text: str) -> tuple[str, ...]:
    # shlex goes letter by letter, which takes seconds for the hashes of a large lock.
    if not re.search(r"['\"\\]", text):
        return tuple(text.split())
    try:
        return tuple(shlex.split(text))
    except ValueError as error:
        raise UnknownOptionError(f"{error}".lower()) from None
