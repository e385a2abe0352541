from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from bootstrap.pythons.specifiers import can_satisfy, has_upper_bound, minors


@pytest.mark.parametrize(
    ("specifiers", "version", "expected"),
    [
        (">=3.12.5", "3.12", True),
        (">=3.12.5", "3.12.4", False),
        ("<3.12", "3.12", False),
        ("<3.12", "3", True),
        (">=3.12", "", True),
        ("==3.12.7", "3.12", True),
        (">=3.14", "3.14.0rc1", False),
    ],
)
def test_can_satisfy(specifiers: str, version: str, *, expected: bool) -> None:
    assert can_satisfy(SpecifierSet(specifiers), version) is expected


@pytest.mark.parametrize(
    ("specifiers", "expected"),
    [
        (">=3.11,<3.13", ["3.11", "3.12"]),
        ("~=3.12.0", ["3.12"]),
        ("==3.12.*", ["3.12"]),
        ("<3.11", ["3.9", "3.10"]),
        (">=3.11.4,<3.13", ["3.12"]),
        ("==3.12.4", []),
        ("<3", []),
    ],
)
def test_minors(specifiers: str, expected: list[str]) -> None:
    assert minors(SpecifierSet(specifiers)) == expected
    assert has_upper_bound(SpecifierSet(specifiers))


def test_no_upper_bound() -> None:
    assert not has_upper_bound(SpecifierSet(">=3.11,!=3.12.0"))


@given(st.integers(9, 20), st.integers(9, 20))
def test_minors_lie_between_the_bounds(low: int, high: int) -> None:
    assert minors(SpecifierSet(f">=3.{low},<3.{high}")) == [f"3.{minor}" for minor in range(low, high)]
