"""The lines of a failed run that tell most, and what is kept out of them."""

from __future__ import annotations

import pytest

from bootstrap.upgrades import masking
from bootstrap.upgrades.excerpts import excerpt

PYTEST = """\
=================================== FAILURES ============================

@pytest.mark.parametrize(
____________________________________ test_a ____________________________________

    def test_a():
>       assert 1 == 2
E       AssertionError: assert 1 == 2

tests/test_a.py:2: AssertionError
=========================== short test summary info =====================

@pytest.mark.parametrize(
FAILED tests/test_a.py::test_a - AssertionError: assert 1 == 2
FAILED tests/test_a.py::test_b - TypeError: no
2 failed, 10 passed in 0.12s
"""
UNITTEST = """\
..F
===============================================================

@pytest.mark.parametrize(
FAIL: test_a (shop.tests.ShopTests.test_a)
----------------------------------------------------------------------
Traceback (most recent call last):
  File "tests.py", line 4, in test_a
    self.assertEqual(1, 2)
AssertionError: 1 != 2

----------------------------------------------------------------------
Ran 3 tests in 0.001s
"""
IMPORT = """\
Traceback (most recent call last):
  File "manage.py", line 3
ModuleNotFoundError: No module named "x"
"""


@pytest.mark.parametrize(
    ("output", "first"),
    [
        (PYTEST, "FAILED tests/test_a.py::test_a - AssertionError: assert 1 == 2"),
        (UNITTEST, "FAIL: test_a (shop.tests.ShopTests.test_a)"),
        (IMPORT, 'ModuleNotFoundError: No module named "x"'),
        ("\x1b[31mboom\x1b[0m\n\n", "boom"),
    ],
)
def test_first_line(output: str, first: str) -> None:
    assert excerpt(output.splitlines())[0] == first


def test_few_lines_of_bounded_width() -> None:
    many = [f"FAILED tests/test_{number}.py::test - {'x' * 500}" for number in range(50)]
    found = excerpt(many)
    assert len(found) <= 8
    assert max(map(len, found)) <= 240
    assert excerpt([]) == ()


def test_the_error_of_a_unittest_follows_its_name() -> None:
    assert excerpt(UNITTEST.splitlines())[1] == "AssertionError: 1 != 2"


def test_values_are_masked_in_any_form() -> None:
    key = 'two\nlines with "quotes"'
    secrets = masking.secrets_of({"KEY": key, "TOKEN": "a/b c?d", "PATH": "/usr/bin", "SHORT": "abc"})
    line = f"{key.splitlines()[1]} a/b c?d a%2Fb%20c%3Fd {key!r} /usr/bin abc https://ann:pw@example.com/x"
    made = masking.masked(line, secrets)
    assert "lines with" not in made
    assert "a/b" not in made
    assert "a%2Fb" not in made
    assert "pw" not in made
    assert "/usr/bin abc" in made


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "PYTHON_KEY", "MY_PATH", "DATABASE_URL"])
def test_what_may_be_a_secret_is_one(name: str) -> None:
    assert masking.secrets_of({name: "value-of-it"})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("the index answered 404 (asked https://u:p@index.example/files/a.whl)", "the index answered 404"),
        ("cannot fetch https://u:p@index.example/files/a-1.whl now", "cannot fetch a-1.whl now"),
        ("no address", "no address"),
    ],
)
def test_addresses_of_indexes_stay_out(line: str, expected: str) -> None:
    assert masking.without_addresses(line) == expected


@pytest.mark.parametrize(
    ("name", "value", "line", "told"),
    [
        ("DATABASE_URL", "postgres://ann:s%40fe!@db/shop", "{'PASSWORD': 's@fe!'}", "{'PASSWORD': '****'}"),
        ("DATABASE_URL", "postgres://ann:hunter22@db/shop", "password=hunter22", "password=****"),
        ("DB_PASSWORD", "abc1", "with abc1, in abc123", "with ****, in abc123"),
        ("LOG_LEVEL", "INFO", "level INFO", "level INFO"),
        ("BROKEN", "http://[::1", "http://[::1 is no address", "**** is no address"),
    ],
)
def test_passwords_within_addresses_and_short_ones_are_masked(
    name: str, value: str, line: str, told: str
) -> None:
    assert masking.masked(line, masking.secrets_of({name: value})) == told


def test_places_are_named_by_what_they_are() -> None:
    assert masking.without_places("/tmp/x/work/a.py", [("/tmp/x/work", ".")]) == "./a.py"
