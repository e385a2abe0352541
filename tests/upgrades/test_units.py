"""Units and their order: whatever prefix of them has moved, all requirements are met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from packaging.requirements import Requirement

from bootstrap.upgrades.units import Mixture, Side, Unit

HERE = {"python_version": "3.12", "sys_platform": "linux", "extra": ""}
Releases = Mapping[str, tuple[str, ...]]
"""What each package of one side requires: ``name version`` to requirements."""


def side(releases: Releases) -> Side:
    pins = dict(each.split() for each in releases)
    return Side(pins, {each.split()[0]: requires for each, requires in releases.items()})


def mixture(old: Releases, new: Releases, roots: Mapping[str, frozenset[str]] | None = None) -> Mixture:
    return Mixture(side(old), side(new), roots or {}, HERE)


def names(units: Sequence[Unit]) -> list[str]:
    return [" ".join(unit.names) for unit in units]


def by_name(name: str) -> str:
    return name


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # Nothing ties them: by rank alone.
        ({"b 1": (), "a 1": ()}, {"b 2": (), "a 2": ()}, ["a", "b"]),
        # What did not move is no unit.
        ({"a 1": (), "b 1": ()}, {"a 1": (), "b 2": ()}, ["b"]),
        # The new version needs a newer one.
        ({"a 1": ("b",), "b 1": ()}, {"a 2": ("b>=2",), "b 2": ()}, ["b", "a"]),
        # The old version excludes a newer one.
        ({"a 1": ("b<2",), "b 1": ()}, {"a 2": ("b",), "b 2": ()}, ["a", "b"]),
        # Both at once.
        ({"a 1": ("b<2",), "b 1": ()}, {"a 2": ("b>=2",), "b 2": ()}, ["a b"]),
        # A circle over three.
        (
            {"a 1": ("b==1",), "b 1": ("c==1",), "c 1": ("a==1",)},
            {"a 2": ("b==2",), "b 2": ("c==2",), "c 2": ("a==2",)},
            ["a b c"],
        ),
        # Through a package that is added, and through one that goes.
        ({"a 1": (), "b 1": ()}, {"a 2": ("x",), "x 1": ("b>=2",), "b 2": ()}, ["b", "a"]),
        ({"a 1": ("x",), "x 1": ("b<2",), "b 1": ()}, {"a 2": (), "b 2": ()}, ["a", "b"]),
        # Another system's requirement does not count; that of an extra only where it is asked for.
        (
            {"a 1": (), "b 1": ()},
            {"a 2": ('b>=2; sys_platform == "win32"', 'b>=2; extra == "fast"'), "b 2": ()},
            ["a", "b"],
        ),
        (
            {"a 1": (), "b 1": (), "c 1": ("a[Fast]",)},
            {"a 2": ('b>=2; extra == "fast"',), "b 2": (), "c 1": ("a[Fast]",)},
            ["b", "a"],
        ),
        # What cannot be read says nothing.
        ({"a 1": ("b (<2",), "b 1": ()}, {"a 2": (), "b 2": ()}, ["a", "b"]),
    ],
)
def test_order(old: Releases, new: Releases, expected: list[str]) -> None:
    assert names(mixture(old, new).units(by_name)) == expected


def test_extras_of_the_project() -> None:
    old: Releases = {"a 1": (), "b 1": ()}
    new: Releases = {"a 2": ('b>=2; extra == "fast"',), "b 2": ()}
    assert names(mixture(old, new, {"a": frozenset({"fast"})}).units(by_name)) == ["b", "a"]


def test_the_rank_decides_where_it_may() -> None:
    old: Releases = {"a 1": (), "b 1": (), "c 1": ("a<2",)}
    new: Releases = {"a 2": (), "b 2": (), "c 2": ()}
    units = mixture(old, new).units(lambda name: {"a": 0, "b": 1, "c": 2}[name])
    assert names(units) == ["b", "c", "a"]
    assert [set(unit.needs) for unit in units] == [set(), set(), {1}]


def test_needs_are_complete() -> None:
    old: Releases = {"a 1": (), "b 1": (), "c 1": ()}
    new: Releases = {"a 2": ("b>=2",), "b 2": ("c>=2",), "c 2": ()}
    units = mixture(old, new).units(by_name)
    assert names(units) == ["c", "b", "a"]
    assert [set(unit.needs) for unit in units] == [set(), {0}, {0, 1}]


def test_what_comes_and_goes_follows_those_who_need_it() -> None:
    made = mixture({"a 1": ("x",), "x 1": (), "b 1": ()}, {"a 2": ("y",), "y 1": (), "b 2": ()})
    assert made.moved == {"a", "b"}
    assert made.pins({"a"}) == {"a": "2", "b": "1", "y": "1"}
    assert made.pins({"b"}) == {"a": "1", "b": "2", "x": "1"}
    assert made.pins(set()) == {"a": "1", "b": "1", "x": "1"}
    assert made.pins({"a", "b"}) == {"a": "2", "b": "2", "y": "1"}


NAMES = ("a", "b", "c", "d")
VERSIONS = ("1", "2")


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Releases, Releases]:
    """Draw two sides, each consistent in itself, in which all that is there is needed by a root."""
    sides = []
    for _ in range(2):
        there = {"a": draw(st.sampled_from(VERSIONS)), "b": draw(st.sampled_from(VERSIONS))}
        there |= {name: draw(st.sampled_from(VERSIONS)) for name in ("c", "d") if draw(st.booleans())}
        requires = {}
        for name, version in there.items():
            chosen = draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True))
            texts = [f"{q}{draw(st.sampled_from(['', '>=2', '<2', '==1']))}" for q in chosen if q != name]
            requires[f"{name} {version}"] = tuple(texts)
        sides.append(requires)
    old, new = sides
    for key in old.keys() & new.keys():
        new[key] = old[key]  # one version says one thing
    assume(all(consistent(side(each).pins, each) for each in (old, new)))
    return old, new


def consistent(pins: Mapping[str, str], *releases: Releases) -> bool:
    known = {key: requires for each in releases for key, requires in each.items()}
    asked = [Requirement(text) for name, version in pins.items() for text in known[f"{name} {version}"]]
    return all(each.name in pins and each.specifier.contains(pins[each.name]) for each in asked)


@given(worlds())
def test_every_prefix_is_consistent(world: tuple[Releases, Releases]) -> None:
    old, new = world
    roots: dict[str, frozenset[str]] = {"a": frozenset(), "b": frozenset()}
    made = mixture(old, new, roots)
    units = made.units(by_name)
    assert sorted(name for unit in units for name in unit.names) == sorted(made.moved)
    for size in range(len(units) + 1):
        moved = {name for unit in units[:size] for name in unit.names}
        assert consistent(made.pins(moved), old, new)
    for chosen in product((False, True), repeat=len(units)):
        positions = {number for number, is_chosen in enumerate(chosen) if is_chosen}
        if all(units[number].needs <= positions for number in positions):
            moved = {name for number in positions for name in units[number].names}
            assert consistent(made.pins(moved), old, new)
