"""Words that every part has the same."""

from __future__ import annotations

import re


def counted(number: int, word: str) -> str:
    """Return a number of things: ``1 lock``, ``2 locks``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def canonical(name: str) -> str:
    """Return a distribution's name in its one normal form (PEP 503), without the cost of packaging."""
    return re.sub(r"[-_.]+", "-", name).lower()
