from __future__ import annotations

import pytest

from bootstrap.ui.style import ColorChoice, Tone, paint, wants_color


@pytest.mark.parametrize(
    ("choice", "environ", "terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("always", {"NO_COLOR": "1", "TERM": "dumb"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": "", "FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "", "TERM": "xterm"}, False, False),
        ("auto", {"FORCE_COLOR": "1", "TERM": "dumb", "CI": "1"}, False, True),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"CI": "true"}, True, False),
        ("auto", {"OS": "Windows_NT"}, True, False),
        ("auto", {"OS": "Windows_NT", "WT_SESSION": "x"}, True, True),
        ("auto", {"OS": "Windows_NT", "TERM": "xterm-256color"}, True, True),
    ],
)
def test_whether_to_use_colour(
    choice: ColorChoice,
    environ: dict[str, str],
    terminal: bool,  # noqa: FBT001 a table's column
    expected: bool,  # noqa: FBT001 a table's column
) -> None:
    assert wants_color(choice, environ, is_terminal=terminal) is expected


def test_paint() -> None:
    assert paint("x", Tone.ERROR, color=True) == "\x1b[1;31mx\x1b[0m"
    assert paint("x", Tone.ERROR, color=False) == "x"
