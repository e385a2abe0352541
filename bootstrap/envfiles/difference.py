"""Which keys and values two environments do not share. Of values it is only told whether they are equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bootstrap.envfiles.check import is_too_plain
from bootstrap.envfiles.placeholders import is_placeholder
from bootstrap.envfiles.schema import Schema, Variable, may_be_secret_name


class Kind(StrEnum):
    """How a key stands in two environments."""

    SAME = "same"
    DIFFERENT = "different"
    ONLY_FIRST = "only-first"
    ONLY_SECOND = "only-second"


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of two environments.

    ``values`` are what may be shown, for a ``@public`` key alone. ``shared_secret`` says that both have the
    same value where each should have its own.
    """

    key: str
    kind: Kind
    optional: bool
    shared_secret: bool
    values: tuple[str | None, str | None] | None = field(default=None)

    @property
    def counts(self) -> bool:
        """Whether this is a difference."""
        return self.kind is not Kind.SAME


def compare(
    schema: Schema | None, first: Mapping[str, str], second: Mapping[str, str], *, keys_only: bool = False
) -> list[Difference]:
    """Return every key of either side, in the order of the example, then of the sides.

    A value that is empty counts as set to nothing, and its key is there. With ``keys_only`` values are not
    compared at all.
    """
    variables = schema.by_key if schema else {}
    order = dict.fromkeys([*variables, *first, *second])
    present = [key for key in order if key in first or key in second]
    return [_compared(key, variables.get(key), first, second, keys_only=keys_only) for key in present]


def _compared(
    key: str,
    variable: Variable | None,
    first: Mapping[str, str],
    second: Mapping[str, str],
    *,
    keys_only: bool,
) -> Difference:
    optional = variable is not None and not variable.required
    public = variable is not None and not variable.sensitive
    values = (first.get(key), second.get(key)) if public and not keys_only else None
    if key not in second:
        return Difference(key, Kind.ONLY_FIRST, optional, shared_secret=False, values=values)
    if key not in first:
        return Difference(key, Kind.ONLY_SECOND, optional, shared_secret=False, values=values)
    if keys_only or first[key] == second[key]:
        shared = not keys_only and not public and _is_secret(key, variable, first[key])
        return Difference(key, Kind.SAME, optional, shared, values)
    return Difference(key, Kind.DIFFERENT, optional, shared_secret=False, values=values)


def _is_secret(key: str, variable: Variable | None, value: str) -> bool:
    if variable is None:
        return may_be_secret_name(key) and bool(value.strip())
    return bool(value.strip()) and not is_too_plain(variable, value) and not is_placeholder(value)


def shared_secrets(differences: list[Difference]) -> Iterator[str]:
    """Give the keys whose secret both environments have."""
    return (one.key for one in differences if one.shared_secret)
