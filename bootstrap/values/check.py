"""``bootstrap env check``: every missing or wrong value at once."""

from __future__ import annotations

from dataclasses import dataclass

from bootstrap.envfiles.check import check
from bootstrap.envfiles.document import Document
from bootstrap.envfiles.leaks import leaks
from bootstrap.envfiles.names import dangerous
from bootstrap.envfiles.schema import Schema, parse_schema
from bootstrap.report import Problem, Severity
from bootstrap.values import guards
from bootstrap.values.asked import Asked
from bootstrap.values.place import Place
from bootstrap.values.view import View, view


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found: the problems in order, and how many values are as they should be."""

    view: View
    schema: Schema
    problems: tuple[Problem, ...]
    required_set: int
    optional_set: int
    optional_empty: int

    @property
    def failed(self) -> bool:
        """Whether there is an error among the problems."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def facts(self, environment: str) -> dict[str, object]:
        """Return what the JSON document says besides the problems."""
        return {
            "environment": environment,
            "source": self.view.source,
            "file": self.view.env_name if self.view.env else None,
            "required_set": self.required_set,
            "optional_set": self.optional_set,
            "optional_empty": self.optional_empty,
        }


def run(place: Place, asked: Asked, *, fix_mode: bool = False) -> Checked:
    """Check the values, the example and the env file's surroundings.

    Raises ``UsageError`` where a file is missing that is needed, or cannot be read.
    """
    example = place.example()
    read = view(place, asked)
    if fix_mode and read.env is not None:
        from bootstrap.system import files

        guards.refuse_special(place, read.env_name)
        files.set_mode(place.path(read.env_name), 0o600)
    about_file = guards.looked_at(place, read.env_name, is_read=read.env is not None)
    return _checked(place, asked, example, read, [*leaks(example), *about_file])


def values(place: Place, asked: Asked) -> Checked | None:
    """Check the values alone, as before a program starts; None where there is no example.

    Raises ``UsageError`` as `run` does.
    """
    example = place.read(place.example_name)
    return None if example is None else _checked(place, asked, example, view(place, asked), [])


def problems_of(place: Place, asked: Asked, schema: Schema, read: View) -> list[Problem]:
    """Return what is wrong with the values that a view shows."""
    return check(
        schema,
        read.env,
        read.host,
        env_name=read.env_name,
        example_name=place.example_name,
        environment=asked.environment,
        override=read.override,
    )


def _checked(place: Place, asked: Asked, example: Document, read: View, more: list[Problem]) -> Checked:
    schema = parse_schema(example)
    found = problems_of(place, asked, schema, read)
    risky = dangerous(example, read.env)
    withheld = {problem.key for problem in risky}
    found = [problem for problem in found if problem.code != "missing" or problem.key not in withheld]
    problems = sorted([*found, *risky, *more], key=lambda one: (one.file != read.env_name, one.line or 0))
    wrong = {problem.key for problem in problems if problem.severity is Severity.ERROR}
    sources = read.sources
    counts = {(required, is_set): 0 for required in (True, False) for is_set in (True, False)}
    for variable in schema.variables:
        value = sources.find(variable.key)
        is_set = value is not None and bool(value.value.strip()) and variable.key not in wrong
        counts[variable.required, is_set] += 1
    return Checked(
        read,
        schema,
        (*read.remarks, *problems),
        counts[True, True],
        counts[False, True],
        counts[False, False],
    )
