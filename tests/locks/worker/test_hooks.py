"""What is taken hold of is named with the versions it was tested with, and is there in all of them."""

from __future__ import annotations

from typing import Any

import pytest

from bootstrap.locks import pip_tools
from tests.locks.worker.conftest import Import


@pytest.mark.parametrize(
    ("tested", "outside"),
    [
        ({"pip": [[1, 0], [999, 0]]}, False),
        ({"pip": [[1, 0], [2, 0]]}, True),
        ({"pip": [[1, 0], [999, 0]], "pip-tools": [[998, 0], [999, 0]]}, True),
    ],
)
def test_versions_that_were_not_tested_are_named(
    engine: Import, tested: dict[str, Any], *, outside: bool
) -> None:
    found = engine("hooks").outside(tested)
    assert (found is not None) is outside
    assert found is None or found.split()[0] in tested


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ([26, 3], [26, 3], True),
        ([25, 3], [26, 3], True),
        ([26, 3, 1], [26, 3, 2], True),
        ([26, 3, 2], [26, 4], False),
        ([25], [26, 3, 0], False),
        ([25], [26], True),
    ],
)
def test_the_ends_of_a_range_hold_as_far_as_they_are_written(
    engine: Import, monkeypatch: pytest.MonkeyPatch, low: list[int], high: list[int], *, expected: bool
) -> None:
    hooks = engine("hooks")
    monkeypatch.setattr(hooks, "_release", lambda _: (26, 3, 1))
    monkeypatch.setattr(pip_tools, "_TESTED", {"pip": (tuple(low), tuple(high))})
    assert (hooks.outside({"pip": [low, high]}) is None) is expected
    assert pip_tools.is_tested("pip", "26.3.1") is expected


def test_the_range_of_the_whole_is_that_of_the_parts(engine: Import) -> None:
    """Apart from what only a cooldown needs: a pip that knows none is not asked for one."""
    tested = engine("hooks").TESTED
    parts = {found for place, found in tested.items() if place != "LinkEvaluator.evaluate_link"}
    assert sorted(parts) == [(name, low, high) for name, (low, high) in sorted(pip_tools._TESTED.items())]
    assert tested["LinkEvaluator.evaluate_link"][1] == pip_tools._KNOWS_UPLOAD_TIMES


def test_every_place_is_there_and_what_takes_one_is_in_the_table(engine: Import) -> None:
    hooks = engine("hooks")
    for name in ("fetching", "candidates", "resolving"):
        engine(name)
    for place in hooks.TESTED:
        owner, _, name = place.partition(".")
        assert hasattr(hooks._OWNERS[owner], name), place
    assert hooks._taken.keys() <= hooks.TESTED.keys()
    assert len(hooks._taken) == 13
