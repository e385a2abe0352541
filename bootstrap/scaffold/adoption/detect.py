"""Which tool's files a project has; of several it is not guessed which one counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath

from bootstrap.errors import UsageError
from bootstrap.scaffold.adoption import pep621, poetry, tables

_TEXT = re.compile(r"(?:[\w.-]+[-_.])?requirements(?:[-_.][\w.-]+)?\.txt")
_SOURCE = re.compile(r"(?:[\w.-]+[-_.])?requirements(?:[-_.][\w.-]+)?\.in")
ENVIRONMENTS = (".venv", "venv", "env")


class Kind(StrEnum):
    """What a project can be read from."""

    POETRY = "Poetry"
    PIPENV = "Pipenv"
    STANDARD = "[project]"
    TEXTS = "requirement files"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read; ``paths`` are relative to the project, the first is what ``--from`` names."""

    kind: Kind
    paths: tuple[PurePosixPath, ...]


def is_ours(paths: Collection[PurePosixPath]) -> bool:
    """Say whether there are requirement files this tool works with already."""
    return any(
        (path.parent.name == "requirements" and path.suffix == ".in")
        or (len(path.parts) == 1 and _SOURCE.fullmatch(path.name))
        for path in paths
    )


def sources(paths: Collection[PurePosixPath], read: Callable[[PurePosixPath], str | None]) -> list[Source]:
    """Return what the files of the root and of ``requirements/`` can be read as, in order of preference."""
    found = []
    pyproject = PurePosixPath("pyproject.toml")
    text = read(pyproject) if pyproject in paths else None
    table = tables.load(text, str(pyproject)) if text is not None else {}
    if poetry.asks(table):
        found.append(Source(Kind.POETRY, (pyproject,)))
    if PurePosixPath("Pipfile") in paths:
        found.append(Source(Kind.PIPENV, (PurePosixPath("Pipfile"),)))
    if not poetry.asks(table) and pep621.asks(table):
        found.append(Source(Kind.STANDARD, (pyproject,)))
    texts = sorted((path for path in paths if _is_text(path)), key=_rank)
    if texts:
        found.append(Source(Kind.TEXTS, tuple(texts)))
    return found


def _is_text(path: PurePosixPath) -> bool:
    if "constraint" in path.name:
        return False
    in_folder = path.parent.name == "requirements" and path.suffix == ".txt"
    return in_folder or (len(path.parts) == 1 and _TEXT.fullmatch(path.name) is not None)


def _rank(path: PurePosixPath) -> tuple[bool, bool, str]:
    """Put the files of the base layer first: what they say is left out of the others."""
    is_plain = path.name in ("requirements.txt", "base.txt", "common.txt")
    return not is_plain, len(path.parts) > 1, str(path)


def only(found: Sequence[Source]) -> Source:
    """Return the one source there is; raises ``UsageError`` for none and for several."""
    if len(found) == 1:
        return found[0]
    if not found:
        raise UsageError(
            "nothing here says what the project needs",
            hint="write requirements/base.in, or name a file or an environment with --from",
            code="nothing-to-adopt",
        )
    named = ", ".join(f"{source.paths[0]} ({source.kind})" for source in found)
    raise UsageError(
        f"several files say what the project needs: {named}",
        hint=f"name the one that counts, as in --from {found[0].paths[0]}",
        code="several-sources",
    )
