from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.command import Completed
from tests.values.conftest import Write

Run = Callable[..., Completed]
EXAMPLE = """\
# Primary database
# @type=url @docs(https://example.com/db)
DATABASE_URL=

# @optional @public @type=array(number(isInt=true), minLength=1)
PORTS=
# GONE=1
"""
RULE = (
    "Rule: The host environment wins, then .env. With CI set or --source host, .env is not read at all. "
    "A host variable that is set to nothing counts as missing."
)


def test_one_key(write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE, ".env": "\nDATABASE_URL=pg://S3ntinel\n"})
    done = bootstrap("env", "explain", "DATABASE_URL")
    assert (done.code, done.out) == (0, "")
    assert done.err.splitlines() == [
        "DATABASE_URL  required url secret  (.env.example:3)",
        "  Primary database",
        "  see https://example.com/db",
        "  host environment:  not set",
        "  .env line 2:       set  <- used",
        RULE,
    ]


@pytest.mark.parametrize(
    ("words", "env", "used"),
    [
        ("", {}, "file"),
        ("", {"DATABASE_URL": "pg://h"}, "host"),
        ("", {"DATABASE_URL": ""}, "host"),
        ("--override", {"DATABASE_URL": "pg://h"}, "file"),
        ("--source host", {}, None),
        ("", {"CI": "1"}, None),
        ("--source file", {"DATABASE_URL": "pg://h"}, "file"),
    ],
)
def test_which_source_wins(
    write: Write, bootstrap: Run, words: str, env: dict[str, str], used: str | None
) -> None:
    write({".env.example": EXAMPLE, ".env": "DATABASE_URL=pg://f\n"})
    done = bootstrap("env", "explain", "DATABASE_URL", "--json", *words.split(), **env)
    assert (done.code, done.document["variable"]["used"]) == (0, used)


def test_set_to_nothing_is_told_apart_from_not_set(write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE, ".env": "DATABASE_URL=\n"})
    variable = bootstrap("env", "explain", "DATABASE_URL", "--json").document["variable"]
    assert (variable["host"], variable["file"]) == (None, "empty")
    done = bootstrap("env", "explain", "DATABASE_URL", DATABASE_URL="")
    assert "  host environment:  set to nothing  <- used\n" in done.err


def test_a_type_is_told_as_it_is_written(write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE})
    done = bootstrap("env", "explain", "PORTS")
    first = "PORTS  optional array(number(isInt=true), minLength=1) public  (.env.example:6)"
    assert done.err.splitlines()[0] == first
    assert "  .env is not read\n" in done.err


def test_keys_beside_the_schema(write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE, ".env": "EXTRA=1\n"})
    for key in ("EXTRA", "GONE"):
        done = bootstrap("env", "explain", key)
        assert (done.code, done.err.splitlines()[0]) == (0, f"{key}  not a key of .env.example")
    done = bootstrap("env", "explain", "DATABSE_URL", "--json")
    assert (done.code, done.document["problems"][0]["hint"]) == (2, "did you mean DATABASE_URL?")
