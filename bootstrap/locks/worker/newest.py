"""Candidates from the newest down, of which the older are made only where they are asked for.

pip sorts all candidates of a package, and then mostly takes the last. To make the others costs the most of a
resolution: hundreds of links for a package that has been around for long.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

FEW = 4
"""How many versions are made at first."""


def choose(
    versions: Iterable[tuple[Any, str]], is_wanted: Callable[[str], bool]
) -> tuple[frozenset[str], Any | None]:
    """Return the few newest of these versions, and the newest of those left out, or None.

    ``versions`` come newest first. A pre-release is left out, with all that is older: whether it counts
    depends on all other candidates.
    """
    chosen: list[str] = []
    for version, text in versions:
        if is_wanted(text):
            if version.is_prerelease or len(chosen) == FEW:
                return frozenset(chosen), version
            chosen.append(text)
    return frozenset(chosen), None


class Found:
    """Stands for pip's ``BestCandidateResult``."""

    def __init__(self, newest: list[Any], every: Callable[[], Any]) -> None:
        self.applicable_candidates = Candidates(newest, lambda: every().applicable_candidates)


class Candidates:
    """Candidates in pip's order, of which the last are known; pip goes through them from the end."""

    def __init__(self, newest: list[Any], every: Callable[[], list[Any]]) -> None:
        self._newest = newest
        self._every = every
        self._older: list[Any] | None = None

    def __iter__(self) -> Iterator[Any]:
        """Go through them in the other order: pip does so only to see whether all are yanked."""
        return reversed(self)

    def __reversed__(self) -> Iterator[Any]:
        """Go through them from the last, which is the one to be preferred."""
        yield from reversed(self._newest)
        if self._older is None:
            known = {candidate.link for candidate in self._newest}
            self._older = [candidate for candidate in self._every() if candidate.link not in known]
        yield from reversed(self._older)
