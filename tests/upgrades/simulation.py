"""Jobs without packages: an oracle knows which positions break the tests, and how often they lie."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass

from bootstrap.upgrades.search import Outcome, Probe, StopSearch, searching

Breaking = frozenset[int]
"""Positions that break the tests where all of them have moved."""


@dataclass(frozen=True, slots=True)
class Played:
    """A job that was played to its end."""

    probes: tuple[Probe, ...]
    outcome: Outcome

    @property
    def runs(self) -> int:
        """How often the tests ran, the proof included."""
        return len(self.probes)

    @property
    def blamed(self) -> set[int]:
        """The positions that were held, without those that only need one of them."""
        return {held.position for held in self.outcome.held}


def play(
    needs: int | Sequence[Set[int]],
    breaking: Iterable[Breaking] = (),
    *,
    suspects: Set[int] = frozenset(),
    chance: random.Random | None = None,
    lies: float = 0.0,
    most: int | None = None,
    false_alarms: Set[int] = frozenset(),
) -> Played:
    """Play a job; ``needs`` may be a number of units that need nothing.

    ``lies`` is how often green tests are red by chance, ``false_alarms`` the numbers (from 1) of runs that
    are red for sure. After ``most`` runs the search is stopped.
    """
    units = [frozenset[int]()] * needs if isinstance(needs, int) else needs
    search = searching(units, suspects)
    probes: list[Probe] = []
    probe = next(search)
    try:
        while True:
            if len(probes) == most:
                search.throw(StopSearch())
            probes.append(probe)
            green = not any(those <= probe.chosen for those in breaking)
            if len(probes) in false_alarms or (chance is not None and chance.random() < lies):
                green = False
            probe = search.send(green)
    except StopIteration as end:
        return Played(tuple(probes), end.value)
