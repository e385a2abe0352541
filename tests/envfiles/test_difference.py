from __future__ import annotations

import pytest

from bootstrap.envfiles.difference import Kind, compare
from bootstrap.envfiles.document import parse
from bootstrap.envfiles.schema import parse_schema

SCHEMA = parse_schema(parse(b"TOKEN=\n# @public\nMODE=\n# @type=boolean\nDEBUG=\n# @optional\nDSN=\n", "e"))


@pytest.mark.parametrize(
    ("key", "first", "second", "kind", "shared"),
    [
        ("TOKEN", "x1", "x2", Kind.DIFFERENT, False),
        ("TOKEN", "x1", "x1", Kind.SAME, True),
        ("TOKEN", "", "", Kind.SAME, False),
        ("TOKEN", "changeme", "changeme", Kind.SAME, False),
        ("TOKEN", None, "x", Kind.ONLY_SECOND, False),
        ("TOKEN", "", None, Kind.ONLY_FIRST, False),
        ("MODE", "a", "a", Kind.SAME, False),
        ("DEBUG", "true", "true", Kind.SAME, False),
        ("OTHER_SECRET", "x1", "x1", Kind.SAME, True),
        ("OTHER", "x1", "x1", Kind.SAME, False),
    ],
)
def test_one_key(key: str, first: str | None, second: str | None, kind: Kind, *, shared: bool) -> None:
    sides = [{} if value is None else {key: value} for value in (first, second)]
    (found,) = compare(SCHEMA, *sides)
    assert (found.kind, found.shared_secret) == (kind, shared)
    assert found.values == ((first, second) if key == "MODE" else None)
    (found,) = compare(SCHEMA, *sides, keys_only=True)
    assert (found.counts, found.values) == (None in (first, second), None)
