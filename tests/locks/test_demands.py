from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from bootstrap.locks.demands import applies, demands, roots
from bootstrap.locks.requirements import RequirementFile, parse
from tests.locks.targets import LINUX, WINDOWS

TOP = PurePosixPath("requirements/top.in")


def files(texts: Mapping[str, str]) -> dict[PurePosixPath, RequirementFile]:
    return {PurePosixPath(f"requirements/{name}"): parse(text, name) for name, text in texts.items()}


def asked(texts: Mapping[str, str], markers: Mapping[str, str] = LINUX) -> list[str]:
    """Return each demand as ``file:line text``; one that only limits stands in brackets."""
    found = []
    for demand in demands(TOP, files(texts), markers):
        told = f"{demand.file.name}:{demand.item.number} {demand.item.text}"
        found.append(f"[{told}]" if demand.limits else told)
    return found


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"top.in": "a\n\nb>1"}, ["top.in:1 a", "top.in:3 b>1"]),
        ({"top.in": "a\n-r x.in\nb", "x.in": "c"}, ["top.in:1 a", "x.in:1 c", "top.in:3 b"]),
        ({"top.in": "-c x.in\na", "x.in": "c"}, ["[x.in:1 c]", "top.in:2 a"]),
        ({"top.in": "-c x.in", "x.in": "c\n-r y.in", "y.in": "d"}, ["[x.in:1 c]", "y.in:1 d"]),
        ({"top.in": "-r x.in", "x.in": "-c y.in", "y.in": "d"}, ["[y.in:1 d]"]),
        ({"top.in": "-r x.in\n-c x.in", "x.in": "c"}, ["x.in:1 c", "[x.in:1 c]"]),
        ({"top.in": "-r x.in\n-r y.in", "x.in": "-r z.in", "y.in": "-r z.in", "z.in": "c"}, ["z.in:1 c"]),
        ({"top.in": "--pre\n-r https://h/x.in\n-r gone.in\na"}, ["top.in:4 a"]),
        (
            {"top.in": "a; sys_platform == 'win32'\nb; sys_platform == 'linux'"},
            ["top.in:2 b; sys_platform == 'linux'"],
        ),
        ({"top.in": "./a ; sys_platform == 'win32'\n-e ."}, ["top.in:2 -e ."]),
    ],
)
def test_what_a_layer_asks_for(texts: Mapping[str, str], expected: list[str]) -> None:
    assert asked(texts) == expected


def test_the_environment_is_the_target_not_this_one() -> None:
    texts = {"top.in": "a; sys_platform == 'win32'\nb; python_version < '3'"}
    assert asked(texts, WINDOWS) == ["top.in:1 a; sys_platform == 'win32'"]
    assert asked(texts, LINUX) == []


def test_a_line_without_a_marker_always_applies() -> None:
    assert applies(None, {})


def test_roots_read_the_source_behind_a_lock() -> None:
    found = roots(
        TOP, files({"top.in": "-r base.txt\n-c limits.txt\na", "base.in": "b[x]", "limits.txt": "c"}), LINUX
    )
    assert [root.text for root in found] == ["b[x]", "a"]
