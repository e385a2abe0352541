"""``holds.toml``: what was held back, since when and why, so that next month begins with all others.

It lies beside the layers and is committed. The tool adds and removes its own entries; whatever else stands
in it stays as it is, comments among it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bootstrap.errors import UsageError

NAME = "holds.toml"
_HEAD = """\
# What `bootstrap upgrade` held back, because the tests failed with it. Each run tries these again, after all
# others, and takes out what passes.
"""
_ENTRY = re.compile(r"^[ \t]*\[\[[ \t]*hold[ \t]*\]\][ \t]*(?:#.*)?$", re.MULTILINE)
_WIDEST = 300


@dataclass(frozen=True, slots=True)
class Hold:
    """One package that is held: the version kept, the one tried, and why; ``since`` is a day (ISO 8601).

    ``together`` are those that move with it, or need it.
    """

    package: str
    kept: str
    tried: str
    since: str
    reason: str
    together: tuple[str, ...] = ()


def read(text: str, name: str) -> tuple[Hold, ...]:
    """Read a ``holds.toml``.

    Raises ``UsageError`` with the line where it cannot be understood.
    """
    try:
        entries = tomllib.loads(text).get("hold", [])
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise _unreadable(name, str(error), int(line[1]) if line else None) from None
    if not isinstance(entries, list):
        raise _unreadable(name, "hold must be a list of tables: [[hold]]")
    return tuple(_hold(entry, name) for entry in entries)


def written(text: str, holds: Iterable[Hold]) -> str:
    """Return the text with these holds and no others; an entry that says the same stays as it stands."""
    before, entries = _parts(text)
    wanted = {hold.package: hold for hold in holds}
    kept = []
    for entry in entries:
        (old,) = read(entry, NAME)
        hold = wanted.pop(old.package, None)
        if hold is not None:
            kept.append(entry if _says_the_same(old, hold) else _rewritten(entry, hold))
    new = [_entry(hold) for _, hold in sorted(wanted.items())]
    if not kept and not new:
        return "" if before.strip() in ("", _HEAD.strip()) else before
    parts = [(before or _HEAD).rstrip("\n"), *(part.strip("\n") for part in [*kept, *new])]
    return "\n\n".join(part for part in parts if part) + "\n"


def _parts(text: str) -> tuple[str, list[str]]:
    """Return what stands before the first entry, and the entries with all that follows each."""
    starts = [match.start() for match in _ENTRY.finditer(text)]
    ends = [*starts[1:], len(text)][: len(starts)]
    return (text[: starts[0]] if starts else text), [text[a:b] for a, b in zip(starts, ends, strict=True)]


def _says_the_same(old: Hold, new: Hold) -> bool:
    return (old.kept, old.tried) == (new.kept, new.tried)


def _rewritten(entry: str, new: Hold) -> str:
    """Return an entry with its versions changed; the day it began, and comments, stay."""
    for key, value in (("kept", new.kept), ("tried", new.tried)):
        entry = _with_value(entry, key, value)
    return entry


def _with_value(entry: str, key: str, value: str) -> str:
    return re.sub(rf"(?m)^([ \t]*{key}[ \t]*=[ \t]*).*$", lambda match: match[1] + _quoted(value), entry)


def _entry(hold: Hold) -> str:
    lines = [
        "[[hold]]",
        f"package = {_quoted(hold.package)}",
        f"kept = {_quoted(hold.kept)}",
        f"tried = {_quoted(hold.tried)}",
        f"since = {_quoted(hold.since)}",
        f"reason = {_quoted(hold.reason[:_WIDEST])}",
    ]
    if hold.together:
        lines.append(f"with = [{', '.join(map(_quoted, hold.together))}]")
    return "\n".join(lines)


def _quoted(text: str) -> str:
    """Return a TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in escaped) + '"'


def _hold(entry: object, name: str) -> Hold:
    fields = dict(_texts(entry)) if isinstance(entry, Mapping) else {}
    if "package" not in fields:
        raise _unreadable(name, "a hold must name its package")
    together = entry.get("with", []) if isinstance(entry, Mapping) else []
    names = together if isinstance(together, Sequence) and not isinstance(together, str) else []
    return Hold(
        fields["package"],
        fields.get("kept", ""),
        fields.get("tried", ""),
        fields.get("since", ""),
        fields.get("reason", ""),
        tuple(str(each) for each in names),
    )


def _texts(entry: Mapping[object, object]) -> Iterator[tuple[str, str]]:
    yield from ((str(key), str(value)) for key, value in entry.items() if key != "with")


def _unreadable(name: str, reason: str, line: int | None = None) -> UsageError:
    return UsageError(
        f"{name} cannot be read: {reason}",
        hint=f"mend {name}, or delete it: what is held is then found out again",
        code="bad-configuration",
        file=name,
        line=line,
    )
