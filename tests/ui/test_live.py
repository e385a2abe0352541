from __future__ import annotations

import io
import os
import sys
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.progress import Silent
from bootstrap.report import StepResult, StepStatus
from bootstrap.ui.live import LiveLine, PlainLines, live_text, progress_for
from bootstrap.ui.text import cells

DONE = StepResult("install", StepStatus.CHANGED, "installed 3", 1.0)


class Terminal(io.StringIO):
    """A terminal that tells when it was written to often enough."""

    encoding = "utf-8"

    def __init__(self, expected_writes: int = 0) -> None:
        super().__init__()
        self.reached = threading.Event()
        self._left = expected_writes

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._left -= 1
        if self._left <= 0:
            self.reached.set()
        return super().write(text)


def screen(written: str) -> list[str]:
    """Return the lines a terminal shows after it was written to."""
    rows, column = [""], 0
    for char in written:
        if char == "\n":
            rows.append("")
            column = 0
        elif char == "\r":
            column = 0
        else:
            rows[-1] = rows[-1][:column].ljust(column) + char + rows[-1][column + 1 :]
            column += 1
    return [row.rstrip() for row in rows]


def live(stream: io.StringIO, interval: float = 60.0) -> LiveLine:
    return LiveLine(stream, width=lambda: 40, interval=interval)


def test_a_live_line_shows_at_once_and_leaves_nothing() -> None:
    stream = Terminal()
    line = live(stream)
    line.started("install", "31 packages")
    assert screen(stream.getvalue()) == ["packages: 31 packages  0 s"]
    line.finished(DONE)
    assert screen(stream.getvalue()) == [""]
    assert not set(stream.getvalue()) & {"\x1b", "\x08", "\n"}


def test_a_live_line_is_drawn_again_by_itself() -> None:
    stream = Terminal(expected_writes=3)
    line = live(stream, interval=0.001)
    line.started("locks", "a long text to begin with")
    line.update("short\x1b[2J\nwords")
    assert stream.reached.wait(10)
    line.finished(DONE)
    assert "\rlocks: short words  0 s " in stream.getvalue()
    assert screen(stream.getvalue()) == [""]


def test_a_note_stays_above_the_live_line() -> None:
    stream = Terminal()
    line = live(stream)
    line.started("venv", "working")
    line.note("waiting for \x1b[31mprocess 7")
    line.finished(DONE)
    assert screen(stream.getvalue()) == ["waiting for process 7", ""]


def test_a_second_step_takes_the_place_of_the_first() -> None:
    before = set(threading.enumerate())
    stream = Terminal()
    line = live(stream)
    line.started("venv", "a rather long description")
    line.started("env", "b")
    assert screen(stream.getvalue()) == [".env: b  0 s"]
    line.finished(DONE)
    line.finished(DONE)
    assert screen(stream.getvalue()) == [""]
    assert set(threading.enumerate()) == before


def test_a_quick_step_shows_nothing() -> None:
    stream = Terminal()
    live(stream).finished(DONE)
    assert stream.getvalue() == ""


def test_a_closed_stream_ends_nothing() -> None:
    stream = Terminal()
    line = live(stream)
    line.started("venv", "working")
    stream.close()
    line.note("lost")
    line.finished(DONE)


@given(st.text(), st.floats(0, 1e6), st.integers(0, 60))
def test_the_live_line_never_wraps(text: str, seconds: float, width: int) -> None:
    assert cells(live_text(text, seconds, width)) <= max(width - 1, 0)


@pytest.mark.parametrize(
    ("width", "expected"),
    [(80, "locks: compiling dev  12 s"), (22, "locks: compi...  12 s"), (6, "12 s"), (4, "...")],
)
def test_the_seconds_are_cut_last(width: int, expected: str) -> None:
    assert live_text("locks: compiling dev", 12.3, width) == expected


@pytest.mark.parametrize(
    ("talkative", "expected"),
    [
        (False, "packages: 31 of caf\\xe9 ...\nwaiting\n"),
        (True, "packages: 31 of caf\\xe9 ...\n  Collecting django\nwaiting\n"),
    ],
)
def test_plain_lines(talkative: bool, expected: str) -> None:  # noqa: FBT001 a table's column
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="ascii", newline="\n")
    lines = PlainLines(stream, talkative=talkative)
    lines.started("install", "31 of café")
    lines.update("Collecting \x1b[1mdjango")
    lines.finished(DONE)
    lines.note("waiting")
    assert buffer.getvalue().decode() == expected


@pytest.mark.parametrize(
    ("stream", "environ", "verbosity", "kind"),
    [
        (Terminal(), {}, 0, LiveLine),
        (Terminal(), {}, 1, PlainLines),
        (Terminal(), {}, -1, Silent),
        (Terminal(), {"CI": "1"}, 0, PlainLines),
        (Terminal(), {"TERM": "dumb"}, 0, PlainLines),
        (io.StringIO(), {}, 0, PlainLines),
    ],
)
def test_what_suits_the_stream(
    stream: io.StringIO, environ: dict[str, str], verbosity: int, kind: type[object]
) -> None:
    assert type(progress_for(stream, environ, verbosity=verbosity)) is kind


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_on_a_real_terminal_the_line_has_its_width() -> None:
    import fcntl
    import pty
    import struct
    import termios

    main, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
    with os.fdopen(end, "w", encoding="utf-8") as stream:
        progress = progress_for(stream, {}, verbosity=0)
        assert isinstance(progress, LiveLine)
        progress.started("install", "x" * 100)
        drawn = os.read(main, 1000).decode()
        progress.finished(DONE)
        after = os.read(main, 1000).decode()
    os.close(main)
    assert [cells(row) for row in screen(drawn)] == [29]
    assert screen(drawn + after) == [""]
