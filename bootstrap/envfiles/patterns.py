"""Regular expressions that are compiled where they are first used.

A check of a small file needs few of them, and compiling all takes longer than the check.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Lazy:
    """Compiles at the first look for a method, and holds the methods from then on."""

    def __init__(self, text: str, flags: int) -> None:
        self._asked = text, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(*self._asked)
        for method in ("match", "fullmatch", "search", "sub", "finditer", "findall"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazily(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return what serves as ``re.compile(text, flags)``; raises ``re.error`` only when it is used."""
    return cast("re.Pattern[str]", _Lazy(text, flags))
