"""The search for what breaks the tests: which set of upgrades to try next, given how earlier ones ended.

It knows nothing of packages: there are positions in an order in which every prefix can be installed. Each
probe is a set of positions; its verdict is green or red. A red may be a false alarm, a green may not. So
nothing is blamed for one red run: a second one, on its own or of the same set, or the green run of all others
must agree. A set that may be the last is a ``CANDIDATE``: whoever runs it proves it, and then it needs no
other run. Prefixes are halved, so that one culprit among 40, or a pair that fails only together, is found in
ten runs, with the runs that begin and end the job.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Kind(StrEnum):
    """What a probe is for; a green ``CANDIDATE`` may be applied.

    ``PROOF`` is for whoever carries a search out, where it was stopped before a candidate was green.
    """

    BASELINE = "baseline"
    CANDIDATE = "candidate"
    PREFIX = "prefix"
    ALONE = "alone"
    PROOF = "proof"


class Why(StrEnum):
    """How it is known that a unit breaks the tests."""

    ALONE = "on its own"
    TOGETHER = "only together with others"
    AFTER = "once it is added"
    AGAIN = "as it did before"


@dataclass(frozen=True, slots=True)
class Probe:
    """A set of positions to be tried; ``attempt`` counts from 1 for each set."""

    chosen: frozenset[int]
    kind: Kind
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Held:
    """A unit that breaks the tests; ``dragged`` need it and are held with it, ``among`` it was added to."""

    position: int
    why: Why
    dragged: tuple[int, ...] = ()
    among: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the search ended: ``chosen`` is the largest set known to be green.

    ``proven`` says that its last run was that of a candidate. ``untried`` are positions that were neither
    found good nor to blame, because the search was stopped. ``flaky`` are the sets that were red, then green.
    """

    chosen: frozenset[int]
    proven: bool
    held: tuple[Held, ...] = ()
    untried: frozenset[int] = frozenset()
    flaky: tuple[frozenset[int], ...] = ()
    baseline_red: bool = False


class StopSearch(Exception):  # noqa: N818 thrown into a search to end it, as GeneratorExit is
    """No more runs are allowed: the search is to end with the best it knows."""


Asking = Generator[Probe, bool, bool]
# A culprit is tried on its own to tell why, as long as a job with so many of them stays within this.
_RUNS_FOR_ONE, _RUNS_FOR_MORE = 10, 6


def searching(needs: Sequence[Set[int]], suspects: Set[int] = frozenset()) -> Generator[Probe, bool, Outcome]:
    """Yield probes, be sent whether each was green, and return the outcome.

    ``needs[n]`` are the positions that n cannot do without, all below n. ``suspects`` were held back before:
    all others are tried first. Throw ``StopSearch`` in to end it early.
    """
    return _Search(needs, frozenset(suspects)).run()


