"""The command lines of ``env check``, ``run`` and ``--version`` that are read without typer.

The first two stand before other programs' work: in a deploy step, as the entry of a container. To load typer
takes as long as all they do. What is not plain here (help, completion, anything wrong) is typer's to answer,
which reads the same words the same way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap import __version__
from bootstrap.cli.color import Color
from bootstrap.cli.session import Session

if TYPE_CHECKING:
    from bootstrap.values.asked import Asked

_FORMATS = ("text", "json", "github")
_SOURCES = ("host", "file", "both")
_COLORS = tuple(color.value for color in Color)
# Each option's name; what it may be, where it takes a value: any text for None.
_FLAGS = {
    "-q": "quiet",
    "--quiet": "quiet",
    "-v": "verbose",
    "--verbose": "verbose",
    "--json": "json",
    "--override": "override",
}
_VALUES: dict[str, tuple[str, tuple[str, ...] | None]] = {
    "-C": ("folder", None),
    "--project": ("folder", None),
    "--color": ("color", _COLORS),
    "--source": ("source", _SOURCES),
    "--environment": ("environment", None),
    "--file": ("file", None),
}
_OF_CHECK_FLAGS = {"--fix-mode": "fix_mode"}
_OF_CHECK_VALUES: dict[str, tuple[str, tuple[str, ...] | None]] = {"--format": ("form", _FORMATS)}

Call = Callable[[Session], None]


def call(words: Sequence[str]) -> Call | None:
    """Return what does what plain words ask for, or None."""
    if list(words) == ["--version"]:
        return _version
    if words[:2] == ["env", "check"]:
        read = _read(words[2:], _FLAGS | _OF_CHECK_FLAGS, _VALUES | _OF_CHECK_VALUES)
        return None if read is None or read[1] else partial(_check, options=read[0])
    if words[:1] == ["run"]:
        read = _read(words[1:], _FLAGS, _VALUES)
        return None if read is None or not read[1] else partial(_run, options=read[0], command=read[1])
    return None


def _version(_: Session) -> None:
    sys.stdout.write(f"bootstrap {__version__}\n")


Options = dict[str, list[str]]


def _read(
    words: Sequence[str], flags: dict[str, str], values: dict[str, tuple[str, tuple[str, ...] | None]]
) -> tuple[Options, list[str]] | None:
    """Return the options up to ``--`` or the first other word, and the words from there; None if unusual."""
    found: Options = {}
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] != "--":
        word, equal, text = rest.pop(0).partition("=")
        if word in flags and not equal:
            found.setdefault(flags[word], []).append("")
        elif word in values and ((equal and word.startswith("--")) or (not equal and rest)):
            name, allowed = values[word]
            value = text if equal else rest.pop(0)
            if allowed is not None and value not in allowed:
                return None
            found.setdefault(name, []).append(value)
        else:
            return None
    return found, rest[1:] if rest[:1] == ["--"] else rest


def _check(session: Session, options: Options) -> None:
    from bootstrap.cli import values

    _speak(session, options)
    values.check(
        session,
        Path(_last(options, "folder") or "."),
        _asked(options),
        fix_mode="fix_mode" in options,
        form=_last(options, "form"),
    )


def _run(session: Session, options: Options, command: list[str]) -> None:
    from bootstrap.cli import values

    _speak(session, options)
    values.run(session, Path(_last(options, "folder") or "."), _asked(options), command)


def _speak(session: Session, options: Options) -> None:
    session.speak(
        quiet="quiet" in options,
        verbose=len(options.get("verbose", [])),
        color=Color(_last(options, "color") or "auto"),
        json="json" in options,
    )


def _asked(options: Options) -> Asked:
    from bootstrap.values.asked import Asked

    environment = _last(options, "environment")
    return Asked(
        source=_last(options, "source"),
        environment=Asked().environment if environment is None else environment,
        file=_last(options, "file"),
        override="override" in options,
    )


def _last(options: Options, name: str) -> str | None:
    return options[name][-1] if name in options else None
