"""A project: its root, its settings, and where each of its files lies."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bootstrap.errors import UsageError
from bootstrap.settings import FILE, TABLE, Settings, settings_from

_DEPENDENCIES = (
    ("project", "dependencies"),
    ("project", "optional-dependencies"),
    ("dependency-groups",),
    ("tool", "poetry", "dependencies"),
)
_MARKS = (".python-version", "requirements", "requirements.in", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Project:
    """A project folder (absolute, links resolved) and what its ``pyproject.toml`` says of this tool.

    ``dependencies`` is the key under which that names packages for another tool, if there is one.
    """

    root: Path
    settings: Settings
    requires_python: str | None = None
    dependencies: str | None = None

    @property
    def name(self) -> str:
        """The folder's name; the prompt of the environment."""
        return self.root.name or "project"

    @property
    def venv(self) -> Path:
        """The environment's folder."""
        return self.root / self.settings.venv

    @property
    def env_file(self) -> Path:
        """The values of this machine."""
        return self.root / self.settings.env_file

    @property
    def env_example(self) -> Path:
        """The schema of the values."""
        return self.root / self.settings.env_example

    @property
    def pyproject(self) -> Path:
        """Where the settings come from; it need not exist."""
        return self.root / FILE

    def setting_line(self, key: str) -> int | None:
        """Return the line of a setting in `pyproject`, or None where it does not stand there."""
        return line_of(_read_text(self.pyproject) or "", (*TABLE, key))

    def shown(self, path: Path) -> str:
        """Return a path as messages name it: relative to the project where it lies inside."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)


def find_root(start: Path, *, else_by: tuple[str, ...] = ()) -> Path:
    """Return the nearest folder from ``start`` upward that is marked as a project, never above the git root.

    Where there is none, one of the files ``else_by`` marks it. Raises ``UsageError`` where neither is found.
    """
    start = _folder(start)
    for marks in (_MARKS, else_by):
        for folder in (start, *start.parents):
            if any(_exists(folder / mark) for mark in marks):
                return folder
            if _exists(folder / ".git"):
                break
    hint = f"run this in a project: a folder with {', '.join(_MARKS[:-1])} or {_MARKS[-1]}"
    if _exists(start / "requirements.txt"):
        hint = "run bootstrap init, which takes over what requirements.txt says, or write a requirements.in"
    raise UsageError(f"no project found in {start} or above it", hint=hint, code="no-project")


def _folder(start: Path) -> Path:
    try:
        resolved = start.resolve()
        if resolved.is_dir():
            return resolved
    except (OSError, RuntimeError):
        # The current folder was deleted, or links lead in a circle.
        resolved = start
    raise UsageError(f"{resolved} is not a folder", hint="name the project's folder with --project DIR")


def _exists(path: Path) -> bool:
    """Say whether something is there; in a folder above that this user may not enter, nothing is."""
    try:
        return path.exists()
    except OSError:
        return False


def load(start: Path, environ: Mapping[str, str], *, else_by: tuple[str, ...] = ()) -> Project:
    """Find the project around ``start`` and read its settings; ``BOOTSTRAP_*`` variables win over the file.

    ``else_by`` names files that mark a project where nothing else does.

    Raises ``UsageError`` for a missing project and for settings that cannot be read or are wrong.
    """
    root = find_root(start, else_by=else_by)
    text = _read_text(root / FILE)
    tables = {} if text is None else _read_tables(root / FILE, text)
    metadata = tables.get("project", {})
    requires = metadata.get("requires-python") if isinstance(metadata, dict) else None
    table = _at(tables, TABLE)
    try:
        settings = settings_from({} if table is None else table, environ)
    except UsageError as error:
        if error.problem.file == FILE:
            words = (*TABLE, *([error.problem.key] if error.problem.key else []))
            error.problem = replace(error.problem, line=line_of(text or "", words))
        raise
    named = next((".".join(key) for key in _DEPENDENCIES if _names_packages(_at(tables, key))), None)
    return Project(root, settings, requires if isinstance(requires, str) else None, named)


def _names_packages(value: object) -> bool:
    # Poetry's table names the Python as well.
    return bool(value) and not (isinstance(value, dict) and value.keys() == {"python"})


def line_of(text: str, words: Sequence[str]) -> int | None:
    """Return the line, from 1, on which the value at some keys begins in a TOML text; None where none does.

    All that stands above it is TOML without the value, and with the next lines becomes TOML with it: so each
    way of writing a key is found.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    named = (number for number, line in enumerate(lines) if words[-1] in line)
    return next((number + 1 for number in named if _begins(lines, number, words)), None)


def _begins(lines: Sequence[str], number: int, words: Sequence[str]) -> bool:
    above = _parsed(lines[:number])
    if above is None or _at(above, words) is not None:
        return False
    # An array may go on for some lines.
    more = (_parsed(lines[:end]) for end in range(number + 1, len(lines) + 1))
    return _at(next((tables for tables in more if tables is not None), None), words) is not None


def _parsed(lines: Sequence[str]) -> dict[str, Any] | None:
    import tomllib

    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError:
        return None


def _at(tables: object, words: Sequence[str]) -> object | None:
    """Return the value at some keys, or None."""
    for word in words:
        tables = tables.get(word) if isinstance(tables, dict) else None
    return tables


def _read_text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise _unreadable(path, "it is not UTF-8") from None
    except OSError as error:
        raise _unreadable(path, error.strerror or type(error).__name__) from None


def _read_tables(path: Path, text: str) -> dict[str, Any]:
    import tomllib  # many a project has no such file

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise _unreadable(path, str(error), int(line[1]) if line else None) from None


def _unreadable(path: Path, reason: str, line: int | None = None) -> UsageError:
    return UsageError(
        f"{path.name} cannot be read: {reason}",
        hint=f"mend {path.name}; it must be TOML in UTF-8",
        code="bad-configuration",
        file=path.name,
        line=line,
    )
