"""The search carried out: probe after probe, until all that is left is green, or no more runs are allowed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Set
from dataclasses import dataclass

from bootstrap.errors import BootstrapError
from bootstrap.upgrades import progress
from bootstrap.upgrades.journal import Journal, Run
from bootstrap.upgrades.metadata import Metadata
from bootstrap.upgrades.pins import Bump, Move, bump
from bootstrap.upgrades.search import Kind, Outcome, Probe, StopSearch, searching
from bootstrap.upgrades.trials import Trials
from bootstrap.upgrades.units import Mixture, Side, Unit

_RISK = {Bump.PATCH: 0, Bump.MINOR: 1, Bump.CALENDAR: 1}
_TRIES = 2


@dataclass(frozen=True, slots=True)
class Budget:
    """How many test runs, and how many seconds, a job may take; None is no limit."""

    runs: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Hunt:
    """How a search ended; ``final`` is the run that proves what is to be applied, None where nothing is."""

    outcome: Outcome
    units: tuple[Unit, ...]
    mixture: Mixture
    final: Run | None

    def names(self, positions: Set[int]) -> tuple[str, ...]:
        """Return the packages of some units."""
        return tuple(sorted(name for position in positions for name in self.units[position].names))

    def pins(self, positions: Set[int]) -> dict[str, str]:
        """Return all pins where these units have moved."""
        return self.mixture.pins(set(self.names(positions)))


@dataclass(frozen=True, slots=True)
class Order:
    """What the units are sorted by, besides what they need.

    ``held`` are packages that were held before and come last, ``mending`` those whose upgrade ends a known
    vulnerability and that come first.
    """

    moves: Mapping[str, Move]
    held: frozenset[str]
    mending: frozenset[str]

    def rank(self, name: str) -> tuple[bool, bool, int, bool, str]:
        """Return what is sorted by: what we would rather hold back comes later."""
        move = self.moves[name]
        risk = _RISK.get(bump(move.old, move.new), 2)
        return (name in self.held, name not in self.mending, risk, move.place.direct, name)


def mixture(
    pins: tuple[Mapping[str, str], Mapping[str, str]],
    said: tuple[Mapping[str, Metadata], Mapping[str, Metadata]],
    needed: tuple[Mapping[str, tuple[str, ...]], Mapping[str, tuple[str, ...]]],
    roots: Mapping[str, frozenset[str]],
    markers: Mapping[str, str],
) -> Mixture:
    """Return old and new pins with what they need: as they say it, or as the locks' annotations tell it.

    ``needed`` are the packages that each one needs by those annotations, on either side.
    """
    sides = []
    for own, metadata, names in zip(pins, said, needed, strict=True):
        requires = {
            name: metadata[name].requires if name in metadata else names.get(name, ()) for name in own
        }
        sides.append(Side(own, requires))
    return Mixture(sides[0], sides[1], roots, markers)


def hunt(
    trials: Trials,
    mixture: Mixture,
    order: Order,
    budget: Budget,
    *,
    tell: Callable[[str], None],
    elapsed: Callable[[], float],
) -> Hunt:
    """Search for the largest set of upgrades that is green; ``elapsed`` gives the seconds since the start.

    ``tell`` is told of each run before it begins.

    Raises ``BootstrapError`` where a run says nothing of the pins, or the last one cannot be proven.
    """
    units = mixture.units(order.rank)
    suspects = {n for n, unit in enumerate(units) if not order.held.isdisjoint(unit.names)}
    nothing = Hunt(Outcome(frozenset(), proven=True), units, mixture, None)
    searcher = _Hunter(trials, nothing, budget, tell, elapsed)
    outcome = searcher.follow(searching([unit.needs for unit in units], suspects))
    if outcome.baseline_red or not outcome.chosen:
        return Hunt(outcome, units, mixture, None)
    return Hunt(outcome, units, mixture, searcher.proof(outcome))


@dataclass(slots=True)
class _Hunter:
    trials: Trials
    known: Hunt
    budget: Budget
    tell: Callable[[str], None]
    elapsed: Callable[[], float]

    def follow(self, search: Generator[Probe, bool, Outcome]) -> Outcome:
        try:
            probe = next(search)
            while True:
                if not self._is_known(probe) and self._is_used_up(probe):
                    search.throw(StopSearch())
                probe = search.send(self._carried_out(probe).green)
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome

    def proof(self, outcome: Outcome) -> Run:
        """Return the run that proves the outcome; where the search was stopped it is still to be made."""
        proven = self.trials.proven(self.known.pins(outcome.chosen))
        if proven is not None:
            return proven
        for attempt in range(1, _TRIES + 1):
            run = self._carried_out(Probe(outcome.chosen, Kind.PROOF, attempt))
            if run.green:
                return run
        raise BootstrapError(
            "what passed while it was tried fails in a fresh environment, so nothing is written: "
            + (run.excerpt[0] if run.excerpt else run.reason),
            hint="see whether the tests need what an earlier run left, then: bootstrap upgrade --restart",
            code="not-proven",
        )

    def _carried_out(self, probe: Probe) -> Run:
        if not self._is_known(probe):
            self._announce(probe)
        return self.trials.carry_out(probe, self.known.pins(probe.chosen))

    def _is_known(self, probe: Probe) -> bool:
        return self.trials.is_known(probe, self.known.pins(probe.chosen))

    def _announce(self, probe: Probe) -> None:
        done = [run.seconds for run in self._journal.runs if run.tested]
        count = len(self.known.units)
        said = progress.what(probe, self.known.names(probe.chosen), count)
        self.tell(progress.told(progress.estimate(probe, done, count), said))

    def _is_used_up(self, probe: Probe) -> bool:
        """Say whether a run is one too many: the last is kept for the proof of what is green by then."""
        runs, seconds = self.budget.runs, self.budget.seconds
        if probe.kind is Kind.BASELINE:
            return False
        kept = 0 if probe.kind is Kind.CANDIDATE else 1
        if runs is not None and self._journal.tested + kept >= runs:
            return True
        done = [run.seconds for run in self._journal.runs if run.tested]
        mean = sum(done) / len(done) if done else 0.0
        return seconds is not None and self.elapsed() + (1 + kept) * mean > seconds

    @property
    def _journal(self) -> Journal:
        return self.trials.journal
