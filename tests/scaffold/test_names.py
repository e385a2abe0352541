"""Which names a project can have."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import UsageError
from bootstrap.scaffold import names, templates

TAKEN = templates.load("django").taken


@pytest.mark.parametrize("name", ["a", "x1", "my_app", "shop", "a" * 39, "a_b_c", "zebra"])
def test_good(name: str) -> None:
    names.check(name, TAKEN)


@pytest.mark.parametrize(
    ("name", "told", "hint"),
    [
        ("1abc", "small letters", "abc_site"),
        ("my-app", "small letters", "my_app"),
        ("Shop", "small letters", "shop"),
        ("_shop", "small letters", "shop"),
        ("shop_", "small letters", "shop"),
        ("", "small letters", "shop"),
        ("../shop", "small letters", "shop"),
        ("früh", "small letters", "fr_h"),
        ("class", "a word of Python", "class_site"),
        ("match", "a word of Python", "match_site"),
        ("site", "standard library", "site_site"),
        ("test", "standard library", "test_site"),
        ("django", "that the project needs", "django_site"),
        ("users", "that the project needs", "users_site"),
        ("tests", "that the project needs", "tests_site"),
        ("celery", "that the project needs", "celery_site"),
        ("a" * 101, "more than 100 letters", "a" * 100),
    ],
)
def test_bad(name: str, told: str, hint: str) -> None:
    with pytest.raises(UsageError) as raised:
        names.check(name, TAKEN)
    problem = raised.value.problem
    assert (problem.code, raised.value.exit_code) == ("bad-name", 2)
    assert told in problem.message
    assert problem.hint == f"take another name, as in {hint}"


@given(st.text())
def test_what_is_hinted_is_good(name: str) -> None:
    try:
        names.check(name, TAKEN)
    except UsageError as error:
        hint = error.problem.hint or ""
        names.check(hint.rpartition(" ")[2], TAKEN)
    else:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
        assert name.isidentifier()
