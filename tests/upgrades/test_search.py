"""The search, played against an oracle: how many runs it takes, and whether it blames the right ones."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.upgrades.search import Kind, Why
from tests.upgrades.simulation import Breaking, play

MANY = 40


def singles(*positions: int) -> list[Breaking]:
    return [frozenset({position}) for position in positions]


def test_two_runs_where_nothing_breaks() -> None:
    played = play(MANY)
    assert [probe.kind for probe in played.probes] == [Kind.BASELINE, Kind.CANDIDATE]
    assert played.outcome.chosen == frozenset(range(MANY))
    assert played.outcome.proven


def test_a_red_baseline_ends_it_after_a_second_try() -> None:
    played = play(MANY, [frozenset()])
    assert (played.runs, played.outcome.baseline_red) == (2, True)
    once = play(MANY, false_alarms={1})
    assert (once.runs, once.outcome.baseline_red) == (3, False)
    assert once.outcome.flaky == (frozenset(),)


@pytest.mark.parametrize("place", range(MANY))
def test_one_culprit_at_any_place_takes_ten_runs(place: int) -> None:
    played = play(MANY, singles(place))
    assert played.runs <= 10
    (held,) = played.outcome.held
    assert (held.position, held.why, held.dragged) == (place, Why.ALONE, ())
    assert played.outcome.chosen == frozenset(range(MANY)) - {place}
    assert played.outcome.proven


def test_a_pair_that_breaks_only_together_takes_ten_runs() -> None:
    chance = random.Random(5)
    for _ in range(300):
        pair = frozenset(chance.sample(range(MANY), 2))
        played = play(MANY, [pair])
        assert played.runs <= 10
        (held,) = played.outcome.held
        assert (held.position, held.why) == (max(pair), Why.TOGETHER)
        assert min(pair) in held.among
        assert len(played.outcome.chosen) == MANY - 1
        assert played.outcome.proven


@pytest.mark.parametrize(("count", "most"), [(2, 16), (3, 22)])
def test_several_culprits(count: int, most: int) -> None:
    chance = random.Random(6)
    for _ in range(300):
        places = chance.sample(range(MANY), count)
        played = play(MANY, singles(*places))
        assert played.runs <= most
        assert played.blamed == set(places)
        assert played.outcome.proven


def test_the_same_culprit_next_month_takes_at_most_four_runs() -> None:
    for place in range(MANY):
        played = play(MANY, singles(place), suspects={place})
        assert played.runs <= 4
        (held,) = played.outcome.held
        assert (held.position, held.why) == (place, Why.AGAIN)
        assert played.outcome.chosen == frozenset(range(MANY)) - {place}


def test_a_hold_that_passes_is_dropped() -> None:
    played = play(MANY, suspects={7})
    assert (played.runs, played.outcome.held) == (3, ())
    assert played.outcome.chosen == frozenset(range(MANY))


def test_of_several_holds_those_that_pass_are_dropped() -> None:
    played = play(MANY, singles(3), suspects={3, 38, 39})
    assert played.blamed == {3}
    assert played.outcome.chosen == frozenset(range(MANY)) - {3}
    assert played.runs <= 7


def test_a_new_culprit_beside_a_hold() -> None:
    played = play(MANY, singles(5, 39), suspects={39})
    assert played.blamed == {5, 39}
    assert played.outcome.chosen == frozenset(range(MANY)) - {5, 39}


@pytest.mark.parametrize(("lies", "most"), [(0.01, 0.002), (0.03, 0.01)])
def test_tests_that_fail_by_chance_blame_nobody(lies: float, most: float) -> None:
    chance = random.Random(7)
    jobs = 1500
    wrong = 0
    for _ in range(jobs):
        place = chance.randrange(MANY)
        wrong += play(MANY, singles(place), chance=chance, lies=lies).blamed != {place}
    assert wrong / jobs <= most


@pytest.mark.parametrize("number", range(2, 11))
def test_one_false_alarm_at_any_run_changes_nothing(number: int) -> None:
    for place in range(MANY):
        played = play(MANY, singles(place), false_alarms={number})
        assert played.blamed == {place}
        assert played.outcome.chosen == frozenset(range(MANY)) - {place}
    green = play(MANY, false_alarms={number})
    assert green.outcome.chosen == frozenset(range(MANY))


def test_a_false_alarm_is_told() -> None:
    played = play(8, false_alarms={2})
    assert played.outcome.flaky == (frozenset(range(8)),)


def test_what_needs_a_culprit_is_held_with_it() -> None:
    needs = [frozenset[int](), frozenset({0}), frozenset({0, 1}), frozenset[int]()]
    played = play(needs, singles(1))
    (held,) = played.outcome.held
    assert (held.position, held.dragged) == (1, (2,))
    assert played.outcome.chosen == {0, 3}


def test_all_may_be_held() -> None:
    played = play([frozenset[int](), frozenset({0})], singles(0))
    assert (played.outcome.chosen, played.outcome.proven) == (frozenset(), True)
    assert played.blamed == {0}


@given(st.data())
def test_the_result_is_green_whatever_breaks(data: st.DataObject) -> None:
    needs = data.draw(orders())
    positions = st.integers(0, len(needs) - 1)
    breaking = data.draw(st.lists(st.frozensets(positions, min_size=1, max_size=3), max_size=4))
    suspects = data.draw(st.frozensets(positions, max_size=3))
    played = play(needs, breaking, suspects=suspects)
    outcome = played.outcome
    assert not any(those <= outcome.chosen for those in breaking)
    assert outcome.proven
    held = [each for held in outcome.held for each in (held.position, *held.dragged)]
    assert sorted([*held, *outcome.chosen]) == list(range(len(needs)))
    for probe in played.probes:
        assert all(needs[position] <= probe.chosen for position in probe.chosen)
    assert play(needs, breaking, suspects=suspects) == played


@given(st.data())
def test_single_culprits_are_found_whatever_needs_them(data: st.DataObject) -> None:
    needs = data.draw(orders())
    places = data.draw(st.frozensets(st.integers(0, len(needs) - 1), max_size=3))
    played = play(needs, singles(*places))
    blamed = {place for place in places if not needs[place] & places}
    assert blamed <= played.blamed
    dragged = {each for held in played.outcome.held for each in held.dragged}
    assert places <= played.blamed | dragged
    assert all(needs[place] & places for place in played.blamed - blamed)


@given(st.data())
def test_a_stopped_search_ends_with_what_it_knows(data: st.DataObject) -> None:
    needs = data.draw(orders())
    positions = st.integers(0, len(needs) - 1)
    breaking = data.draw(st.lists(st.frozensets(positions, min_size=1, max_size=2), max_size=3))
    most = data.draw(st.integers(1, 12))
    played = play(needs, breaking, most=most)
    assert played.runs <= most
    outcome = played.outcome
    assert not any(those <= outcome.chosen for those in breaking)
    assert all(needs[position] <= outcome.chosen for position in outcome.chosen)
    if outcome.proven and outcome.chosen:
        assert any(p.chosen == outcome.chosen and p.kind is Kind.CANDIDATE for p in played.probes)


@st.composite
def orders(draw: st.DrawFn) -> Sequence[frozenset[int]]:
    """Draw an order in which each position needs some before it, and all that these need."""
    needs: list[frozenset[int]] = []
    for position in range(draw(st.integers(1, 12))):
        direct = draw(st.frozensets(st.integers(0, position - 1), max_size=2)) if position else frozenset()
        needs.append(direct.union(*(needs[other] for other in direct)))
    return needs
