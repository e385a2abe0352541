"""Colour: whether to use it, and how a piece of text gets it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

ColorChoice = Literal["auto", "always", "never"]

# A Windows console shows escape sequences as text unless one of these is there.
_WINDOWS_TERMINALS = ("ANSICON", "ConEmuANSI", "TERM", "TERM_PROGRAM", "WT_SESSION")


class Tone(StrEnum):
    """What a piece of text is, with the code that colours it (ECMA-48 SGR)."""

    ERROR = "1;31"
    WARNING = "1;33"
    GOOD = "32"
    QUIET = "2"
    STRONG = "1"


def wants_color(choice: ColorChoice, environ: Mapping[str, str], *, is_terminal: bool) -> bool:
    """Decide on colour: by the option, then NO_COLOR, then FORCE_COLOR, then the terminal.

    Both variables count where they are not empty, whatever they hold (no-color.org, force-color.org).
    """
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR"):
        return True
    if not is_terminal or environ.get("CI") or environ.get("TERM") == "dumb":
        return False
    return environ.get("OS") != "Windows_NT" or any(environ.get(name) for name in _WINDOWS_TERMINALS)


def paint(text: str, tone: Tone, *, color: bool) -> str:
    """Return the text in a tone, or as it is without colour."""
    return f"\x1b[{tone}m{text}\x1b[0m" if color else text
