"""The decorator lines of @env-spec: ``# @required @type=enum(a, b)  # why`` as data.

The grammar is varlock's ``env-spec-parser/grammar.peggy``, of which only comment lines are read: its
file grammar rejects files that every dotenv loader accepts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bootstrap.envfiles.patterns import lazily

ITEM = frozenset({"required", "optional", "sensitive", "public", "type", "example", "docs", "deprecated"})
ROOT = frozenset({"defaultRequired", "defaultSensitive"})
# Known to varlock, of no meaning here; plugins add ``@init...``, code generators ``@generate...``.
# fmt: off
_FOREIGN = frozenset(
    {
        "auditIgnore", "auditIgnorePaths", "cache", "currentEnv", "defaultDynamic", "disable",
        "disableProcessEnvInjection", "docsUrl", "dynamic", "encryptInjectedEnv", "envFlag", "icon",
        "import", "internal", "note", "placeholder", "plugin", "preventLeaks", "proxy",
        "proxyConfig", "redactLogs", "see", "setValuesBulk", "static", "tag", "todo",
    }
)
# fmt: on
_FOREIGN_FAMILY = lazily(r"(generate|init)[A-Z]\w*")

_LINE = lazily(r"\s*#[ \t]*(?=@[A-Za-z])")
_NAME = lazily(r"@([A-Za-z][^ \t=()#@]*)")
_FUNCTION = lazily(r"([A-Za-z_]\w*)\(")
_QUOTED = lazily(r"""(["'`])((?:\\.|(?!\1)[^\\])*)\1""")
_PATTERN = lazily(r"/(?:\\.|[^/\\])+/[a-z]*(?=\s*[,)\]]|\s|$)")
_BARE = lazily(r"[^\"'`# \t][^# \t]*")
_BARE_ARGUMENT = lazily(r"[^\"'`,()\[\]{}\s][^,()\[\]{}]*")
_KEYWORD = lazily(r"([A-Za-z_]\w*)\s*=\s*")
_SPACES = lazily(r"[ \t]*")
_CLOSING = {"(": ")", "[": "]", "{": "}"}


@dataclass(frozen=True, slots=True)
class Call:
    """A function call of a decorator; an array literal is a call named ``[``, an object literal ``{``."""

    name: str
    positional: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


Value = str | Call


@dataclass(frozen=True, slots=True)
class Decorator:
    """One ``@name``, ``@name=value`` or ``@name(...)``; bare ones have the value ``"true"`` (@env-spec)."""

    name: str
    value: Value
    line: int


class DecoratorError(ValueError):
    """A decorator line, or the type it names, cannot be read; the message says why, in words for the user."""


def is_decorator_line(line: str) -> bool:
    """Tell whether a comment line begins with a decorator; later ones in other comments are only text."""
    return _LINE.match(line) is not None


def is_foreign(name: str) -> bool:
    """Tell whether varlock knows a decorator that means nothing here."""
    return name in _FOREIGN or _FOREIGN_FAMILY.fullmatch(name) is not None


def suggestion(name: str) -> str:
    """Return what to write in place of an unknown decorator."""
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(ITEM | ROOT), n=1, cutoff=0.6)
    if close:
        return f"did you mean @{close[0]}?"
    return f"known here: {', '.join('@' + known for known in sorted(ITEM | ROOT))}"


def read_line(text: str, line: int) -> list[Decorator]:
    """Return the decorators of a decorator line; words between them and a trailing ``# text`` are ignored.

    Raises ``DecoratorError``.
    """
    start = _LINE.match(text)
    return _Scanner(text.rstrip(), start.end() if start else 0).decorators(line)


class _Scanner:
    """Reads one line from left to right."""

    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self._position = position

    def decorators(self, line: int) -> list[Decorator]:
        found = []
        while self._position < len(self._text) and self._peek() != "#":
            if name := self._take(_NAME):
                found.append(Decorator(name[1], self._decorated(name[1]), line))
            else:
                self._skip_word()
            self._take(_SPACES)
        return found

    def _decorated(self, name: str) -> Value:
        if self._peek() == "(":
            return self._call(name, "(")
        if self._peek() != "=":
            return "true"
        self._position += 1
        value = self._structured()
        if value is not None:
            return value
        bare = self._take(_BARE)
        if bare is None:
            raise DecoratorError(f"@{name}= has no value or an open quote")
        return bare[0]

    def _structured(self) -> Value | None:
        """Read what looks the same inside and outside of brackets: a string, a pattern, a call, a literal."""
        if quoted := self._take(_QUOTED):
            return re.sub(r"\\([\"'`\\])", r"\1", quoted[2])
        if pattern := self._take(_PATTERN):
            return pattern[0]
        if self._peek() in ("[", "{"):
            return self._call(self._peek(), self._peek())
        if function := self._take(_FUNCTION):
            self._position -= 1
            return self._call(function[1], "(")
        return None

    def _call(self, name: str, opening: str) -> Call:
        closing = _CLOSING[opening]
        self._position += 1
        positional: list[Value] = []
        keywords: list[tuple[str, Value]] = []
        while self._after_spaces() != closing:
            keyword = self._take(_KEYWORD)
            value = self._argument(name)
            if keyword:
                keywords.append((keyword[1], value))
            else:
                positional.append(value)
            if self._after_spaces() == ",":
                self._position += 1
            elif self._peek() != closing:
                raise DecoratorError(f"the {opening} of {name} is not closed, or a comma is missing in it")
        self._position += 1
        return Call(name, tuple(positional), tuple(keywords))

    def _argument(self, name: str) -> Value:
        value = self._structured()
        if value is not None:
            return value
        bare = self._take(_BARE_ARGUMENT)
        if bare is None:
            raise DecoratorError(f"the brackets of {name} are not closed, or a value in them is missing")
        return bare[0].rstrip()

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self._text, self._position)
        if match:
            self._position = match.end()
        return match

    def _peek(self) -> str:
        return self._text[self._position : self._position + 1]

    def _after_spaces(self) -> str:
        self._take(_SPACES)
        return self._peek()

    def _skip_word(self) -> None:
        while self._peek() not in ("", " ", "\t"):
            self._position += 1
