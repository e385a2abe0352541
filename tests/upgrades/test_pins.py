"""What moved between two sets of locks, and how far."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile, parse_lock
from bootstrap.upgrades import pins
from bootstrap.upgrades.pins import Bump

BASE = Layer("base", PurePosixPath("base.in"), PurePosixPath("base.txt"))
DEV = Layer("dev", PurePosixPath("dev.in"), PurePosixPath("dev.txt"))


def locks(**texts: str) -> dict[PurePosixPath, LockFile]:
    return {PurePosixPath(f"{name}.txt"): parse_lock(text, f"{name}.txt") for name, text in texts.items()}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.0", "2.0", Bump.MAJOR),
        ("1.0", "1.1", Bump.MINOR),
        ("1.0", "1.0.1", Bump.PATCH),
        ("1.0", "1.0.post1", Bump.PATCH),
        ("2.0rc1", "2.0", Bump.PATCH),
        ("0.1", "0.2", Bump.MAJOR),
        ("0.1.0", "0.1.1", Bump.PATCH),
        ("0.9", "1.0", Bump.MAJOR),
        ("1!1.0", "2!1.0", Bump.MAJOR),
        ("2025.8.3", "2026.1.14", Bump.CALENDAR),
        ("2025.8.3", "2025.9.1", Bump.CALENDAR),
        ("2025.8.3", "2025.8.4", Bump.PATCH),
        ("1.0", "2026.1", Bump.MAJOR),
        ("one", "two", Bump.MAJOR),
        (None, "1.0", Bump.NEW),
        ("1.0", None, Bump.GONE),
    ],
)
def test_bump(old: str | None, new: str | None, expected: Bump) -> None:
    assert pins.bump(old, new) is expected


def test_moves_are_told_with_their_place() -> None:
    before = locks(
        base="web==1.0\n    # via -r base.in\nutil==1.0\n    # via web\n",
        dev="web==1.0\n    # via -r base.in\nutil==1.0\n    # via web\ngone==1.0\n    # via -r dev.in\n",
    )
    after = locks(
        base="web==1.1\n    # via -r base.in\nutil==1.0\n    # via web\n",
        dev="web==1.1\n    # via -r base.in\nutil==1.0\n    # via web\nfresh==3.0\n    # via\n    #   web\n",
    )
    found = pins.moves(before, after, (BASE, DEV))
    assert [str(move) for move in found] == [
        "fresh new -> 3.0 (new, transitive; dev)",
        "gone 1.0 -> gone (gone, direct; dev)",
        "web 1.0 -> 1.1 (minor, direct; base, dev)",
    ]
    assert found[0].place.parents == ("web",)


def test_an_address_never_moves() -> None:
    one = locks(base="own @ https://example.com/own-1.whl\n")
    other = locks(base="own @ https://example.com/own-2.whl\n")
    assert pins.moves(one, other, (BASE,)) == ()


def test_lowered() -> None:
    old = {"a": "1.10", "b": "2.0", "c": "1.0", "odd": "x"}
    assert pins.lowered(old, {"a": "1.9", "b": "2.0.0", "c": "1.1", "odd": "w", "d": "0"}) == ("a",)
