"""Poetry's constraints as PEP 440 writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from bootstrap.scaffold.adoption.specifiers import (
    CannotConvertError,
    from_poetry,
    lower_bound,
    python_marker,
)


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("*", ""),
        ("", ""),
        ("^1.2.3", ">=1.2.3,<2"),
        ("^1.2", ">=1.2,<2"),
        ("^1", ">=1,<2"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2"),
        ("~=1.2", "~=1.2"),
        ("1.4", "==1.4"),
        ("1.*", "==1.*"),
        (">=1.2,<2", ">=1.2,<2"),
        (">= 1.2, < 2", ">=1.2,<2"),
        (">=1.2 <2", ">=1.2,<2"),
        ("!=1.3", "!=1.3"),
        ("==1.0", "==1.0"),
        ("^1.0 || ^2.0", ">=1.0,<3"),
        ("^2.0 || ^1.0", ">=1.0,<3"),
        ("^1 | ^2 || ^3", ">=1,<4"),
        (">=1.0,<1.5 || >=1.2,<1.3", ">=1.0,<1.5"),
    ],
)
def test_it_says_the_same(constraint: str, expected: str) -> None:
    assert from_poetry(constraint) == expected


@pytest.mark.parametrize(
    "constraint", ["^1.0 || ^3.0", "1.0 || 2.0", ">=1 || <3", "^x", "latest", "^1.0 || *"]
)
def test_what_cannot_be_said(constraint: str) -> None:
    with pytest.raises(CannotConvertError):
        from_poetry(constraint)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=3))
def test_a_caret_allows_what_it_names_and_no_more_than_the_next(numbers: list[int]) -> None:
    text = ".".join(map(str, numbers))
    allowed = SpecifierSet(from_poetry(f"^{text}"))
    assert allowed.contains(text)
    place = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
    following = [*numbers[:place], numbers[place] + 1]
    assert not allowed.contains(Version(".".join(map(str, following))))


@pytest.mark.parametrize(
    ("specifiers", "marker"),
    [
        ("", ""),
        (">=3.9", 'python_version >= "3.9"'),
        (">=3.9,<4", 'python_version >= "3.9" and python_version < "4"'),
        ("<3.12.4", 'python_full_version < "3.12.4"'),
    ],
)
def test_a_range_of_python_is_a_marker(specifiers: str, marker: str) -> None:
    assert python_marker(specifiers) == marker


@pytest.mark.parametrize("version", ["1.0", "2.1.0+cu118", "1.0rc1", "2024.1", "1!2.0"])
def test_a_pin_satisfies_its_lower_bound(version: str) -> None:
    assert SpecifierSet(lower_bound(version)).contains(version, prereleases=True)
