from __future__ import annotations

import pytest

from bootstrap.locks import platforms
from bootstrap.locks.lockfile import parse_lock
from bootstrap.locks.platforms import OTHER_PLATFORM
from bootstrap.locks.reason import Reason
from tests.locks.targets import LINUX, WINDOWS


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        (None, False),
        ("python_version >= '3'", False),
        ("extra == 'x'", False),
        ("sys_platform == 'win32'", True),
        ("platform_system != 'Windows' and python_version < '3.12'", True),
        ("os_name == 'nt'", True),
        ("platform_machine == 'x86_64'", True),
        ("implementation_name != 'pypy'", True),
        ("platform_python_implementation == 'CPython'", True),
        ("python_full_version < '3.11.3'", True),
        ("implementation_name != 'pypy' and extra == 'binary'", False),
        ("colorama>=1 ; sys_platform == 'win32'", True),
        ("platform-tools>=1", False),
    ],
)
def test_markers_that_tell_platforms_apart(marker: str | None, *, expected: bool) -> None:
    assert platforms.tells_apart(marker) is expected


@pytest.mark.parametrize(
    ("lock", "of_another"),
    [
        ("a==1", False),
        ("a==1 ; sys_platform == 'linux'", False),
        ("a==1 ; sys_platform == 'win32'", True),
        ("a==1 ; python_version < '3'", False),
    ],
)
def test_a_pin_that_does_not_apply_tells_where_a_lock_was_made(lock: str, *, of_another: bool) -> None:
    assert platforms.is_of_another(parse_lock(lock, "x"), LINUX) is of_another


def test_a_lock_for_windows_is_known_there() -> None:
    lock = parse_lock("a==1 ; sys_platform == 'win32'", "x")
    assert not platforms.is_of_another(lock, WINDOWS)


LACKS, STALE = Reason(OTHER_PLATFORM, "lacks a", "x", package="a"), Reason("stale-lock", "old", "x")


def test_it_counts_where_nothing_else_is_wrong() -> None:
    assert platforms.lacking({"base": [LACKS], "dev": [LACKS]}) == [LACKS]
    assert platforms.lacking({"base": [LACKS], "dev": [STALE]}) == []
    assert platforms.lacking({"base": [LACKS, STALE]}) == []
    assert platforms.lacking({}) == []
    assert platforms.code_of([LACKS, LACKS]) == OTHER_PLATFORM
    assert platforms.code_of([LACKS, STALE]) == "stale-lock"
