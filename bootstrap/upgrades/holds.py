"""``holds.toml``: what was held back, since when and why, so that next month begins with all others.

It lies beside the layers and is committed. The tool adds and removes its own entries; whatever else stands
in it stays as it is, comments among it.
"""

from __future__ import annotations

import itertools
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
_ENTRY = re.compile(r"[ \t]*\[\[[ \t]*hold[ \t]*\]\][ \t]*(?:#.*)?\r?")
_OTHER_TABLE = re.compile(r"[ \t]*\[{1,2}[ \t]*(?!hold\b)[\w.\"' \t-]+\]{1,2}[ \t]*(?:#.*)?\r?")
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
    if entries != [_alone(part) for is_hold, part in _parts(text) if is_hold]:
        raise _unreadable(name, "each hold must be a table of its own, under a line [[hold]]")
    return tuple(_hold(entry, name) for entry in entries)


def written(text: str, holds: Iterable[Hold]) -> str:
    """Return the text with these holds and no others; an entry that says the same stays as it stands."""
    wanted, before = {hold.package: hold for hold in holds}, _parts(text)
    parts = [_kept(part, wanted) if is_hold else part for is_hold, part in before]
    if not wanted and parts == [part for _, part in before]:
        return "" if text.strip() == _HEAD.strip() else text
    parts += [_entry(hold) for _, hold in sorted(wanted.items())]
    parts = [part.strip("\r\n") for part in parts if part.strip()]
    if parts and not text.strip():
        parts.insert(0, _HEAD.strip())
    return "" if parts in ([], [_HEAD.strip()]) else "\n\n".join(parts) + "\n"


def _kept(entry: str, wanted: dict[str, Hold]) -> str:
    """Return what becomes of an entry, and take its hold out of those that are wanted."""
    old = _hold(_alone(entry), NAME)
    hold = wanted.pop(old.package, None)
    if hold is None:
        return ""
    return entry if _says_the_same(old, hold) else _rewritten(entry, hold)


def _alone(entry: str) -> object:
    """Return what an entry holds by itself, None where it is cut off from what it needs."""
    try:
        return tomllib.loads(entry)["hold"][0]
    except (tomllib.TOMLDecodeError, LookupError, TypeError):
        return None


def _parts(text: str) -> list[tuple[bool, str]]:
    """Return the text in pieces, and of each whether it is an entry.

    The comments directly above an entry are part of it, unless the file begins with them.
    """
    parts: list[tuple[bool, list[str]]] = [(False, [])]
    for line in re.findall(r"[^\n]*\n|[^\n]+$", text):
        is_hold, above = parts[-1]
        begins = _ENTRY.fullmatch(line.rstrip("\n")) is not None
        if begins or (is_hold and _OTHER_TABLE.fullmatch(line.rstrip("\n"))):
            parts.append((begins, [*_comments_at_the_end(above), line]))
        else:
            above.append(line)
    return [(is_hold, "".join(part)) for is_hold, part in parts if part]


def _comments_at_the_end(lines: list[str]) -> list[str]:
    """Take the comments that end some lines away from them; where there is nothing else, they stay."""
    count = len(list(itertools.takewhile(lambda line: line.lstrip().startswith("#"), reversed(lines))))
    if count in (0, len(lines)):
        return []
    taken = lines[-count:]
    del lines[-count:]
    return taken


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
