"""The marked block in ``.gitignore``: what stands in it, and how lines get into it.

Everything outside the block is the user's and keeps every byte. The last matching rule wins in a
``.gitignore``, so lines that would stand before a user's contrary rule go into a new block at the end.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

from bootstrap.errors import UsageError
from bootstrap.gitignore import rules

BEGIN = b"# >>> bootstrap >>>"
END = b"# <<< bootstrap <<<"


@dataclass(frozen=True, slots=True)
class _Block:
    """The last block: its rules, the offset of its end mark, and the rules after it."""

    rules: tuple[str, ...]
    end: int
    followers: tuple[str, ...]


def text_of(existing: bytes) -> str:
    """Return the text of a ``.gitignore`` as git reads it: UTF-8 with or without a mark, any other byte kept.

    Raises ``UsageError`` for UTF-16, which git takes for rules that match nothing.
    """
    if existing.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UsageError(
            ".gitignore is in UTF-16, which git cannot read",
            hint="save .gitignore as UTF-8, then run bootstrap again",
            code="unreadable",
            file=".gitignore",
        )
    return existing.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape")


def rules_of(existing: bytes) -> tuple[str, ...]:
    """Return the lines of a ``.gitignore`` that are rules, in order."""
    lines = (line.removesuffix("\r") for line in text_of(existing).split("\n"))
    return tuple(line for line in lines if line and not line.startswith("#"))


def settled(existing: bytes) -> frozenset[str]:
    """Return the rules of the block where no rule follows it: adding them once more would change nothing."""
    block = _last_block(existing)
    return frozenset(block.rules if block is not None and not block.followers else ())


def with_block(existing: bytes, lines: Sequence[str]) -> bytes:
    """Return ``existing`` with ``lines`` in its marked block, which is made where there is none."""
    if not lines:
        return existing
    newline = b"\r\n" if b"\r\n" in existing else b"\n"
    body = b"".join(line.encode("utf-8", "surrogateescape") + newline for line in lines)
    block = _last_block(existing)
    if block is not None and _has_effect(block, lines):
        return existing[: block.end] + body + existing[block.end :]
    return existing + _gap(existing, newline) + BEGIN + newline + body + END + newline


def _has_effect(block: _Block, lines: Sequence[str]) -> bool:
    """Say whether lines added to the block hold against the rules after it."""
    if not block.followers:
        return True
    overridden = any(
        rules.ignored(block.followers, [line[1:]])
        if line.startswith("!")
        else any(rule.startswith("!") for rule in block.followers)
        for line in lines
    )
    return not overridden and not set(block.rules).intersection(lines)


def _gap(existing: bytes, newline: bytes) -> bytes:
    """Return what sets a new block off from the lines above it."""
    if not existing:
        return b""
    return newline if existing.endswith(b"\n") else newline + newline


def _last_block(existing: bytes) -> _Block | None:
    begin = end = None
    offset = 0
    for line in existing.split(b"\n"):
        if line.rstrip() == BEGIN:
            begin, end = offset, None
        elif line.rstrip() == END and begin is not None and end is None:
            end = offset
        offset += len(line) + 1
    if begin is None or end is None:
        return None
    return _Block(rules_of(existing[begin:end]), end, rules_of(existing[end:]))
