"""From the text after ``@type=`` to a type: names, Python's aliases, and which option takes what."""

from __future__ import annotations

import re
from collections.abc import Callable

from bootstrap.envfiles.decorators import Call, DecoratorError, Value
from bootstrap.envfiles.kinds import Type, milliseconds, number_of, pattern_of
from bootstrap.envfiles.types import RULES

_ALIASES: dict[str, Type] = {
    "bool": Type("boolean"),
    "dict": Type("record"),
    "float": Type("number"),
    "int": Type("number", (("isInt", "true"),)),
    "list": Type("array"),
    "str": Type("string"),
}
_LENGTHS = ("minLength", "maxLength", "isLength")


class DynamicTypeError(Exception):
    """The type depends on other values; varlock would compute it, here it goes unchecked."""


def type_of(value: Value) -> Type:
    """Return the type that ``@type=`` names.

    Raises ``DecoratorError`` for an unknown type or option and for arguments it cannot have, and
    ``DynamicTypeError`` where @env-spec would compute it from other values.
    """
    call = value if isinstance(value, Call) else Call(value, (), ())
    if call.name in _COMPUTED:
        raise DynamicTypeError
    known = _ALIASES.get(call.name)
    name = known.name if known else call.name
    if name not in RULES:
        raise DecoratorError(f"unknown type {call.name!r}{_did_you_mean(name, [*RULES, *_ALIASES])}")
    keywords = dict(call.keywords)
    keys = keywords.pop("keyType", None) if name == "record" else None
    options = tuple((option, _option(name, option, text)) for option, text in keywords.items())
    members, element = _positional(name, call.positional)
    implied = known.options if known else ()
    return Type(name, implied + options, members, element, None if keys is None else type_of(keys))


def _positional(name: str, values: tuple[Value, ...]) -> tuple[tuple[str, ...], Type | None]:
    if name == "enum":
        if not values:
            raise DecoratorError("enum() needs its members: enum(a, b)")
        return tuple(_scalar(value) for value in values), None
    if not values:
        return (), None
    if name not in ("array", "record") or len(values) > 1:
        raise DecoratorError(f"{name} takes options as name=value only")
    return (), type_of(values[0])


def _option(name: str, option: str, value: Value) -> str:
    takes = _OPTIONS.get(name, {})
    if option not in takes:
        raise DecoratorError(f"{name} has no option {option!r}{_did_you_mean(option, list(takes))}")
    if isinstance(value, Call) and value.name == "[":
        text = ",".join(_scalar(item) for item in value.positional)
    else:
        text = _scalar(value)
    if not takes[option](text):
        raise DecoratorError(f"{option} of {name} cannot be {text!r}")
    return text


def _scalar(value: Value) -> str:
    if isinstance(value, Call):
        if value.name in _COMPUTED:
            raise DynamicTypeError
        raise DecoratorError(f"{value.name!r} cannot stand inside a type here")
    if value.startswith("$"):
        raise DynamicTypeError
    return value


def _did_you_mean(wrong: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(wrong, known, n=1)
    if close:
        return f"; did you mean {close[0]}?"
    return f"; known: {', '.join(sorted(known))}" if known else ""


def _anything(_: str) -> bool:
    return True


def _number(text: str) -> bool:
    return number_of(text) is not None


def _count(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,9}", text) is not None


def _divisor(text: str) -> bool:
    return bool(number_of(text))


def _flag(text: str) -> bool:
    return text in ("true", "false")


def _pattern(text: str) -> bool:
    try:
        pattern_of(text)
    except re.error:
        return False
    return True


def _duration(text: str) -> bool:
    return milliseconds(text) is not None


_COMPUTED = frozenset({"if", "ifs", "eq", "not", "and", "or", "forEnv", "ref", "fallback", "concat", "remap"})
_OPTIONS: dict[str, dict[str, Callable[[str], bool]]] = {
    "array": {**dict.fromkeys(_LENGTHS, _count), "separator": bool, "format": _anything, "unique": _flag},
    "duration": {"min": _duration, "max": _duration, "output": _anything},
    "email": {"normalize": _flag},
    "ip": {"normalize": _flag, "version": ("4", "6").__contains__},
    "number": {
        **dict.fromkeys(("min", "max"), _number),
        **dict.fromkeys(("isInt", "coerceToMinMaxRange"), _flag),
        "isDivisibleBy": _divisor,
        "precision": _count,
    },
    "port": dict.fromkeys(("min", "max"), _count),
    "record": dict.fromkeys(("entriesMinLength", "entriesMaxLength", "entriesIsLength"), _count),
    "string": {
        **dict.fromkeys(_LENGTHS, _count),
        **dict.fromkeys(("startsWith", "endsWith"), _anything),
        **dict.fromkeys(("toUpperCase", "toLowerCase", "allowEmpty"), _flag),
        "matches": _pattern,
    },
    "url": {
        **dict.fromkeys(("prependHttps", "noTrailingSlash"), _flag),
        "allowedDomains": bool,
        "matches": _pattern,
    },
}
