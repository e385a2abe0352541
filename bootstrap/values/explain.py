"""``bootstrap env explain``: what one key is, where it is set, and which value wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from bootstrap.envfiles.kinds import Type
from bootstrap.envfiles.schema import Variable, parse_schema
from bootstrap.errors import UsageError
from bootstrap.report import Problem
from bootstrap.values.asked import RULE, Asked
from bootstrap.values.check import problems_of
from bootstrap.values.place import Place
from bootstrap.values.view import View, view

_STATES = {"set": "set", "empty": "set to nothing", None: "not set"}


@dataclass(frozen=True, slots=True)
class Explained:
    """One key: what the example says of it, whether host and file set it, and which of them is used.

    ``host`` and ``file`` are ``set``, ``empty`` or None; ``used`` is ``host``, ``file`` or None.
    """

    key: str
    variable: Variable | None
    example_name: str
    view: View
    host: str | None
    file: str | None
    line: int | None
    used: str | None
    problems: tuple[Problem, ...]

    def facts(self) -> dict[str, object]:
        """Return what the JSON document says of it."""
        variable = self.variable
        return {
            "key": self.key,
            "required": variable.required if variable else None,
            "sensitive": variable.sensitive if variable else None,
            "type": told_type(variable.type) if variable else None,
            "defined": {"file": self.example_name, "line": variable.line} if variable else None,
            "host": self.host,
            "file": self.file,
            "line": self.line,
            "used": self.used,
        }


def run(place: Place, key: str, asked: Asked) -> Explained:
    """Explain one key.

    Raises ``UsageError`` for a key that nothing knows, and for files that cannot be read.
    """
    schema = parse_schema(place.example())
    read = view(place, asked)
    variable = schema.by_key.get(key)
    entries = read.env.last_entries if read.env else {}
    in_host = None if read.source == "file" else _state(place.environ.get(key))
    if variable is None and key not in entries and in_host is None and key not in schema.documented:
        raise _unknown(key, [*schema.by_key, *entries], place)
    entry = entries.get(key)
    found = read.sources.find(key)
    problems = problems_of(place, asked, schema, read)
    return Explained(
        key,
        variable,
        place.example_name,
        read,
        in_host,
        _state(entry.value) if entry else None,
        entry.line if entry else None,
        None if found is None else ("file" if found.entry else "host"),
        tuple(problem for problem in problems if problem.key == key),
    )


def lines(explained: Explained) -> Iterator[str]:
    """Give the explanation in lines for people."""
    variable = explained.variable
    if variable is None:
        yield f"{explained.key}  not a key of {explained.example_name}"
    else:
        need = "required" if variable.required else "optional"
        secret = "secret" if variable.sensitive else "public"
        kind = told_type(variable.type)
        yield f"{variable.key}  {need} {kind} {secret}  ({explained.example_name}:{variable.line})"
        yield from (f"  {line}" for line in variable.description)
        yield from (f"  see {address}" for address in variable.docs)
        if variable.deprecated is not None:
            yield f"  deprecated {variable.deprecated}".rstrip()
    yield from _sources(explained)
    yield from (f"  {problem.severity}: {problem.message}" for problem in explained.problems)
    yield f"Rule: {RULE}"


def told_type(kind: Type) -> str:
    """Return a type as it is written behind ``@type=``."""
    inside = [*kind.members, *(f"{name}={value}" for name, value in kind.options)]
    if kind.element:
        inside.insert(0, told_type(kind.element))
    return f"{kind.name}({', '.join(inside)})" if inside else kind.name


def _sources(explained: Explained) -> Iterator[str]:
    read = explained.view
    places = [("host environment", explained.host, "host")]
    if read.env is not None:
        line = f" line {explained.line}" if explained.line else ""
        places.append((f"{read.env_name}{line}", explained.file, "file"))
    if read.source == "file":
        del places[0]
    width = max(len(name) for name, _, _ in places) + 1
    for name, state, source in places[:: -1 if read.override else 1]:
        used = "  <- used" if explained.used == source else ""
        yield f"  {name + ':':<{width}}  {_STATES[state]}{used}"
    if read.env is None:
        yield f"  {read.env_name} is not read"


def _state(value: str | None) -> str | None:
    if value is None:
        return None
    return "set" if value.strip() else "empty"


def _unknown(key: str, known: list[str], place: Place) -> UsageError:
    near = get_close_matches(key.upper(), known, n=1)
    return UsageError(
        f"{key} is in neither {place.example_name} nor {place.env_name} nor the host environment",
        hint=f"did you mean {near[0]}?" if near else f"add it to {place.example_name}",
        code="unknown-key",
    )
