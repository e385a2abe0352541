"""Requirement files of pip: with or without pins, hashes and each other."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bootstrap.errors import UsageError
from bootstrap.locks import lockfile, requirements
from bootstrap.locks.addresses import has_credentials, is_url
from bootstrap.locks.requirements import Direct, Line, Option, Reference, Requirement
from bootstrap.pip.masking import mask
from bootstrap.scaffold.adoption.found import (
    BASE,
    INDEX,
    MACHINE_PATH,
    NO_HASH,
    PASSWORD,
    Found,
    Left,
    Wish,
    distinct,
    layer_of_file,
)
from bootstrap.scaffold.adoption.specifiers import lower_bound

Read = Callable[[PurePosixPath], str | None]
"""Gives the text of a file by its path relative to the project, or None where there is none."""

_COMMENT = re.compile(r"\s#\s*(.*\S)\s*$")
_OPTION = "an option for the whole run belongs to pip's own configuration (pip config set ...)"
# Fewer pins than this are a list somebody wrote.
_FEWEST = 4
_UNREAL = frozenset({"pkg-resources", "pkg_resources"})
"""What Debian's pip freeze lists and no index has."""


@dataclass(slots=True)
class _Reading:
    read: Read
    sources: Sequence[PurePosixPath]
    wishes: list[Wish] = field(default_factory=list)
    pins: dict[str, str] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    done: set[tuple[PurePosixPath, str]] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Place:
    """The file that is read, the layer it goes to, and the packages that stand there for others' sake."""

    path: PurePosixPath
    layer: str
    indirect: frozenset[str]


def read(paths: Sequence[PurePosixPath], text_of: Read) -> Found:
    """Read requirement files and all they name by ``-r``; each is a layer, told by its name."""
    reading = _Reading(text_of, paths)
    for path in paths:
        _file(reading, path, layer_of_file(path))
    left, notes = tuple(reading.left), tuple(reading.notes)
    source = ", ".join(map(str, paths))
    return Found(source, distinct(reading.wishes), reading.pins, left, notes)


def _file(reading: _Reading, path: PurePosixPath, layer: str) -> None:
    if (path, layer) in reading.done:
        return
    reading.done.add((path, layer))
    text = reading.read(path)
    if text is None:
        reading.left.append(Left(f"-r {path}", "there is no such file", str(path), None, layer))
        return
    physical = text.splitlines()
    at = _Place(path, layer, _indirect(text, str(path)))
    for number, logical in requirements.logical_lines(text):
        try:
            line = requirements.read_line(number, logical, str(path))
        except UsageError as error:
            why = error.problem.message.partition(": ")[2] or "it cannot be read"
            reading.left.append(Left(mask(logical), why, str(path), number, layer))
            continue
        comment = _COMMENT.search(physical[number - 1])
        _line(reading, at, line, comment[1] if comment and not comment[1].startswith("via ") else "")


def _indirect(text: str, name: str) -> frozenset[str]:
    """Return the packages that a compiled file says it holds for other packages' sake alone."""
    try:
        pins = lockfile.parse_lock(text, name).pins
    except UsageError:
        return frozenset()
    return frozenset(pin.name for pin in pins if pin.via and not pin.sources)


def _line(reading: _Reading, at: _Place, line: Line, comment: str) -> None:
    match line:
        case Requirement():
            _requirement(reading, at, line, comment)
        case Reference():
            _reference(reading, at, line)
        case Direct():
            _direct(reading, at, line, comment)
        case Option():
            why = INDEX if line.index_urls or line.find_links or line.trusted_hosts else _OPTION
            reading.left.append(Left(mask(line.text), why, str(at.path), line.number))


