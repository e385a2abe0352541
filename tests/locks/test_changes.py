from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from bootstrap.locks.changes import changes, summary
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile, parse_lock

Texts = Mapping[str, str]
LAYERS = tuple(
    Layer(name, PurePosixPath(f"{name}.in"), PurePosixPath(f"{name}.txt")) for name in ("base", "dev")
)


def locks(texts: Texts) -> dict[PurePosixPath, LockFile]:
    return {PurePosixPath(f"{name}.txt"): parse_lock(text, name) for name, text in texts.items()}


@pytest.mark.parametrize(
    ("before", "after", "told", "counts"),
    [
        ({"base": "a==1"}, {"base": "a==1"}, [], "no pin moved"),
        ({"base": "a==1"}, {"base": "a==2"}, ["a 1 -> 2 (base)"], "1 changed"),
        (
            {"base": "a==1", "dev": "a==1\nb==1"},
            {"base": "a==2", "dev": "a==2\nc==1"},
            ["a 1 -> 2 (base, dev)", "b 1 -> gone (dev)", "c new -> 1 (dev)"],
            "1 changed, 1 added, 1 removed",
        ),
        ({}, {"dev": "a==1"}, ["a new -> 1 (dev)"], "1 added"),
        (
            {"base": "a @ https://h/a-1.zip"},
            {"base": "a @ https://u:s3cret@h/a-2.zip"},
            ["a https://h/a-1.zip -> https://****@h/a-2.zip (base)"],
            "1 changed",
        ),
        ({"base": "a>=1"}, {"base": "a==2"}, ["a no exact version -> 2 (base)"], "1 changed"),
        (
            {"base": "a==1", "dev": "a==2"},
            {"base": "a==3", "dev": "a==3"},
            ["a 1 -> 3 (base)", "a 2 -> 3 (dev)"],
            "2 changed",
        ),
    ],
)
def test_what_moved(
    before: Mapping[str, str], after: Mapping[str, str], told: list[str], counts: str
) -> None:
    found = changes(locks(before), locks(after), LAYERS)
    assert list(map(str, found)) == told
    assert summary(found) == counts
