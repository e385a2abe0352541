from __future__ import annotations

import pytest

from bootstrap.envfiles.defaults import outdated
from bootstrap.envfiles.document import parse


@pytest.mark.parametrize(
    ("example", "env", "expected"),
    [
        ("A=2\n", "A=1\n", {"A": "2"}),
        ("A=2\n", "A=mine\n", {}),
        ("A=1\n", "A=1\n", {}),
        ("A=changeme\n", "A=1\n", {}),
        ("A=\n", "A=1\n", {}),
        ("B=2\n", "A=1\n", {}),
        ("A='2 two'\nB=2\n", "A=1\nB=1\n", {"A": "2 two", "B": "2"}),
    ],
)
def test_only_a_value_that_was_the_default_is_outdated(
    example: str, env: str, expected: dict[str, str]
) -> None:
    documents = parse(example.encode(), ".env.example"), parse(env.encode(), ".env")
    assert outdated(*documents, lambda _, value: value == "1") == expected
