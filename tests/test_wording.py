from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from bootstrap.wording import canonical, counted


@pytest.mark.parametrize(("number", "expected"), [(0, "0 locks"), (1, "1 lock"), (2, "2 locks")])
def test_a_number_of_things(number: int, expected: str) -> None:
    assert counted(number, "lock") == expected


@settings(max_examples=200)
@given(st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,20}[A-Za-z0-9])?", fullmatch=True))
def test_names_have_one_form(name: str) -> None:
    assert canonical(name) == canonicalize_name(name)
    assert canonical(canonical(name)) == canonical(name)
