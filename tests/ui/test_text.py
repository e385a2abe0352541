from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.ui.text import cells, cut, fitting, printable, step_label


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text", "plain text"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[2J\x1b[1;1Hgone", "gone"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;unfinished title", "0;unfinished title"),
        ("\x1bPdevice\x1b\\text", "text"),
        ("\x1b\x1b[m[31mred", "[31mred"),
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        ("a\tb\x00\x07\x7fc", "a bc"),
        ("safe\u202eexe.txt\u2066", "safeexe.txt"),
        ("Zoë 東京 👩‍💻", "Zoë 東京 👩‍💻"),
    ],
)
def test_only_what_can_be_seen_is_left(text: str, expected: str) -> None:
    assert printable(text) == expected


@given(st.text())
def test_printable_text_stays_as_it_is(text: str) -> None:
    once = printable(text)
    assert printable(once) == once


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [
        ("utf-8", "Zoë → x"),
        ("cp1252", "Zoë \\u2192 x"),
        ("ascii", "Zo\\xeb \\u2192 x"),
        (None, "Zo\\xeb \\u2192 x"),
    ],
)
def test_what_an_encoding_cannot_hold_is_escaped(encoding: str | None, expected: str) -> None:
    assert fitting("Zoë → x", encoding) == expected


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("é", 1), ("e\u0301", 1), ("東京", 4), ("", 0)])
def test_columns(text: str, width: int) -> None:
    assert cells(text) == width


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abc..."),
        ("東京東京", 6, "東..."),
        ("abcdef", 3, "..."),
        ("abcdef", 2, ".."),
        ("abcdef", 0, ""),
        ("abcdef", -1, ""),
    ],
)
def test_a_text_is_cut_to_its_room(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


@given(st.text(), st.integers(-2, 20))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert cells(cut(text, width)) <= max(width, 0)


def test_labels_are_the_files_people_know() -> None:
    assert [step_label(name) for name in ("venv", "env", "locks")] == [".venv", ".env", "locks"]
