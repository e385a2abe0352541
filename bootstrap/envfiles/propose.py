"""Decorators for an example that has none: what its values and words already say, as @env-spec comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bootstrap.envfiles.comments import CommentLine, comments_of, description, required_by_words
from bootstrap.envfiles.decorators import DecoratorError, read_line
from bootstrap.envfiles.document import Document, Entry, parse, verify
from bootstrap.envfiles.placeholders import is_placeholder
from bootstrap.envfiles.schema import may_be_secret_name

_BOOLEAN = re.compile(r"true|false|yes|no|on|off", re.IGNORECASE)
_PORT_NAME = re.compile(r"(?:.*_)?PORT(?:_.*)?")
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s,;|]+")
_EMAIL = re.compile(r"[^\s@,<>]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_WHOLE = re.compile(r"[0-9]{1,9}")
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Proposal:
    """The example with decorators, and what was proposed: each key with its decorators."""

    content: bytes
    decorators: tuple[tuple[str, str], ...]


def propose(document: Document) -> Proposal:
    """Return the example with one more comment line above each key that wants one; nothing else changes.

    What a key's own decorators say already is not said again, so doing it twice changes nothing. Raises
    ``BootstrapError`` where the result would not read back with the same keys and values.
    """
    lines = list(document.lines)
    proposed = []
    for entry, comments in reversed(comments_of(document).attached):
        words = " ".join(_decorators(entry, comments))
        if words:
            lines.insert(entry.line - 1, f"# {words}{document.newline}")
            proposed.append((entry.key, words))
    content = Document(document.name, "".join(lines), document.bom, (), ()).render()
    verify(parse(content, document.name), [(entry.key, entry.value) for entry in document.entries])
    return Proposal(content, tuple(reversed(proposed)))


def keys_only(document: Document) -> bytes:
    """Return an example with the keys of an env file, and nothing else of it: neither values nor comments."""
    lines = "".join(f"{key}=\n" for key in document.last_entries)
    return f"# The keys of {document.name}. Say above each what it is for.\n\n{lines}".encode()


def _decorators(entry: Entry, comments: tuple[CommentLine, ...]) -> Iterator[str]:
    said = _said(comments)
    if not said & {"required", "optional"} and (optional := _is_optional(entry, comments)) is not None:
        yield "@optional" if optional else "@required"
    kind = None if "type" in said else _type(entry)
    if kind:
        yield f"@type={kind}"
    is_plain = kind in ("boolean", "port") and not may_be_secret_name(entry.key)
    if is_plain and not said & {"public", "sensitive"}:
        yield "@public"


def _is_optional(entry: Entry, comments: tuple[CommentLine, ...]) -> bool | None:
    """Return what the words say; without any, what is empty is optional, as most projects mean it."""
    required = required_by_words(description(comments, entry.key))
    if required is not None:
        return not required
    return True if not entry.value.strip() else None


def _type(entry: Entry) -> str | None:
    value = entry.value
    if not value.strip() or "${" in value or is_placeholder(value):
        return None
    if _BOOLEAN.fullmatch(value):
        return "boolean"
    if _WHOLE.fullmatch(value):
        is_port = _PORT_NAME.fullmatch(entry.key.upper()) and 0 < int(value) <= _HIGHEST_PORT
        return "port" if is_port and not value.startswith("0") else None
    if _URL.fullmatch(value):
        return "url"
    return "email" if _EMAIL.fullmatch(value) else None


def _said(comments: tuple[CommentLine, ...]) -> set[str]:
    names = set()
    for comment in comments:
        if comment.is_decorator:
            try:
                names |= {decorator.name for decorator in read_line(comment.text, comment.line)}
            except DecoratorError:
                continue
    return names
