"""``bootstrap env fill``: which values are still to come, and each one into the file as it is given."""

from __future__ import annotations

from collections.abc import Callable, Collection

from bootstrap.envfiles.placeholders import is_placeholder
from bootstrap.envfiles.quoting import refuse_unwritable
from bootstrap.envfiles.schema import Variable
from bootstrap.envfiles.types import reason
from bootstrap.errors import BootstrapError, UsageError
from bootstrap.report import Problem, Severity
from bootstrap.system import files, project_lock
from bootstrap.values import check, update
from bootstrap.values.asked import Asked
from bootstrap.values.place import Place

_TO_FILL = frozenset({"missing", "empty", "placeholder", "wrong-type"})


def chosen(words: Collection[str]) -> None:
    """Raise ``UsageError`` for ``KEY=VALUE``: what stands on a command line is seen by every other user."""
    for word in words:
        if "=" in word:
            raise UsageError(
                "a value on the command line can be read by other users of this machine",
                hint="name the key alone; its value is asked for",
                code="value-as-argument",
            )


def unfilled(place: Place, keys: Collection[str] = (), *, every: bool = False) -> list[Variable]:
    """Return the variables to ask for, in the order of the example: what the check has an error for.

    ``keys`` are asked for in any case; ``every`` adds the optional ones that are empty. What the host sets is
    not asked for, since the host wins. Raises ``UsageError`` for a key that the example does not have.
    """
    found = check.values(place, Asked(source="both"))
    if found is None:
        return []
    for key in keys:
        if key not in found.schema.by_key:
            raise UsageError(
                f"{key} is not in {place.example_name}",
                hint=f"add it to {place.example_name}",
                code="unknown-key",
            )
    wrong = {problem.key for problem in found.problems if _is_to_fill(problem)}
    if keys:
        return [variable for variable in found.schema.variables if variable.key in keys]
    values = found.view.sources
    empty = {v.key for v in found.schema.variables if not ((value := values.find(v.key)) and value.value)}
    return [
        variable
        for variable in found.schema.variables
        if variable.key not in place.environ and (variable.key in wrong or (every and variable.key in empty))
    ]


def refusal(variable: Variable, value: str) -> str | None:
    """Return why a value cannot be taken, without the value; None where it can."""
    try:
        refuse_unwritable(variable.key, value)
    except BootstrapError as error:
        return str(error)
    if variable.type.name != "enum" and is_placeholder(value, sensitive=variable.sensitive):
        return "that is a placeholder, not a real value"
    return reason(variable.type, value)


def store(place: Place, key: str, value: str, on_wait: Callable[[str], None], *, in_place: bool) -> None:
    """Set one value in the env file as it is now; all else in it stays.

    Raises ``BootstrapError`` where it cannot be written, and where the key has gone from it meanwhile.
    """
    with project_lock.held(place.project.root, on_wait):
        sweep(place)
        document = place.read(place.env_name)
        if document is None or key not in document.last_entries:
            raise BootstrapError(
                f"{key} is no longer in {place.env_name}", hint="run bootstrap env fill again", code="changed"
            )
        update.write(place, document.with_value(key, value).render(), is_new=False, in_place=in_place)


def sweep(place: Place) -> None:
    """Remove what a killed run left beside the env file; the caller holds the project's lock."""
    path = place.path(place.env_name)
    files.sweep(path.parent, path.name)


def _is_to_fill(problem: Problem) -> bool:
    return problem.code in _TO_FILL and problem.severity is Severity.ERROR
