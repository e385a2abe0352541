"""Command lines of ``setup``, ``lock``, ``env check``, ``run`` and ``--version``, read without typer.

They stand before other work: after a pull, in a deploy step, as the entry of a container. To load typer takes
longer than some of them. What is not plain here (help, completion, anything wrong) is typer's to answer,
which reads the same words the same way.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypedDict

from bootstrap import __version__
from bootstrap.cli.color import Color
from bootstrap.cli.session import Session
from bootstrap.setup.options import Installer, Options, Step
from bootstrap.values.asked import Asked, Format, Source

_FLAG: tuple[str, ...] = ()
"""An option that takes no value."""

# By the word: the option's name, and which values it may have; any for None.
Table = Mapping[str, tuple[str, tuple[str, ...] | None]]
_OF_ALL: Table = {
    "-q": ("quiet", _FLAG),
    "--quiet": ("quiet", _FLAG),
    "-v": ("verbose", _FLAG),
    "--verbose": ("verbose", _FLAG),
    "--json": ("json", _FLAG),
    "-C": ("folder", None),
    "--project": ("folder", None),
    "--color": ("color", tuple(Color)),
}
_OF_SETUP: Table = {
    **_OF_ALL,
    "--layer": ("layer", None),
    "--check": ("check", _FLAG),
    "--dry-run": ("dry_run", _FLAG),
    "--locked": ("locked", _FLAG),
    "--skip": ("skip", tuple(Step)),
    "--python": ("python", None),
    "--rebuild": ("rebuild", _FLAG),
    "--install-python": ("install_python", _FLAG),
    "--offline": ("offline", _FLAG),
    "--installer": ("installer", tuple(Installer)),
}
_OF_LOCK: Table = {
    **_OF_ALL,
    "--upgrade": ("upgrade", _FLAG),
    "-P": ("upgrade_package", None),
    "--upgrade-package": ("upgrade_package", None),
    "--check": ("check", _FLAG),
    "--dry-run": ("dry_run", _FLAG),
    "--python": ("python", None),
}
_OF_RUN: Table = {
    **_OF_ALL,
    "--override": ("override", _FLAG),
    "--source": ("source", tuple(Source)),
    "--environment": ("environment", None),
    "--file": ("file", None),
}
_OF_CHECK: Table = {
    **_OF_RUN,
    "--fix-mode": ("fix_mode", _FLAG),
    "--format": ("form", tuple(Format)),
}

Call = Callable[[Session], None]
Given = dict[str, list[str]]
"""The values of each option in their order; empty ones for a flag."""


def call(words: Sequence[str]) -> Call | None:
    """Return what does what plain words ask for, or None."""
    if list(words) == ["--version"]:
        return _version
    for command, (table, takes, does) in _COMMANDS.items():
        if list(command) == list(words[: len(command)]):
            read = _read(words[len(command) :], table)
            return None if read is None or not takes(read[1]) else partial(does, given=read[0], words=read[1])
    return None


def _version(_: Session) -> None:
    sys.stdout.write(f"bootstrap {__version__}\n")


def _read(words: Sequence[str], table: Table) -> tuple[Given, list[str]] | None:
    """Return the options up to ``--`` or the first other word, and the words from there; None if unusual."""
    given: Given = {}
    rest = list(words)
    while rest and rest[0].startswith("-") and rest[0] != "--":
        word, equal, value = rest.pop(0).partition("=")
        name, allowed = table.get(word, ("", None))
        if allowed == _FLAG:
            usual = not equal
        else:
            usual = bool(word.startswith("--") if equal else rest)
            value = value if equal or not rest else rest.pop(0)
        if not name or not usual or (allowed and value not in allowed):
            return None
        given.setdefault(name, []).append(value)
    return given, rest[1:] if rest[:1] == ["--"] else rest


def _set_up(session: Session, given: Given, words: list[str]) -> None:  # noqa: ARG001 there are none
    session.configure(**_spoken(given))
    options = Options(
        layers=tuple(given.get("layer", ())),
        check="check" in given,
        dry_run="dry_run" in given,
        locked="locked" in given,
        skip=frozenset(given.get("skip", ())),
        python=_last(given, "python"),
        rebuild="rebuild" in given,
        install_python="install_python" in given,
        offline="offline" in given,
        installer=_last(given, "installer"),
    )
    session.set_up(_folder(given), options)


def _lock(session: Session, given: Given, words: list[str]) -> None:
    session.configure(**_spoken(given))
    options = Options(
        to_lock=tuple(words),
        check="check" in given,
        dry_run="dry_run" in given,
        python=_last(given, "python"),
        upgrade="upgrade" in given,
        upgrade_packages=tuple(given.get("upgrade_package", ())),
        for_this_platform=True,
    )
    session.lock(_folder(given), options)


def _check(session: Session, given: Given, words: list[str]) -> None:  # noqa: ARG001 there are none
    from bootstrap.cli import values

    session.speak(**_spoken(given))
    values.check(
        session, _folder(given), _asked(given), fix_mode="fix_mode" in given, form=_last(given, "form")
    )


def _run(session: Session, given: Given, words: list[str]) -> None:
    from bootstrap.cli import values

    session.speak(**_spoken(given))
    values.run(session, _folder(given), _asked(given), words)


class Spoken(TypedDict):
    """The options of how to speak."""

    quiet: bool
    verbose: int
    color: Color
    json: bool


def _spoken(given: Given) -> Spoken:
    return {
        "quiet": "quiet" in given,
        "verbose": len(given.get("verbose", [])),
        "color": Color(_last(given, "color") or "auto"),
        "json": "json" in given,
    }


def _folder(given: Given) -> Path:
    return Path(_last(given, "folder") or ".")


def _asked(given: Given) -> Asked:
    environment = _last(given, "environment")
    return Asked(
        source=_last(given, "source"),
        environment=Asked().environment if environment is None else environment,
        file=_last(given, "file"),
        override="override" in given,
    )


def _last(given: Given, name: str) -> str | None:
    return given[name][-1] if name in given else None


def _none(words: list[str]) -> bool:
    return not words


def _no_options(words: list[str]) -> bool:
    return not any(word.startswith("-") for word in words)


# By the words that name a command: its options, whether it takes what stands behind them, what it does.
_COMMANDS: Mapping[tuple[str, ...], tuple[Table, Callable[[list[str]], bool], Callable[..., None]]] = {
    ("setup",): (_OF_SETUP, _none, _set_up),
    ("lock",): (_OF_LOCK, _no_options, _lock),
    ("env", "check"): (_OF_CHECK, _none, _check),
    ("run",): (_OF_RUN, bool, _run),
}
