"""``.bootstrap.toml``: what was written from which template, so that it can be brought up to date."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bootstrap.errors import UsageError
from bootstrap.scaffold.rendering import Answers

NAME = ".bootstrap.toml"
_SCHEMA = 1
_HEAD = """\
# What this project was made from. `bootstrap template update` compares the files below with it, and replaces
# those that are still as they were written. Commit it.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """A project's origin; ``files`` maps each of the tool's files to the digest of what it wrote."""

    template: str
    version: int
    answers: Answers
    files: Mapping[str, str]


def digest(content: bytes) -> str:
    """Return what tells one content of a file from another, line endings aside: git may change them."""
    plain = content.replace(b"\r\n", b"\n")
    return f"sha256:{hashlib.sha256(plain).hexdigest()}"


def text(record: Record) -> str:
    """Return the file's text."""
    answers = record.answers
    lines = [
        f"schema = {_SCHEMA}",
        f"template = {_string(record.template)}",
        f"version = {record.version}",
        "",
        "[answers]",
        f"name = {_string(answers.name)}",
        f"features = {_strings(answers.features)}",
        f"without = {_strings(answers.without)}",
        "",
        "[values]",
        *(f"{name} = {_string(value)}" for name, value in sorted((answers.values or {}).items())),
        "",
        "[files]",
        *(f"{_string(path)} = {_string(value)}" for path, value in sorted(record.files.items())),
    ]
    return _HEAD + "".join(f"{line}\n" for line in lines)


def parse(content: bytes) -> Record:
    """Read the file.

    Raises ``UsageError`` where it is not what this tool writes.
    """
    try:
        table = tomllib.loads(content.decode())
        return _record(table)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{NAME} cannot be read: {_reason(error)}",
            hint=f"take {NAME} as git has it: git checkout {NAME}",
            code="unparsable",
            file=NAME,
        ) from None


def _record(table: Mapping[str, Any]) -> Record:
    if table["schema"] != _SCHEMA:
        raise ValueError(f"schema {table['schema']} is of another version of bootstrap")
    answers = table["answers"]
    given = Answers(
        str(answers["name"]),
        tuple(map(str, answers["features"])),
        tuple(map(str, answers["without"])),
        {name: str(value) for name, value in table["values"].items()},
    )
    files = {str(path): str(value) for path, value in table["files"].items()}
    return Record(str(table["template"]), int(table["version"]), given, files)


def _reason(error: Exception) -> str:
    return f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)


def _string(value: str) -> str:
    return json.dumps(value)


def _strings(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_string, values))}]"
