"""Candidates from the newest down: the same ones in the same order as pip's own list."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from bootstrap.locks.worker import newest


def sorted_versions(texts: list[str]) -> list[tuple[Version, str]]:
    return sorted(((Version(text), text) for text in texts), reverse=True)


@pytest.mark.parametrize(
    ("versions", "specifier", "chosen", "left_out"),
    [
        ("1.0 2.0 3.0", "", "1.0 2.0 3.0", None),
        ("1.0 2.0 3.0 4.0 5.0 6.0", "", "3.0 4.0 5.0 6.0", "2.0"),
        ("1.0 2.0 3.0 4.0 5.0 6.0", "<6,!=4", "1.0 2.0 3.0 5.0", None),
        ("1.0 2.0rc1 3.0", "", "3.0", "2.0rc1"),
        ("1.0 2.0rc1", "", "", "2.0rc1"),
        ("1.0 2.0rc1", "<2.0rc1", "1.0", None),
        ("1.0", ">1", "", None),
        ("", "", "", None),
    ],
)
def test_choice(versions: str, specifier: str, chosen: str, left_out: str | None) -> None:
    judge = SpecifierSet(specifier)
    found, first = newest.choose(
        sorted_versions(versions.split()), lambda text: judge.contains(text, prereleases=True)
    )
    assert (found, first) == (frozenset(chosen.split()), left_out and Version(left_out))


def candidates(numbers: list[int]) -> list[Any]:
    return [SimpleNamespace(link=f"file-{number}") for number in numbers]


@given(st.sets(st.integers(0, 30)), st.integers(0, 5))
def test_the_order_is_that_of_all(numbers: set[int], few: int) -> None:
    every, calls = candidates(sorted(numbers)), list[int]()

    def make() -> Any:
        calls.append(1)
        return SimpleNamespace(applicable_candidates=every)

    known = candidates(sorted(numbers)[-few:] if few else [])
    found = newest.Found(known, make).applicable_candidates
    for _ in range(2):
        assert [one.link for one in reversed(found)] == [one.link for one in reversed(every)]
        assert {one.link for one in found} == {one.link for one in every}
    assert calls == [1]


def test_the_older_are_made_only_where_they_are_asked_for() -> None:
    def never() -> Any:
        raise AssertionError

    found = newest.Found(candidates([1, 2]), never).applicable_candidates
    both = reversed(found)
    assert [next(both).link, next(both).link] == ["file-2", "file-1"]
    assert next(iter(found)).link == "file-2"
