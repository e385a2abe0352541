from __future__ import annotations

from collections.abc import Mapping

import pytest

from bootstrap.locks.closure import Closure, InstalledMetadata, Missing, check_closure
from bootstrap.locks.requirements import Direct, Requirement, parse
from tests.locks.targets import LINUX, WINDOWS

METADATA = {
    "redis": InstalledMetadata("5.0", ("async-timeout>=4", "hiredis>=3; extra == 'hiredis'"), ("hiredis",)),
    "async-timeout": InstalledMetadata("4.0"),
    "hiredis": InstalledMetadata("3.0"),
    "click": InstalledMetadata("8.1", ("colorama; platform_system == 'Windows'",)),
    "colorama": InstalledMetadata("0.4"),
    "all": InstalledMetadata("1.0", ("all[A_b]; extra == 'full'", "click; extra == 'a-b'"), ("full", "A_b")),
    "loop-a": InstalledMetadata("1", ("Loop_B",)),
    "loop-b": InstalledMetadata("1", ("loop.a",)),
    "odd": InstalledMetadata("1", ("pytz (>dev)",)),
}


def closure(roots: str, pins: str, markers: Mapping[str, str] = LINUX) -> Closure:
    asked = [line for line in parse(roots, "x.in").lines if isinstance(line, Requirement | Direct)]
    versions = {name: METADATA[name].version if name in METADATA else "1" for name in pins.split()}
    return check_closure(asked, METADATA, versions, markers)


@pytest.mark.parametrize(
    ("roots", "pins"),
    [
        ("", ""),
        ("redis", "redis async-timeout"),
        ("redis[hiredis]", "redis async-timeout hiredis"),
        ("redis\nredis[HiRedis]", "redis async-timeout hiredis"),
        ("click", "click"),
        ("all[full]", "all click"),
        ("loop-a", "loop-a loop-b"),
    ],
)
def test_a_whole_lock(roots: str, pins: str) -> None:
    found = closure(roots, pins)
    assert found == Closure((), (), (), ())
    assert found.is_proved


@pytest.mark.parametrize(
    ("roots", "pins", "missing"),
    [
        ("redis", "", Missing("redis", None, "redis")),
        ("redis", "redis", Missing("async-timeout", "redis", "async-timeout>=4")),
        (
            "redis[hiredis]",
            "redis async-timeout",
            Missing("hiredis", "redis", "hiredis>=3; extra == 'hiredis'"),
        ),
        ("all[full]", "all", Missing("click", "all", "click; extra == 'a-b'")),
    ],
)
def test_what_a_lock_lacks(roots: str, pins: str, missing: Missing) -> None:
    found = closure(roots, pins)
    assert found.missing == (missing,)
    assert not found.is_proved


def test_markers_are_those_of_the_target() -> None:
    assert closure("click", "click", LINUX).missing == ()
    assert [one.name for one in closure("click", "click", WINDOWS).missing] == ["colorama"]


def test_what_another_system_needs_is_no_stray() -> None:
    assert closure("click", "click colorama", LINUX).is_proved
    assert closure("redis", "redis async-timeout click colorama").unneeded == ("click", "colorama")


def test_what_nobody_needs() -> None:
    found = closure("redis", "redis async-timeout hiredis loop-a loop-b")
    assert found.unneeded == ("hiredis", "loop-a", "loop-b")
    assert not found.is_proved


@pytest.mark.parametrize("roots", ["strange", "redis\nstrange", "odd"])
def test_nothing_is_guessed_where_metadata_is_not_at_hand(roots: str) -> None:
    found = closure(roots, "strange odd click redis async-timeout")
    assert found.unknown == (roots.rsplit(maxsplit=1)[-1],)
    assert found.unneeded == ()
    assert not found.is_proved


def test_metadata_of_another_version_does_not_speak_for_the_pin() -> None:
    (root,) = parse("redis", "x.in").lines
    assert isinstance(root, Requirement)
    assert check_closure([root], METADATA, {"redis": "6.0"}, LINUX).unknown == ("redis",)
    assert check_closure([root], METADATA, {"redis": "5"}, LINUX).unknown == ()
    assert check_closure([root], METADATA, {"redis": ""}, LINUX).unknown == ()


def test_a_root_without_a_name_leaves_open_what_is_unneeded() -> None:
    found = closure("-e .", "click")
    assert found.unknown == ("-e .",)
    assert found.unneeded == ()


def test_unknown_pins_that_nobody_needs_are_no_obstacle() -> None:
    assert closure("click", "click strange").unneeded == ("strange",)


def test_an_extra_that_is_not_there_is_told() -> None:
    assert closure("redis[hiredsi]", "redis async-timeout").no_such_extra == ("redis[hiredsi]",)
