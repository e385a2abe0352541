"""What an existing project asks for, whatever tool it was written for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

BASE, DEV, PRODUCTION = "base", "dev", "production"
NO_HASH = (
    "where hashes are required pip installs nothing from version control; name an archive's address instead"
)
MACHINE_PATH = (
    "a lock would hold a path of this machine; what is yours may be installed with pip install --no-deps -e"
)
PASSWORD = "the address holds a password or a token"  # noqa: S105 it is none itself
INDEX = "where packages come from belongs to pip's own configuration: pip config set global.index-url ..."
_DEV = re.compile(
    r"(?:^|[-_.])(dev|devel|develop|development|tests?|testing|lint|linting|style|docs?|local|ci|types?|typing)"
    r"(?:[-_.]|$)"
)
_PRODUCTION = re.compile(r"(?:^|[-_.])(prod|production|deploy|deployment|live|staging|heroku)(?:[-_.]|$)")


@dataclass(frozen=True, slots=True)
class Wish:
    """A line of a requirement file to be; ``asked`` is False where nothing seen needs it by itself."""

    layer: str
    text: str
    comment: str = ""
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Left:
    """What is not carried over, and why; ``text`` holds no password, ``line`` counts from 1.

    ``layer`` is where it would have stood; None for what belongs into no requirement file.
    """

    text: str
    why: str
    file: str
    line: int | None = None
    layer: str | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was read: ``pins`` are the exact versions of old by canonical name, ``python`` is a specifier."""

    source: str
    wishes: tuple[Wish, ...]
    pins: Mapping[str, str] = field(default_factory=dict)
    left: tuple[Left, ...] = ()
    notes: tuple[str, ...] = ()
    python: str | None = None


def layer_of(name: str) -> str:
    """Return the layer that a file, a group or an extra of that name goes to."""
    lower = name.lower()
    if _PRODUCTION.search(lower):
        return PRODUCTION
    return DEV if _DEV.search(lower) else BASE


def layer_of_file(path: PurePosixPath) -> str:
    """Return the layer of a requirement file: its name tells, or the folder it lies in."""
    stem = path.name.removesuffix(".txt").replace("requirements", "")
    return layer_of(stem) if stem.strip("-_.") else layer_of(path.parent.name)


def line_of(text: str, word: str) -> int | None:
    """Return the first line that sets ``word``, else the first that holds it, counted from 1."""
    lines = text.splitlines()
    sets = re.compile(rf"\s*[\"']?{re.escape(word)}[\"']?\s*=")
    numbers = [number for number, line in enumerate(lines, 1) if sets.match(line)]
    numbers += [number for number, line in enumerate(lines, 1) if word in line]
    return numbers[0] if numbers else None


def distinct(wishes: Iterable[Wish]) -> tuple[Wish, ...]:
    """Return the wishes without those that the base layer has already, word for word, or that stand twice."""
    wishes = tuple(wishes)
    base = {wish.text for wish in wishes if wish.layer == BASE and wish.asked}
    seen: dict[tuple[str, str], Wish] = {}
    for wish in wishes:
        if wish.layer == BASE or wish.text not in base:
            seen.setdefault((wish.layer, wish.text), wish)
    return tuple(seen.values())
