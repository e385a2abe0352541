"""``bootstrap env diff``: two environments side by side, each a file or the host."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bootstrap.envfiles.difference import Difference, compare, shared_secrets
from bootstrap.envfiles.schema import Schema, parse_schema
from bootstrap.errors import UsageError
from bootstrap.report import Problem, Severity
from bootstrap.values.place import Place, checked_environment

HOST = "host"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Side:
    """One environment: how it is called, the file or None for the host, and its values."""

    name: str
    file: str | None
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two environments and every key of either."""

    first: Side
    second: Side
    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]

    @property
    def count(self) -> int:
        """How many keys differ."""
        return sum(one.counts for one in self.differences)


def run(place: Place, first: str, second: str, *, keys_only: bool = False) -> Comparison:
    """Compare two environments; of the host, only the keys that the example or the other one has.

    Raises ``UsageError`` for what names no environment, and a file that is missing or cannot be read.
    """
    example = place.read(place.example_name)
    schema = parse_schema(example) if example else None
    files = [_side(place, name) for name in (first, second)]
    known = dict.fromkeys(schema.by_key if schema else ())
    known |= dict.fromkeys(key for side in files if side for key in side.values)
    one, other = (side or _host(place, known) for side in files)
    found = compare(schema, one.values, other.values, keys_only=keys_only)
    problems = tuple(_shared(place, schema, one, other, key) for key in shared_secrets(found))
    return Comparison(one, other, tuple(found), problems)


def _host(place: Place, known: Iterable[str]) -> Side:
    # Asked by the known keys: on Windows the host knows its own in any case, and tells them in capitals.
    return Side(HOST, None, {key: place.environ[key] for key in known if key in place.environ})


def _side(place: Place, name: str) -> Side | None:
    """Return a file's values under the name it was asked for; None for the host."""
    if name == HOST:
        return None
    file = _file(place, name)
    document = place.read(file)
    if document is None:
        raise UsageError(
            f"there is no {file} in {place.project.root}",
            hint="name two of: host, a file such as .env, an environment such as staging for .env.staging",
            code="no-env-file",
            file=file,
        )
    return Side(name, file, document.resolved({}))


def _file(place: Place, name: str) -> str:
    if ".." in re.split(r"[/\\]", name):
        checked_environment(name)
    if _NAME.fullmatch(name) and (place.path(name).is_dir() or not place.exists(name)):
        return f"{place.env_name}.{checked_environment(name)}"
    return name


def _shared(place: Place, schema: Schema | None, one: Side, other: Side, key: str) -> Problem:
    variable = schema.by_key.get(key) if schema else None
    message = f"{key} is the same secret in {one.name} and {other.name}"
    hint = f"give each its own {key}: whoever reads one environment can enter the other"
    file, line = (place.example_name, variable.line) if variable else (one.file, None)
    return Problem("shared-secret", message, hint, file, line, key, Severity.WARNING)
