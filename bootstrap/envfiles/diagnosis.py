"""What is wrong with a statement that is not ``KEY=value``, told without any of its text.

Text of an env file may be a secret wherever it stands (a PEM whose quotes were forgotten is read as many
bad lines), so a message names a line, and of its words nothing but keys that a lost quote would swallow.
"""

from __future__ import annotations

from bootstrap.envfiles.patterns import lazily
from bootstrap.errors import UsageError

KEY = lazily(r"[A-Za-z_][A-Za-z0-9_]*")
_CONFLICT = lazily(r"\s*(?:<{7}|={7}|>{7})(?:[ \r\n]|\Z)")
_COLON = lazily(r"\s*(?:export[ \t]+)?[A-Za-z_][A-Za-z0-9_]*[ \t]*:")
_OPENING = lazily(r"""\s*(?:export[^\S\n]+)?[^=#\s]+[^\S\n]*=[^\S\n]*(?P<quote>["'])""")
_CLOSED = {quote: lazily(rf"(?:\\.|[^{quote}\\\n])*{quote}") for quote in "\"'"}
# Only keys in the usual capitals are told from a text that may as well be a secret of several lines.
_ASSIGNED = lazily(r"\s*(?:export[ \t]+)?(?P<key>[A-Z_][A-Z0-9_]*)[ \t]*=(?!=)")
_PADDED_BASE64 = lazily(r"[A-Z0-9_]*=")


def bad_statement(statement: str, name: str, line: int) -> UsageError:
    """Return the error for a statement that python-dotenv would pass over with a log line."""
    opening = _OPENING.match(statement)
    if opening is None:
        return bad_key(statement, name, line)
    if _CLOSED[opening["quote"]].match(statement, opening.end()):
        found = "text follows the closing quote"
        return _unparsable(name, line, found, "escape the quotes inside the value with a backslash")
    return unterminated(statement.lstrip().split("\n")[1:], name, line)


def bad_key(statement: str, name: str, line: int) -> UsageError:
    """Return the error for a statement without ``=``, or with something else than a key before it."""
    if _CONFLICT.match(statement):
        hint = f"keep the lines of {name} that are right and delete the marks"
        return _unparsable(name, line, "the mark of an unresolved merge conflict", hint)
    if _COLON.match(statement):
        return _unparsable(name, line, "a colon stands where the = belongs", "did you mean KEY=value?")
    if "=" in statement:
        hint = "a key is letters, digits and underscores, and begins with no digit"
        return _unparsable(name, line, "not a key before the =", hint)
    hint = "write KEY=value; put values of several lines in quotes"
    return _unparsable(name, line, "no value and no =", hint)


def unterminated(swallowed: list[str], name: str, line: int) -> UsageError:
    """Return the error for a quote opened on ``line`` that closes, if at all, in a later statement."""
    keys = [key for text in swallowed if (key := _assigned_key(text))]
    tail = f" and would swallow {', '.join(keys)}" if keys else ""
    return UsageError(
        f"{name} line {line}: the quote that opens here is not closed{tail}",
        hint=f"close the quote on line {line} of {name}",
        code="unterminated-quote",
        file=name,
        line=line,
    )


def swallows_a_key(value: str) -> bool:
    """Tell whether a quoted value's last line is ``KEY=``: its closing quote should open another value."""
    first, _, last = value.rpartition("\n")
    key = _ASSIGNED.fullmatch(last)
    return bool(first) and key is not None and _assigned_key(last) is not None


def _assigned_key(text: str) -> str | None:
    """Return the key of a line ``KEY=...``, unless the line may be the padded end of a base64 secret."""
    stripped = text.strip()
    if _PADDED_BASE64.fullmatch(stripped) and len(stripped) % 4 == 0:
        return None
    match = _ASSIGNED.match(text)
    return match["key"] if match else None


def _unparsable(name: str, line: int, found: str, hint: str) -> UsageError:
    return UsageError(f"{name} line {line}: {found}", hint=hint, code="unparsable", file=name, line=line)
