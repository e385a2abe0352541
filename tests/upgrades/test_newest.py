"""Why a package is not the newest: one reason, the surest first."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bootstrap.locks.requirements import parse
from bootstrap.upgrades.newest import Limits, Release, from_data, why_not

PLAIN = Limits((), {}, {}, frozenset(), None, "3.11.4", {"python_version": "3.11", "sys_platform": "linux"})
TWO = (Release("1.0"), Release("2.0"))


def why(releases: tuple[Release, ...] = TWO, chosen: str = "1.0", **more: Any) -> tuple[str, str] | None:
    found = why_not("web", chosen, releases, dataclasses.replace(PLAIN, **more))
    return None if found is None else (found.newest, found.why)


def test_the_newest_needs_no_reason() -> None:
    assert why(chosen="2.0") is None
    assert why(()) is None
    assert why((Release("1.0"), Release("1.0+local"), Release("odd"))) is None
    assert why(chosen="odd") is None


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"held": {"web": "held back: the tests fail with web"}}, "held back: the tests fail with web"),
        ({"inputs": (parse("# ours\nWeb<2\n", "base.in"),)}, "your limit <2 in base.in:2"),
        (
            {"inputs": (parse('web<2; sys_platform == "win32"\n', "base.in"),)},
            "the resolver chose an older one",
        ),
        ({"requires": {"shop": ("web<2",)}}, "capped by shop: web<2"),
        (
            {"requires": {"shop": ('web<2; extra == "x"', "web (<2", "other<2")}},
            "the resolver chose an older one",
        ),
        ({"left": frozenset({"web"})}, "not among the packages that were to move"),
        ({"parents": {"web": ("shop",)}}, "the resolver chose an older one (needed by shop)"),
    ],
)
def test_reasons(more: dict[str, Any], expected: str) -> None:
    assert why(**more) == ("2.0", expected)


def test_of_the_release() -> None:
    python = (Release("2.0", pythons=(">=3.12",)),)
    assert why(python) == ("2.0", "needs Python >=3.12, the project has 3.11.4")
    assert why((Release("2.0", pythons=(">=3.12", "")),)) == ("2.0", "the resolver chose an older one")
    young = (Release("2.0", "2026-11-20T10:00:00.123456Z"),)
    assert why(young, cut_off="2026-11-19T00:00:00+00:00") == ("2.0", "cooldown: released on 2026-11-20")
    assert why(young, cut_off="2026-11-21T00:00:00+00:00") == ("2.0", "the resolver chose an older one")
    assert why((Release("2.0", yanked="it leaks"),)) == ("2.0", "yanked from the index: it leaks")
    assert why((Release("2.0", yanked=""),)) == ("2.0", "yanked from the index")
    assert why((Release("2.0rc1"),)) == ("2.0rc1", "a pre-release")
    assert why((Release("2.0"), Release("3.0rc1"), Release("4.0", yanked="x"))) == (
        "2.0",
        "the resolver chose an older one",
    )


def test_read_from_what_the_index_told() -> None:
    data: list[dict[str, Any]] = [
        {"version": "1", "uploaded": "2026", "yanked": None, "pythons": [">=3"]},
        {"version": "2"},
    ]
    assert from_data(data) == (Release("1", "2026", None, (">=3",)), Release("2"))