def _requirement(reading: _Reading, at: _Place, line: Requirement, comment: str) -> None:
    if line.name in _UNREAL:
        reading.notes.append(f"{at.path}:{line.number} {line.name} is left out: no index has it")
        return
    for option in _other_options(line.options):
        why = f"options of one package are not carried over; {line.name} itself is"
        reading.left.append(Left(f"{line.name} {mask(option)}", why, str(at.path), line.number, at.layer))
    version = pinned(line)
    if version is not None and reading.pins.setdefault(line.name, version) != version:
        kept = reading.pins[line.name]
        reading.notes.append(
            f"{at.path}:{line.number} pins {line.name} once more, at {version}: {kept} is kept"
        )
        version = kept
    reading.wishes.append(Wish(at.layer, as_wish(line, version), comment, line.name not in at.indirect))


def _other_options(options: Sequence[str]) -> Iterator[str]:
    words = iter(options)
    for word in words:
        if word == "--hash":
            next(words, None)
        elif not word.startswith("--hash="):
            yield word


def pinned(line: Requirement) -> str | None:
    """Return the one version a line allows, or None."""
    exact = [one for one in line.specifier if one.operator == "==" and not one.version.endswith(".*")]
    return exact[0].version if len(exact) == len(line.specifier) == 1 else None


def as_wish(line: Requirement, version: str | None) -> str:
    """Return a line as a requirement file asks for it: ``version``, its pin, becomes a lower bound."""
    extras = f"[{','.join(sorted(line.extras))}]" if line.extras else ""
    stated = ",".join(sorted(map(str, line.specifier), reverse=True))
    marker = f" ; {line.marker}" if line.marker else ""
    return f"{line.name}{extras}{stated if version is None else lower_bound(version)}{marker}"


def _reference(reading: _Reading, at: _Place, line: Reference) -> None:
    if line.is_remote:
        why = "a file on a server is not read"
        reading.left.append(Left(mask(line.text), why, str(at.path), line.number, at.layer))
        return
    target = line.resolved(at.path)
    if line.constraint:
        _constraints(reading, at, target, line)
    elif target not in reading.sources or layer_of_file(target) not in (BASE, at.layer):
        # What no layer of its own is, or one beside this one, is this layer's as well.
        _file(reading, target, at.layer)


def _constraints(reading: _Reading, at: _Place, target: PurePosixPath, line: Reference) -> None:
    if reading.read(target) is None:
        reading.left.append(Left(line.text, "there is no such file", str(at.path), line.number, at.layer))
    elif target not in reading.sources:
        reading.wishes.append(Wish(at.layer, f"-c {posixpath.relpath(target, 'requirements')}"))


def _direct(reading: _Reading, at: _Place, line: Direct, comment: str) -> None:
    why = why_not_lockable(line)
    if why is not None:
        text = re.split(r" (?=--hash)", line.text, maxsplit=1)[0]
        reading.left.append(Left(mask(text), why, str(at.path), line.number, at.layer))
        return
    extras = f"[{','.join(sorted(line.extras))}]" if line.extras else ""
    marker = f" ; {line.marker}" if line.marker else ""
    text = f"{line.name}{extras} @ {line.url}{marker}" if line.name else line.text
    reading.wishes.append(Wish(at.layer, text, comment))


def why_not_lockable(line: Direct) -> str | None:
    """Return why no lock can hold an address, or None where one can."""
    if not is_url(line.url) or line.url.startswith("file:"):
        return MACHINE_PATH
    if line.editable or "+" in line.url.partition("://")[0]:
        return NO_HASH
    return PASSWORD if has_credentials(line.url) else None


def looks_frozen(found: Found, paths: Sequence[PurePosixPath], text_of: Read) -> bool:
    """Say whether the one file looks like the output of ``pip freeze``: pins alone, sorted, no comment."""
    text = text_of(paths[0]) or ""
    if len(paths) != 1 or "#" in re.sub(r"#(egg|subdirectory)=", "", text) or "--hash" in text:
        return False
    names = [line.partition("==")[0].lower() for line in text.splitlines() if "==" in line]
    asked = [wish for wish in found.wishes if not wish.text.startswith("-")]
    return len(names) >= _FEWEST and len(asked) == len(names) == len(found.pins) and names == sorted(names)
