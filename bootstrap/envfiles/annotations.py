"""What the decorators say in one key's comments and in the header's, and all that is wrong in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bootstrap.envfiles.comments import Commented, CommentLine
from bootstrap.envfiles.decorators import (
    ITEM,
    ROOT,
    Call,
    Decorator,
    DecoratorError,
    is_foreign,
    read_line,
    suggestion,
)
from bootstrap.envfiles.kinds import Type
from bootstrap.envfiles.typenames import DynamicTypeError, type_of
from bootstrap.report import Problem, Severity

_OPPOSITES = {"required": "optional", "optional": "required", "sensitive": "public", "public": "sensitive"}
_MAY_REPEAT = frozenset({"docs"})


@dataclass(frozen=True, slots=True)
class Annotations:
    """What the decorators of one key say; None where they say nothing."""

    required: bool | None = None
    sensitive: bool | None = None
    type: Type | None = None
    example: str | None = None
    docs: tuple[str, ...] = ()
    deprecated: str | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What the header says of all keys.

    ``required`` is None for ``infer``: a key with a value is required. ``public_prefix`` is that of
    ``inferFromPrefix(...)``.
    """

    required: bool | None = True
    sensitive: bool = True
    public_prefix: str | None = None

    def sensitive_for(self, key: str) -> bool:
        """Tell whether a key without ``@sensitive`` and ``@public`` is a secret."""
        return self.sensitive and not (self.public_prefix and key.startswith(self.public_prefix))


class _Ignored(Exception):  # noqa: N818 - no error: it ends the reading of a decorator of another tool
    pass


def annotations_of(comments: Iterable[CommentLine], name: str, key: str) -> tuple[Annotations, list[Problem]]:
    """Read the decorators of one key; what cannot be read is a problem and otherwise passed over."""
    notes = Annotations()
    decorators, problems = _read(comments, name, key)
    seen: set[str] = set()
    for decorator in decorators:
        try:
            notes = _applied(notes, decorator, seen)
        except DecoratorError as error:
            problems.append(_bad(name, decorator.line, str(error), _mend(name, decorator.line), key))
        except _Ignored:
            problems.append(_unused(name, decorator, key))
        seen.add(decorator.name)
    return notes, problems


def header_defaults(commented: Commented, name: str) -> tuple[Defaults, list[Problem]]:
    """Read the header's defaults, and look through the other comments that belong to no key.

    The header is what stands above the first key and is not attached to it.
    """
    defaults = Defaults()
    first = commented.attached[0][0].line if commented.attached else None
    decorators, problems = _read(commented.detached, name, None)
    for decorator in decorators:
        if first is not None and decorator.line > first and decorator.name in ROOT:
            found = f"@{decorator.name} stands below the first key"
            problems.append(
                _bad(name, decorator.line, found, "move it to the top and end the header with # ---")
            )
        elif decorator.name in ROOT:
            try:
                defaults = _with_root(defaults, decorator)
            except DecoratorError as error:
                problems.append(_bad(name, decorator.line, str(error), _mend(name, decorator.line)))
        elif decorator.name in ITEM and not _documents_commented_out(decorator.line, commented.detached):
            problems.append(_detached(name, decorator))
    return defaults, problems


def _read(
    comments: Iterable[CommentLine], name: str, key: str | None
) -> tuple[list[Decorator], list[Problem]]:
    """Return the decorators of the comments that are known here, and problems for the other ones."""
    known, problems = [], []
    for comment in comments:
        if not comment.is_decorator:
            continue
        try:
            decorators = read_line(comment.text, comment.line)
        except DecoratorError as error:
            problems.append(_bad(name, comment.line, str(error), _mend(name, comment.line), key))
            continue
        for decorator in decorators:
            if decorator.name in ITEM | ROOT:
                known.append(decorator)
            elif is_foreign(decorator.name):
                problems.append(_unused(name, decorator, key))
            else:
                found = f"unknown decorator @{decorator.name}"
                problems.append(_bad(name, decorator.line, found, suggestion(decorator.name), key))
    return known, problems


