"""What no hashed lock can hold: a path of one machine, and sources that have no file to hash."""

from __future__ import annotations

from collections.abc import Iterable

from bootstrap.errors import UsageError
from bootstrap.locks.addresses import is_url
from bootstrap.locks.requirements import Direct, RequirementFile, shown


def refuse(files: Iterable[RequirementFile], *, hashes: bool) -> None:
    """Refuse requirements that pip-compile would write as an absolute path, or pip would not install.

    Raises ``UsageError`` with the file and the line.
    """
    for file in files:
        for line in file.lines:
            why = _why_not(line, hashes=hashes) if isinstance(line, Direct) else None
            if why is not None:
                raise UsageError(
                    f"{file.name}:{line.number} {shown(line)} cannot be locked: {why}",
                    hint=f"take it out of {file.name}; install it afterwards with pip install --no-deps",
                    code="not-lockable",
                    file=file.name,
                    line=line.number,
                )


def _why_not(line: Direct, *, hashes: bool) -> str | None:
    if not is_url(line.url) or line.url.startswith("file:"):
        return "the lock would hold a path of this machine"
    if hashes and (line.editable or "+" in line.url.partition("://")[0]):
        return "pip installs nothing from version control where hashes are required"
    return None
