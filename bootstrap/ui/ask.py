"""Asking for a value on the terminal."""

from __future__ import annotations

import sys

from bootstrap.ui.text import fitting, printable


def ask(question: str, *, hidden: bool) -> str | None:
    """Return the line that is typed, without its end; None where the input ends.

    What is hidden is not shown, and never on a command line or in a history.
    """
    text = fitting(printable(question), sys.stderr.encoding)
    try:
        if hidden:
            import getpass

            return getpass.getpass(text, sys.stderr)
        sys.stderr.write(text)
        sys.stderr.flush()
        line = sys.stdin.readline()
    except EOFError:
        line = ""
    if not line:
        sys.stderr.write("\n")
        return None
    return line.rstrip("\r\n")


def say(text: str) -> None:
    """Print lines between questions."""
    sys.stderr.write(fitting(printable(text), sys.stderr.encoding) + "\n")
    sys.stderr.flush()