def _applied(notes: Annotations, decorator: Decorator, seen: set[str]) -> Annotations:
    name, value = decorator.name, decorator.value
    if name in ROOT:
        raise DecoratorError(f"@{name} belongs to the file: end the header with # --- above the first key")
    if name in seen and name not in _MAY_REPEAT:
        raise DecoratorError(f"@{name} stands twice")
    if _OPPOSITES.get(name) in seen:
        raise DecoratorError(f"@{name} contradicts @{_OPPOSITES[name]}")
    if name in ("required", "optional"):
        return replace(notes, required=_switch(decorator) is (name == "required"))
    if name in ("sensitive", "public"):
        return replace(notes, sensitive=_switch(decorator) is (name == "sensitive"))
    if name == "type":
        try:
            return replace(notes, type=type_of(value))
        except DynamicTypeError:
            raise _Ignored from None
    if name == "docs":
        return replace(notes, docs=(*notes.docs, _address(value)))
    text = _text(decorator)
    if name == "example":
        return replace(notes, example=text)
    return notes if text == "false" else replace(notes, deprecated="" if text == "true" else text)


def _with_root(defaults: Defaults, decorator: Decorator) -> Defaults:
    value = decorator.value
    if decorator.name == "defaultRequired":
        if value == "infer":
            return replace(defaults, required=None)
        return replace(defaults, required=_boolean(decorator, "true, false or infer"))
    if isinstance(value, Call) and value.name == "inferFromPrefix" and len(value.positional) == 1:
        return replace(defaults, public_prefix=str(value.positional[0]))
    return replace(defaults, sensitive=_boolean(decorator, "true, false or inferFromPrefix(PUBLIC_)"))


def _switch(decorator: Decorator) -> bool:
    """Return what ``@name`` or ``@name=false`` says; a call (``forEnv(...)``) is varlock's to compute."""
    if isinstance(decorator.value, Call):
        raise _Ignored
    return _boolean(decorator, "true or false")


def _boolean(decorator: Decorator, allowed: str) -> bool:
    if decorator.value not in ("true", "false"):
        raise DecoratorError(f"@{decorator.name} takes {allowed}")
    return decorator.value == "true"


def _text(decorator: Decorator) -> str:
    if isinstance(decorator.value, Call):
        raise DecoratorError(f"@{decorator.name} takes text, in quotes where it has spaces or brackets")
    return decorator.value


def _address(value: str | Call) -> str:
    if not isinstance(value, Call) or not 1 <= len(value.positional) <= len(("text", "address")):
        raise DecoratorError(
            '@docs takes an address in brackets: @docs(https://...) or @docs("text", https://...)'
        )
    return str(value.positional[-1])


def _documents_commented_out(line: int, comments: tuple[CommentLine, ...]) -> bool:
    """Tell whether a line belongs to a commented-out key further down its block."""
    for comment in comments:
        if comment.line > line:
            line += 1
            if comment.line != line or comment.is_divider:
                return False
            if comment.commented_out:
                return True
    return False


def _mend(name: str, line: int) -> str:
    return f"mend line {line} of {name}"


def _detached(name: str, decorator: Decorator) -> Problem:
    message = f"@{decorator.name} belongs to no key: a blank line or a divider stands below it"
    hint = "move it directly above its key"
    return Problem("bad-decorator", message, hint, name, decorator.line, None, Severity.WARNING)


def _unused(name: str, decorator: Decorator, key: str | None) -> Problem:
    message = f"@{decorator.name} is not used by bootstrap in this form and is passed over"
    return Problem("bad-decorator", message, None, name, decorator.line, key, Severity.WARNING)


def _bad(name: str, line: int, found: str, hint: str, key: str | None = None) -> Problem:
    return Problem("bad-decorator", found, hint, name, line, key)
