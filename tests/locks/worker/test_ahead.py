"""What is fetched ahead: what a distribution requires here, and with these extras."""

from __future__ import annotations

import pytest

from tests.locks.worker.conftest import Import


@pytest.mark.parametrize(
    ("line", "extras", "expected"),
    [
        ("Requires-Dist: Odd_Name >=1", "", [("odd-name", [])]),
        ("Requires-Dist: web[b,a]>=1; python_version > '3'", "", [("web", ["a", "b"])]),
        ("Requires-Dist: web; python_version < '3'", "", []),
        ("Requires-Dist: web; extra == 'speed'", "", []),
        ("Requires-Dist: web; extra == 'speed'", "speed", [("web", [])]),
    ],
)
def test_what_a_distribution_requires(
    engine: Import, line: str, extras: str, expected: list[tuple[str, list[str]]]
) -> None:
    found = engine("ahead").required(f"Name: demo\n{line}\n", frozenset(extras.split()))
    assert [(name, sorted(more)) for name, more, _ in found] == expected
