from __future__ import annotations

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.locks.lockfile import parse_lock
from bootstrap.locks.preferences import Preferences

LOCKS = [parse_lock(text, "x") for text in ("a==1 --hash=sha256:00\n    # via b\nb==1", "a==2\nb==1.0\nc==1")]


def held(moving: str = "") -> Preferences:
    return Preferences.of(LOCKS, moving.split().__contains__)


def conflict(*pins: str) -> BootstrapError:
    lines = "\n".join(f"    The user requested (constraint) {pin}" for pin in pins)
    return BootstrapError("no way", details=f"The conflict is caused by:\n{lines}\n\n")


def test_the_first_lock_has_the_first_choice() -> None:
    assert held().text() == "a==1 --hash=sha256:00\n    # via b\nb==1\nc==1\n"


def test_what_may_move_is_not_held() -> None:
    assert held("a c").text() == "b==1\n"


def test_where_the_first_choice_is_in_the_way_the_next_takes_its_place() -> None:
    second = held().without_those_in_the_way(conflict("A==1", "unknown==3"))
    assert second.text() == "a==2\nb==1\nc==1\n"
    third = second.without_those_in_the_way(conflict("a==2", "c==1"))
    assert third.text() == "b==1\n"


def test_a_conflict_without_them_stays_one() -> None:
    error = conflict("z==1")
    with pytest.raises(BootstrapError) as caught:
        held().without_those_in_the_way(error)
    assert caught.value is error
