"""``--no-binary`` and ``--only-binary``: of which kind a package's files may be, as pip adds the lines up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from packaging.utils import canonicalize_name

NO_BINARY, ONLY_BINARY = "--no-binary", "--only-binary"
Given = tuple[str, str]
"""One option as it was given: ``("--no-binary", "psycopg2,lxml")``."""


@dataclass(frozen=True, slots=True)
class Formats:
    """The packages (canonical names, or ``:all:``) of which only sdists, and only wheels, are taken."""

    no_binary: frozenset[str] = frozenset()
    only_binary: frozenset[str] = frozenset()

    def options(self) -> Iterator[str]:
        """Return the lines that pip-compile writes for them."""
        for option, names in ((NO_BINARY, self.no_binary), (ONLY_BINARY, self.only_binary)):
            yield from (f"{option} {name}" for name in sorted(names))


def added_up(given: Iterable[Given]) -> Formats:
    """Return what some options in their order come to: a later one wins over an earlier."""
    names: dict[str, set[str]] = {NO_BINARY: set(), ONLY_BINARY: set()}
    for option, value in given:
        other = ONLY_BINARY if option == NO_BINARY else NO_BINARY
        _add(value.split(","), names[option], names[other])
    return Formats(frozenset(names[NO_BINARY]), frozenset(names[ONLY_BINARY]))


def _add(words: list[str], these: set[str], those: set[str]) -> None:
    while ":all:" in words:
        these.clear()
        those.clear()
        these.add(":all:")
        words = words[words.index(":all:") + 1 :]
        # Without a :none: behind it nothing is told apart from the rest.
        if ":none:" not in words:
            return
    for word in words:
        if word == ":none:":
            these.clear()
        else:
            name = canonicalize_name(word)
            those.discard(name)
            these.add(name)
