"""Two environments as columns: what is set is a dot, unless it may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bootstrap.ui.text import cells, cut, printable

_SET, _EMPTY, _ABSENT = "\u25cf", "(empty)", "\u2013"
_WIDEST_KEY, _WIDEST_VALUE = 40, 24


class Row(Protocol):
    """One key: its kind, and the values where those may be shown."""

    @property
    def key(self) -> str:
        """The name."""

    @property
    def kind(self) -> str:
        """``same``, ``different``, ``only-first`` or ``only-second``."""

    @property
    def optional(self) -> bool:
        """Whether it may be missing."""

    @property
    def shared_secret(self) -> bool:
        """Whether both have the same secret."""

    @property
    def values(self) -> tuple[str | None, str | None] | None:
        """The values of a public key."""


def table(rows: Sequence[Row], first: str, second: str) -> list[str]:
    """Return a line for each key that is worth one; what is the same on both sides is left out."""
    shown = [row for row in rows if row.kind != "same" or row.shared_secret]
    if not shown:
        return []
    columns = [("", first, second, ""), *(_columns(row, first, second) for row in shown)]
    widths = [max(cells(row[number]) for row in columns) for number in range(3)]
    return [" " + "  ".join([*map(_padded, row[:3], widths), row[3]]).rstrip() for row in columns]


def _columns(row: Row, first: str, second: str) -> tuple[str, str, str, str]:
    there = (row.kind != "only-second", row.kind != "only-first")
    values = row.values or (None, None)
    told = [_cell(value, is_there=is_there) for value, is_there in zip(values, there, strict=True)]
    return cut(_line(row.key), _WIDEST_KEY), told[0], told[1], _remark(row, first, second)


def _cell(value: str | None, *, is_there: bool) -> str:
    if not is_there:
        return _ABSENT
    if value is None:
        return _SET
    return cut(_line(value), _WIDEST_VALUE) or _EMPTY


def _remark(row: Row, first: str, second: str) -> str:
    optional = " (optional)" if row.optional else ""
    if row.kind == "only-first":
        return f"missing in {second}{optional}"
    if row.kind == "only-second":
        return f"missing in {first}{optional}"
    return "SAME SECRET in both" if row.shared_secret else "differ"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cells(text))


def _line(text: str) -> str:
    return printable(text).replace("\n", " ")
