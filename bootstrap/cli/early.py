"""Starting the process that locks before the command line is loaded, where plain words are likely to need it.

Both take a while, and one need not wait for the other. With other words the command line starts it, once it
has read them.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from bootstrap.cli import arguments
from bootstrap.cli.commands import COMMANDS
from bootstrap.unchanged import COMPLETING

if TYPE_CHECKING:
    from bootstrap.locks.head_start import HeadStart

_SPOKEN = ("-q", "--quiet", "-v", "--verbose", "--json")
_PACKAGE = ("-P", "--upgrade-package")


def head_start(words: Sequence[str]) -> AbstractContextManager[HeadStart | None]:
    """Start the process for the body, if it seems to be needed; gives None where the words are not plain."""
    surely = surely_locks(words)
    if surely is None:
        return nullcontext()
    from pathlib import Path

    from bootstrap.setup import foresight
    from bootstrap.system import host

    is_completing = COMPLETING in host.environment()
    return nullcontext() if is_completing else foresight.head_start(Path(), surely=surely)


def surely_locks(words: Sequence[str]) -> bool | None:
    """Say whether the words lock whatever there is, or only what is stale; None where they may do neither."""
    command, *rest = arguments.with_command(words, COMMANDS)
    moving = names = False
    while rest:
        word = rest.pop(0)
        if word in _PACKAGE and rest:
            rest.pop(0)
            moving = True
        elif word == "--upgrade" or word.startswith("--upgrade-package="):
            moving = True
        elif not word.startswith("-"):
            names = True
        elif word not in _SPOKEN:
            return None
    if command == "lock":
        return moving
    return False if command == "setup" and not (names or moving) else None
