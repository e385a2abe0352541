"""What no lock can hold: a secret, an index, a path of one machine; with hashes, what has no file to hash."""

from __future__ import annotations

from collections.abc import Iterable

from bootstrap.errors import UsageError
from bootstrap.locks.addresses import begins_with_variable, has_credentials, is_machine_path, is_url
from bootstrap.locks.requirements import Direct, Line, Option, Reference, RequirementFile, shown


def refuse(files: Iterable[RequirementFile], *, hashes: bool) -> None:
    """Refuse requirements that pip-compile would write as an absolute path or with a password.

    Where ``hashes`` are required, those that pip would not install as well.

    Raises ``UsageError`` with the file and the line.
    """
    for file in files:
        for line in file.lines:
            why = _why_not(line, file.name, hashes=hashes)
            if why is not None:
                reason, hint = why
                raise UsageError(
                    f"{file.name}:{line.number} {shown(line)} cannot be locked: {reason}",
                    hint=hint,
                    code="not-lockable",
                    file=file.name,
                    line=line.number,
                )


def _why_not(line: Line, name: str, *, hashes: bool) -> tuple[str, str] | None:
    """Return the reason and what mends it."""
    if isinstance(line, Direct | Reference) and has_credentials(line.text):
        hint = f"name a variable in its place in {name}, as pip reads it: ${{TOKEN}}"
        return "the lock would hold its password or token", hint
    if isinstance(line, Reference) and is_machine_path(line.target):
        return "the lock would name a path of this machine", f"name it by its path from the folder of {name}"
    if not isinstance(line, Direct):
        return None
    hint = f"take it out of {name}; the project itself may be installed with pip install --no-deps -e ."
    # What only a variable tells is judged when the lock is made.
    is_told = is_url(line.url) or begins_with_variable(line.url)
    if not is_told or line.url.startswith("file:"):
        return "the lock would hold a path of this machine", hint
    if hashes and (line.editable or "+" in line.url.partition("://")[0]):
        return "pip installs nothing from version control where hashes are required", hint
    return None


def portability_fault(line: Line) -> str | None:
    """Return why a line may stand in no lock: it holds an index, a secret or a path of one machine."""
    places = line.find_links if isinstance(line, Option) else (line.url,) if isinstance(line, Direct) else ()
    if has_credentials(line.text):
        return "holds a password or a token"
    if isinstance(line, Option) and (line.index_urls or line.trusted_hosts):
        return "names an index; that belongs to pip's own configuration"
    if any(is_machine_path(place) for place in places):
        return "is a path of one machine"
    return None
