"""How far a job is, in words."""

from __future__ import annotations

import pytest

from bootstrap.upgrades import progress
from bootstrap.upgrades.progress import Estimate
from bootstrap.upgrades.search import Kind, Probe


@pytest.mark.parametrize(
    ("kind", "done", "expected"),
    [
        (Kind.BASELINE, [], Estimate(1, 2, None)),
        (Kind.CANDIDATE, [10.0], Estimate(2, 2, 10.0, 10.0)),
        (Kind.PREFIX, [10.0, 10.0], Estimate(3, 10, 80.0, 20.0)),
        (Kind.PREFIX, [1.0] * 20, Estimate(21, 23, 3.0, 20.0)),
        (Kind.ALONE, [10.0] * 9, Estimate(10, 10, 10.0, 90.0)),
    ],
)
def test_estimate(kind: Kind, done: list[float], expected: Estimate) -> None:
    assert progress.estimate(Probe(frozenset(), kind), done, 40) == expected


def test_told() -> None:
    told = progress.told(Estimate(3, 10, 80.0, 20.0), "x")
    assert told == "run 3 of about 10: x; 20 s so far, about 1 min 20 s left"
    assert progress.told(Estimate(1, 2, None), "x") == "run 1 of about 2: x"
    assert progress.told(Estimate(1, 2, 0.4), "x") == "run 1 of about 2: x"


def test_what() -> None:
    assert progress.what(Probe(frozenset(), Kind.BASELINE), (), 3) == "what is locked now"
    assert progress.what(Probe(frozenset({0, 1, 2}), Kind.CANDIDATE), "abc", 3) == "all 3 upgrades together"
    again = Probe(frozenset({0}), Kind.PREFIX, 2)
    assert progress.what(again, ("a", "b", "c", "d"), 3) == "1 of 3 upgrades (a, b, c, ...), once more"


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(0.4, "0 s"), (59.4, "59 s"), (60, "1 min"), (432, "7 min 12 s"), (3900, "1 h 5 min")],
)
def test_duration(seconds: float, expected: str) -> None:
    assert progress.duration(seconds) == expected
