"""What is shown while a run goes on: one line that is written anew, plain lines, or nothing."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Mapping
from typing import TextIO

from bootstrap.progress import Progress, Silent
from bootstrap.report import StepResult
from bootstrap.system import host
from bootstrap.ui.text import cells, cut, fitting, printable, step_label

_INTERVAL = 0.1
_USUAL_WIDTH = 80


class PlainLines:
    """A line for each long piece of work, and no control characters: for logs, pipes and CI.

    With ``talkative`` every update is a line too.
    """

    def __init__(self, stream: TextIO, *, talkative: bool = False) -> None:
        self._stream = stream
        self._talkative = talkative

    def started(self, step: str, text: str) -> None:
        """Say that work began that may take long."""
        self.note(f"{step_label(step)}: {text} ...")

    def update(self, text: str) -> None:
        """Pass on what the work says, where that is wanted."""
        if self._talkative:
            self.note(f"  {text}")

    def finished(self, result: StepResult) -> None:
        """Say nothing: the closing text has a line for each step."""

    def note(self, text: str) -> None:
        """Print a line."""
        _write(self._stream, f"{printable(text)}\n")


class LiveLine:
    """One line on a terminal, written anew ten times a second, with what is going on and for how long.

    Nothing of it is left once the work has finished. It uses a carriage return and blanks alone, which any
    terminal knows.
    """

    def __init__(
        self, stream: TextIO, *, width: Callable[[], int] | None = None, interval: float = _INTERVAL
    ) -> None:
        self._stream = stream
        self._width = width or (lambda: _width_of(stream))
        self._interval = interval
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._label = ""
        self._text = ""
        self._begin = 0.0
        self._drawn = 0

    def started(self, step: str, text: str) -> None:
        """Show that work began that may take long; what was shown before is gone."""
        self._end()
        self._label, self._begin = step_label(step), host.seconds()
        self.update(text)
        self._stop.clear()
        self._draw()
        self._thread = threading.Thread(target=self._keep_drawing, daemon=True)
        self._thread.start()

    def update(self, text: str) -> None:
        """Change what is shown, from the next time it is drawn."""
        line = " ".join(printable(text).split())
        with self._lock:
            self._text = f"{self._label}: {line}" if line else self._label

    def finished(self, result: StepResult) -> None:  # noqa: ARG002 the same call for each kind of progress
        """Take the line away: the closing text has a line for each step."""
        self._end()

    def note(self, text: str) -> None:
        """Print a line that stays, above the live one."""
        with self._lock:
            self._erase()
            _write(self._stream, f"{printable(text)}\n")

    def _end(self) -> None:
        if self._thread is not None:
            self._stop.set()
            self._thread.join()
            self._thread = None
        with self._lock:
            self._erase()

    def _keep_drawing(self) -> None:
        while not self._stop.wait(self._interval):
            self._draw()

    def _draw(self) -> None:
        with self._lock:
            line = live_text(self._text, host.seconds() - self._begin, self._width())
            drawn, self._drawn = self._drawn, cells(line)
            _write(self._stream, f"\r{line}{' ' * (drawn - self._drawn)}")

    def _erase(self) -> None:
        if self._drawn:
            _write(self._stream, f"\r{' ' * self._drawn}\r")
        self._drawn = 0


def progress_for(stream: TextIO, environ: Mapping[str, str], *, verbosity: int) -> Progress:
    """Return what suits the stream: a live line on a terminal; plain lines elsewhere, in CI and with -v."""
    if verbosity < 0:
        return Silent()
    simple = bool(environ.get("CI")) or environ.get("TERM") == "dumb" or not stream.isatty()
    return PlainLines(stream, talkative=verbosity > 0) if simple or verbosity > 0 else LiveLine(stream)


def live_text(text: str, seconds: float, width: int) -> str:
    """Return the live line: it ends one column before the edge, where some terminals would wrap it."""
    elapsed = f"  {seconds:.0f} s"
    room = width - 1 - len(elapsed)
    return cut(f"{cut(text, room)}{elapsed}" if room > 0 else elapsed.strip(), width - 1)


def _width_of(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def _write(stream: TextIO, text: str) -> None:
    """Write at once; a stream that is gone must not end the work it tells about."""
    with contextlib.suppress(OSError, ValueError):
        stream.write(fitting(text, stream.encoding))
        stream.flush()
