"""What ``@type=`` says, as data, and the notations its options share with the values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap.envfiles.patterns import lazily

if TYPE_CHECKING:
    from decimal import Decimal

_NUMBER = lazily(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_DURATION = lazily(r"([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]*)")
_MILLISECONDS = {
    unit: size
    for size, units in (
        (1, ("", "ms", "millisecond", "milliseconds")),
        (1_000, ("s", "sec", "secs", "second", "seconds")),
        (60_000, ("m", "min", "mins", "minute", "minutes")),
        (3_600_000, ("h", "hr", "hrs", "hour", "hours")),
        (86_400_000, ("d", "day", "days")),
        (604_800_000, ("w", "week", "weeks")),
    )
    for unit in units
}
_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE, "s": re.DOTALL}


@dataclass(frozen=True, slots=True)
class Type:
    """A type under its canonical name; ``members`` are an enum's, ``element`` is a list's or a record's."""

    name: str = "string"
    options: tuple[tuple[str, str], ...] = ()
    members: tuple[str, ...] = ()
    element: Type | None = None
    keys: Type | None = None

    def text(self, option: str) -> str | None:
        """Return an option as it was written."""
        return dict(self.options).get(option)

    def number(self, option: str) -> Decimal | int | None:
        """Return an option as a number."""
        text = self.text(option)
        if text is None:
            return None
        return int(text) if text.isdecimal() else _decimal(text)

    def flag(self, option: str) -> bool:
        """Tell whether an option is switched on."""
        return self.text(option) == "true"


def number_of(text: str) -> Decimal | None:
    """Return a decimal number in ASCII digits, or None: no spaces, underscores, ``inf`` or ``nan``."""
    return _decimal(text) if _NUMBER.fullmatch(text) else None


def milliseconds(text: str) -> Decimal | None:
    """Return how long ``30s``, ``2days`` or a bare count of milliseconds is, or None."""
    match = _DURATION.fullmatch(text)
    size = _MILLISECONDS.get(match[2].lower()) if match else None
    return None if match is None or size is None else _decimal(match[1]) * size


def pattern_of(text: str) -> re.Pattern[str]:
    """Return the expression of ``matches``, plain or ``/between slashes/flags``; raises ``re.error``."""
    slashed = re.fullmatch(r"/(.+)/([a-z]*)", text, re.DOTALL)
    if slashed is None:
        return re.compile(text)
    flags = re.NOFLAG
    for letter in slashed[2]:
        flags |= _FLAGS.get(letter, re.NOFLAG)
    return re.compile(slashed[1], flags)


def _decimal(text: str) -> Decimal:
    from decimal import Decimal

    return Decimal(text)
