"""Where the command stands among the words of a command line.

``bootstrap`` alone is ``bootstrap setup``, and the options that every command takes may stand before the
command, as git's and uv's do.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

_WITH_VALUE = ("-C", "--project", "--color")
# -vv and -qv are several options in one word; -Cshop and --color=never are an option with its value.
_ALONE = re.compile(r"-[qv]+|--quiet|--verbose|--json|-C.+|--(?:project|color)=.*", re.DOTALL)
_OF_THE_PROGRAM = ("-h", "--help", "--version", "--install-completion", "--show-completion")


def with_command(
    words: Sequence[str], commands: Collection[str], groups: Mapping[str, Collection[str]] | None = None
) -> list[str]:
    """Return the words with the command first: the one that is there, or ``setup``.

    ``groups`` are the commands that have some of their own, which then stand second.
    """
    position = _after_common_options(words)
    first = words[position] if position < len(words) else None
    if first in commands:
        common, rest = words[:position], words[position + 1 :]
        own = _after_common_options(rest)
        if own < len(rest) and rest[own] in (groups or {}).get(str(first), ()):
            return [str(first), rest[own], *common, *rest[:own], *rest[own + 1 :]]
        return [str(first), *common, *rest]
    if first in _OF_THE_PROGRAM:
        return list(words[position:])
    if first is not None and not first.startswith("-"):
        return list(words[position:])
    return ["setup", *words]


def _after_common_options(words: Sequence[str]) -> int:
    position = 0
    while position < len(words):
        word = words[position]
        if word in _WITH_VALUE:
            position += 2
        elif _ALONE.fullmatch(word):
            position += 1
        else:
            break
    return position


def wants_json(words: Sequence[str]) -> bool:
    """Say whether the words ask for JSON; known before they are parsed, so that usage errors speak it."""
    own = words[: words.index("--")] if "--" in words else words
    form = own[own.index("--format") + 1 :][:1] if "--format" in own else []
    return "--json" in own or "--format=json" in own or form == ["json"]
