"""Whether a value is of its type: a reason, or None where it fits. The reason never holds the value.

Libraries for settings print the rejected value in their errors (pydantic-settings, django-environ,
python-decouple, bare ``int()``), so the coercion is our own and none of their errors is passed on.
"""

from __future__ import annotations

from collections.abc import Callable

from bootstrap.envfiles import scalars
from bootstrap.envfiles.kinds import Type


def reason(kind: Type, value: str) -> str | None:
    """Return why ``value`` is not of the type, or None where it is; whether it may be empty is not asked."""
    return RULES[kind.name](kind, value)


def _array(kind: Type, value: str) -> str | None:
    elements = _elements(kind, value)
    if elements is None:
        return "not a JSON list"
    if kind.flag("unique") and len(set(elements)) < len(elements):
        return "an element stands twice"
    return _least_one(kind, len(elements), "elements") or _each(kind, "element", elements)


def _elements(kind: Type, value: str) -> list[str] | None:
    """Return the elements as text; None where the list opens as JSON and is not."""
    text = value.strip()
    if not text.startswith("["):
        return [part.strip() for part in value.split(kind.text("separator") or ",")]
    loaded = _load(text)
    if isinstance(loaded, list):
        return [_text(element) for element in loaded]
    if not text.endswith("]") or '"' in text:
        return None
    inner = text[1:-1].strip()  # @env-spec's own literal: [a, b]
    return [part.strip() for part in inner.split(",")] if inner else []


def _record(kind: Type, value: str) -> str | None:
    loaded = _load(value)
    if not isinstance(loaded, dict):
        return "not a JSON object"
    wrong_key = kind.keys and next((why for key in loaded if (why := reason(kind.keys, key))), None)
    if wrong_key:
        return f"a key in it is {wrong_key}"
    entries = [_text(entry) for entry in loaded.values()]
    return _least_one(kind, len(entries), "entries", "entries") or _each(kind, "entry", entries)


def _json(_: Type, value: str) -> str | None:
    return "not JSON" if _load(value) is _NOT_JSON else None


def _least_one(kind: Type, found: int, what: str, prefix: str = "") -> str | None:
    """Refuse an empty list or record unless a length allows it (@env-spec, ``array`` and ``record``)."""
    lengths = {f"{prefix}MinLength", f"{prefix}IsLength"} if prefix else {"minLength", "isLength"}
    if not found and not lengths & {name for name, _ in kind.options}:
        return f"has no {what}"
    return scalars.count(kind, found, what, prefix)


def _each(kind: Type, what: str, values: list[str]) -> str | None:
    if kind.element is None:
        return None
    for position, value in enumerate(values, start=1):
        if why := reason(kind.element, value):
            return f"{what} {position}: {why}"
    return None


_NOT_JSON = object()


def _load(text: str) -> object:
    import json

    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return _NOT_JSON


def _refuse(_: str) -> object:
    raise ValueError  # NaN and Infinity are Python's, not JSON's


def _text(loaded: object) -> str:
    import json

    return loaded if isinstance(loaded, str) else json.dumps(loaded)


RULES: dict[str, Callable[[Type, str], str | None]] = {
    "array": _array,
    "boolean": scalars.boolean,
    "duration": scalars.duration,
    "email": scalars.email,
    "enum": scalars.enum,
    "ip": scalars.ip,
    "isoDate": scalars.iso_date,
    "json": _json,
    "md5": scalars.md5,
    "number": scalars.number,
    "path": scalars.path,
    "port": scalars.port,
    "record": _record,
    "semver": scalars.semver,
    "simple-object": _record,
    "string": scalars.string,
    "url": scalars.url,
    "uuid": scalars.uuid,
}
