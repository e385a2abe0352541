"""Ctrl-C and SIGTERM: both end a run in order, and neither ends it twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_BOTH = (signal.SIGINT, signal.SIGTERM)


class Stopped(BaseException):
    """A signal arrived, by its ``number``. No KeyboardInterrupt: typer turns that into an exit code."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def is_interrupt(error: BaseException) -> bool:
    """Say whether a Ctrl-C raised this: the programs that share our terminal have had it as well."""
    return isinstance(error, KeyboardInterrupt) or (
        isinstance(error, Stopped) and error.number == signal.SIGINT
    )


def _stop(number: int, _frame: FrameType | None) -> None:
    raise Stopped(number)


def _say_nothing(_number: int, _frame: FrameType | None) -> None:
    """Let the program end as it was about to."""


@contextmanager
def heard() -> Iterator[None]:
    """Let either signal raise ``Stopped`` in the body; afterwards what is to be said is said in peace.

    A signal that is ignored stays so: a shell starts programs in the background that way.
    """
    heeded = [number for number in _BOTH if signal.getsignal(number) != signal.SIG_IGN]
    for number in heeded:
        signal.signal(number, _stop)
    _let_through()
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, _say_nothing)


def hold_back() -> None:
    """Keep Ctrl-C waiting until somebody hears it: a program that still imports has no way to answer."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, _BOTH)


def _let_through() -> None:
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _BOTH)
