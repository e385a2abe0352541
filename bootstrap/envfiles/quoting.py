"""A value as the text that python-dotenv reads back as that value."""

from __future__ import annotations

import re

from bootstrap.envfiles.patterns import lazily
from bootstrap.errors import UsageError

# What needs no quotes for python-dotenv, a shell or docker compose alike.
_PLAIN = lazily(r"[^\s'\"`#$\\;&|<>()*?!~{}\x00-\x1f\x7f]*")


def refuse_unwritable(key: str, value: str) -> None:
    """Raise ``UsageError`` (code ``unwritable-value``) for a value that no quoting brings back unchanged.

    python-dotenv expands ``${`` even between single quotes and after a backslash (its issue 422).
    """
    if "${" in value:
        found = "contains a dollar sign and an opening brace, which is expanded whenever the file is read"
    elif "\0" in value:
        found = "contains a NUL character, which no environment variable can hold"
    elif re.search(r"[\ud800-\udfff]", value):
        found = "contains a character that UTF-8 cannot write"
    else:
        return
    raise UsageError(
        f"the value for {key} {found}",
        hint=f"set {key} in the host environment instead, or choose another value",
        code="unwritable-value",
    )


def quoted(value: str, *, old: str, commented: bool, newline: str) -> str:
    """Return ``value`` as it stands behind the ``=``, in the quote style of ``old`` where that can hold it.

    ``commented`` says that an inline comment follows: an empty value is then written as quotes, because
    python-dotenv before 1.2.4 reads ``KEY= # text`` as the value ``# text``.
    """
    style = old[:1]
    if style == '"':
        return _double(value, newline if _is_multiline(old) else "\\n")
    if style != "'" and _PLAIN.fullmatch(value) and (value or not commented):
        return value
    if not re.search(r"['\\\r]", value) and (style == "'" or "\n" not in value):
        return "'" + value.replace("\n", newline) + "'"
    return _double(value, newline if style == "'" and _is_multiline(old) else "\\n")


def _double(value: str, line_break: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r")
    return '"' + escaped.replace("\n", line_break) + '"'


def _is_multiline(token: str) -> bool:
    return "\n" in token or "\r" in token
