"""What is fetched ahead first; what the engine writes is compared with pip-compile in ``test_worker``."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.locks.worker.conftest import Import


def asked(name: str | None, *extras: str, link: str | None = None) -> Any:
    return SimpleNamespace(name=name, extras=set(extras), specifier="", link=link)


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        (asked("Odd_Name"), [("odd-name", frozenset(), "")]),
        (asked("web", "speed"), [("web", frozenset({"speed"}), "")]),
        (asked("own", link="https://h/own-1.0.zip"), []),
        (asked(None, link="https://h/x.zip"), []),
    ],
)
def test_no_index_is_asked_for_what_comes_from_an_address(
    engine: Import, requirement: Any, expected: list[Any]
) -> None:
    assert engine("resolving").followed([requirement]) == expected
