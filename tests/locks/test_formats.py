from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pip._internal.models.format_control import FormatControl

from bootstrap.locks.formats import NO_BINARY, ONLY_BINARY, Formats, Given, added_up

NAMES = st.sampled_from(["a", "B_c", "b.c", "d", ":all:", ":none:"])
OPTIONS = st.tuples(st.sampled_from([NO_BINARY, ONLY_BINARY]), st.lists(NAMES, min_size=1).map(",".join))


@given(st.lists(OPTIONS, max_size=6))
def test_pip_adds_up_the_same(options: list[Given]) -> None:
    pips = FormatControl()
    for option, value in options:
        both = (pips.no_binary, pips.only_binary)
        FormatControl.handle_mutual_excludes(value, *(both if option == NO_BINARY else both[::-1]))
    assert added_up(options) == Formats(frozenset(pips.no_binary), frozenset(pips.only_binary))


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        ([], []),
        ([(NO_BINARY, "b,a")], ["--no-binary a", "--no-binary b"]),
        ([(ONLY_BINARY, ":all:"), (NO_BINARY, "A_b")], ["--no-binary a-b", "--only-binary :all:"]),
        ([(ONLY_BINARY, "a"), (NO_BINARY, "a")], ["--no-binary a"]),
        ([(NO_BINARY, "a"), (NO_BINARY, ":none:")], []),
    ],
)
def test_the_lines_of_a_lock(options: list[Given], lines: list[str]) -> None:
    assert list(added_up(options).options()) == lines