@dataclass(slots=True)
class _Search:
    needs: Sequence[Set[int]]
    suspects: frozenset[int]
    runs: dict[frozenset[int], int] = field(default_factory=dict)
    known: dict[frozenset[int], bool] = field(default_factory=dict)
    flaky: list[frozenset[int]] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    good: frozenset[int] = frozenset()
    proven: frozenset[int] = frozenset()

    def run(self) -> Generator[Probe, bool, Outcome]:
        try:
            # A red baseline ends it all, so it gets its second chance at once.
            if not (yield from self._ask(frozenset(), Kind.BASELINE)) and not (
                yield from self._ask(frozenset(), Kind.BASELINE)
            ):
                return Outcome(frozenset(), proven=True, baseline_red=True)
            yield from self._all_but_suspects()
        except StopSearch:
            return self._outcome(stopped=True)
        return self._outcome(stopped=False)

    def _outcome(self, *, stopped: bool) -> Outcome:
        held = tuple(self._with_dragged())
        blamed = {each for one in held for each in (one.position, *one.dragged)}
        untried = self._everything - self.good - blamed if stopped else frozenset[int]()
        proven = not self.good or self.good == self.proven
        return Outcome(self.good, proven, held, untried, tuple(self.flaky))

    def _with_dragged(self) -> Iterator[Held]:
        """Give each culprit what is held because it needs that one; what needs several, the first of them."""
        taken = {held.position for held in self.held}
        for held in self.held:
            dragged = self._dependants({held.position}) - taken - self.good
            taken |= dragged
            yield replace(held, dragged=tuple(sorted(dragged)))

    @property
    def _everything(self) -> frozenset[int]:
        return frozenset(range(len(self.needs)))

    def _ask(self, chosen: frozenset[int], kind: Kind) -> Asking:
        """Have a set run, once more where it was run before."""
        self.runs[chosen] = self.runs.get(chosen, 0) + 1
        green = yield Probe(chosen, kind, self.runs[chosen])
        if green and self.known.get(chosen) is False:
            self.flaky.append(chosen)
        self.known[chosen] = green
        if green and (len(chosen) > len(self.good) or chosen == self.good):
            self.good = chosen
            if kind is Kind.CANDIDATE:
                self.proven = chosen
        return green

    def _is_candidate_green(self, chosen: frozenset[int]) -> Asking:
        return (yield from self._ask(chosen, Kind.CANDIDATE)) if chosen else True

    def _all_but_suspects(self) -> Generator[Probe, bool, None]:
        others = self._without(self._everything, self.suspects)
        if others == self._everything or not (yield from self._is_candidate_green(others)):
            yield from self._among(sorted(others), is_red=others in self.known)
        elif (yield from self._is_candidate_green(self._everything)):
            return
        if self.suspects:
            yield from self._suspects_one_by_one()

    def _suspects_one_by_one(self) -> Generator[Probe, bool, None]:
        held = self._dependants({held.position for held in self.held})
        for suspect in sorted(self.suspects - held):
            grown = self._with_followers(self.good | {suspect}, suspect)
            needs_another = not self.needs[suspect] <= self.good
            if needs_another or not (yield from self._is_candidate_green(grown)):
                self._hold(suspect, Why.AGAIN, self.good)

    def _among(self, candidates: list[int], *, is_red: bool) -> Generator[Probe, bool, None]:
        """Find all culprits among the candidates, which are in order; ends with ``good`` green."""
        if not is_red and (yield from self._is_candidate_green(frozenset(candidates))):
            return
        low, reds, repeated = 0, [len(candidates)], False
        while True:
            low = yield from self._halve(candidates, low, reds)
            if len(reds) == 1 and not repeated:
                # The run of all is the only red one there is.
                repeated = True
                if (yield from self._ask(frozenset(candidates), Kind.CANDIDATE)):
                    return
            culprit, before = candidates[reds[-1] - 1], frozenset(candidates[: reds[-1] - 1])
            others = self._without(frozenset(candidates), {culprit})
            if (yield from self._is_candidate_green(others)):
                break
            if repeated or self.held:
                self._hold(culprit, Why.AFTER, before)
            elif not (yield from self._is_to_blame(culprit, before)):
                # The red prefix turned green: go on between it and the next red one.
                low = reds.pop()
                continue
            candidates, reds, repeated = sorted(others), [len(others)], False
        self._hold(culprit, Why.AFTER, before)
        yield from self._look_again()

    def _look_again(self) -> Generator[Probe, bool, None]:
        """Tell of each culprit why it is one; with several, one may be held because of another, or of chance.

        A culprit that is red on its own is one. Else, where it is not the only one, it is tried with all that
        is green.
        """
        only_one = len(self.held) == 1
        for held in tuple(self.held):
            why = held.why
            if why is Why.AFTER:
                why = yield from self._why(held)
            if why is Why.TOGETHER and not only_one and (yield from self._comes_back(held)):
                self.held.remove(held)
            elif why is not held.why:
                among = frozenset[int]() if why is Why.ALONE else held.among
                self.held[self.held.index(held)] = replace(held, why=why, among=among)

    def _why(self, held: Held) -> Generator[Probe, bool, Why]:
        alone = self._alone(held.position)
        if not held.among:
            return Why.ALONE
        allowed = _RUNS_FOR_ONE + _RUNS_FOR_MORE * (len(self.held) - 1)
        if sum(self.runs.values()) >= allowed:
            return Why.AFTER
        return Why.TOGETHER if (yield from self._ask(alone, Kind.ALONE)) else Why.ALONE

    def _comes_back(self, held: Held) -> Asking:
        grown = self._with_followers(self.good | {held.position}, held.position)
        if not self.needs[held.position] <= self.good or self.runs.get(grown, 0) > 1:
            return False
        return (yield from self._ask(grown, Kind.CANDIDATE))

    def _halve(self, candidates: list[int], low: int, reds: list[int]) -> Generator[Probe, bool, int]:
        """Return the longest prefix known to be green; its successor is the last of ``reds``."""
        is_first = True
        while reds[-1] - low > 1:
            middle = low + _split(reds[-1] - low, early=is_first)
            is_first = False
            if (yield from self._ask(frozenset(candidates[:middle]), Kind.PREFIX)):
                low = middle
            else:
                reds.append(middle)
        return low

    def _is_to_blame(self, culprit: int, before: frozenset[int]) -> Asking:
        """Look a second time at a culprit that is not the last one; hold it where it is red again."""
        alone = self._alone(culprit)
        with_it = before | {culprit}
        if alone != with_it and not (yield from self._ask(alone, Kind.ALONE)):
            self._hold(culprit, Why.ALONE, before)
            return True
        if (yield from self._ask(with_it, Kind.PREFIX)):
            return False
        self._hold(culprit, Why.ALONE if alone == with_it else Why.TOGETHER, before)
        return True

    def _hold(self, culprit: int, why: Why, before: frozenset[int]) -> None:
        among = before - self._alone(culprit) if why in (Why.TOGETHER, Why.AFTER) else frozenset()
        self.held.append(Held(culprit, why, among=frozenset(among)))

    def _alone(self, position: int) -> frozenset[int]:
        return frozenset({position, *self.needs[position]})

    def _dependants(self, positions: Set[int]) -> set[int]:
        return {
            other
            for other in self._everything
            if other in positions or not self.needs[other].isdisjoint(positions)
        }

    def _without(self, chosen: frozenset[int], positions: Set[int]) -> frozenset[int]:
        return chosen - self._dependants(positions)

    def _with_followers(self, chosen: frozenset[int], suspect: int) -> frozenset[int]:
        """Add what needs the suspect and now has all it needs."""
        grown = set(chosen)
        for other in sorted(self._dependants({suspect})):
            if self.needs[other] <= grown:
                grown.add(other)
        return frozenset(grown)


def _split(count: int, *, early: bool) -> int:
    """Return how many of ``count`` positions the next prefix takes; none costs more than log2, rounded up.

    Where ``count`` is no power of two some places cost one run less. In the first step these are the early
    ones, behind which most may still be to search; later the last, whose only red run must be repeated.
    """
    depth = (count - 1).bit_length()
    half, quarter = 1 << (depth - 1), (1 << depth) >> 2
    return max(quarter, count - half) if early else min(half, max(count - max(quarter, 1), 1))
