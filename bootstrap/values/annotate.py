"""``bootstrap env annotate``: decorators for an old example, or the keys of an env file as a new one."""

from __future__ import annotations

from dataclasses import dataclass, field

from bootstrap.envfiles.document import parse
from bootstrap.envfiles.propose import keys_only, propose
from bootstrap.envfiles.schema import parse_schema
from bootstrap.errors import BootstrapError, UsageError
from bootstrap.report import Severity
from bootstrap.system import files
from bootstrap.values import guards
from bootstrap.values.place import Place


@dataclass(frozen=True, slots=True)
class Annotated:
    """The example's new bytes beside the old ones, and each key that gets decorators."""

    before: bytes | None = field(repr=False)
    content: bytes = field(repr=False)
    decorators: tuple[tuple[str, str], ...]

    @property
    def changes(self) -> bool:
        """Whether there is anything to write."""
        return self.content != self.before


def plan(place: Place, source: str | None = None) -> Annotated:
    """Return what would be written; ``source`` is the env file that gives its keys to a new example.

    Raises ``UsageError`` where a file is missing or cannot be read, and where there already is an example.
    """
    if source is not None:
        return _from_keys(place, source)
    example = place.example()
    proposal = propose(example)
    _see_that_it_reads(place, proposal.content, example.render())
    return Annotated(example.render(), proposal.content, proposal.decorators)


def _from_keys(place: Place, source: str) -> Annotated:
    """Return a new example: which of its keys are required is for a person to say, not for what is empty."""
    if place.exists(place.example_name):
        raise UsageError(
            f"there is a {place.example_name} already",
            hint="run bootstrap env annotate without --from, and add new keys by hand",
            code="example-exists",
            file=place.example_name,
        )
    env = place.read(source)
    if env is None:
        raise UsageError(
            f"there is no {source} in {place.project.root}",
            hint="name an env file",
            code="no-env-file",
            file=source,
        )
    return Annotated(None, keys_only(env), ())


def apply(place: Place, annotated: Annotated) -> None:
    """Write the example; the caller holds the project's lock. Raises ``BootstrapError`` where it cannot."""
    if annotated.changes:
        guards.refuse_special(place, place.example_name)
        files.write_atomic(place.path(place.example_name), annotated.content)


def _see_that_it_reads(place: Place, content: bytes, before: bytes) -> None:
    """Raise ``BootstrapError`` where a decorator would be an error that was none before."""
    errors = [
        {
            p.message
            for p in parse_schema(parse(text, place.example_name)).problems
            if p.severity is Severity.ERROR
        }
        for text in (before, content)
    ]
    new = sorted(message for message in errors[1] if not _known(message, errors[0]))
    if new:
        raise BootstrapError(
            f"the decorators for {place.example_name} would not fit: {new[0]}",
            hint=f"annotate {place.example_name} by hand",
            code="bad-decorator",
            file=place.example_name,
        )


def _known(message: str, known: set[str]) -> bool:
    return message in known or "is set on line" in message
