"""What is wrong with the file itself: others may read it, or git holds it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.gitignore import index
from bootstrap.report import Problem, Severity
from bootstrap.values.place import Place

_OTHERS = 0o077


def looked_at(place: Place, name: str, *, is_read: bool) -> list[Problem]:
    """Return what is wrong with an env file: ``tracked-by-git``, and ``world-readable`` where it is read."""
    open_to_all = readable_by_others(place.path(name), name, place.platform) if is_read else []
    return [*open_to_all, *tracked(place, name)]


def readable_by_others(path: Path, name: str, platform: str) -> list[Problem]:
    """Return a warning where the mode lets others at the file; on Windows modes say nothing."""
    mode = path.stat().st_mode
    if platform == "win32" or not stat.S_ISREG(mode) or not mode & _OTHERS:
        return []
    message = f"mode {stat.S_IMODE(mode):04o}: other users can read it"
    return [
        Problem("world-readable", message, "bootstrap env check --fix-mode", name, severity=Severity.WARNING)
    ]


def tracked(place: Place, name: str) -> list[Problem]:
    """Return an error where git tracks the file, or it is staged; git is asked only where that can be."""
    root = place.project.root
    if not index.may_name(root, name):
        return []
    from bootstrap.gitignore import git

    repo = git.repository(root, place.environ.get("PATH"))
    if not isinstance(repo, git.Repository):
        return []
    inside = _inside(place, name)
    found = git.tracked(repo, place.project.settings.venv, inside, place.example_name)
    return [problem for problem in found if problem.file == inside and problem.severity is Severity.ERROR]


def _inside(place: Place, name: str) -> str:
    """Return a file's name as git writes it, from the project: of ``./.env`` and an absolute path too."""
    path, root = os.path.normpath(place.path(name)), place.project.root
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else name


def refuse_tracked(place: Place, name: str) -> None:
    """Raise ``BootstrapError`` where git tracks the file: what is written to it would be committed."""
    for problem in tracked(place, name):
        raise BootstrapError(
            f"{name} is not written, because git tracks it",
            hint=f"{problem.hint}; change the secrets that were committed",
            code="tracked-by-git",
            file=name,
        )


def refuse_special(place: Place, name: str) -> None:
    """Raise ``BootstrapError`` for a link, a FIFO or a folder in the file's place: those are only read."""
    from bootstrap.system import files

    path = place.path(name)
    files.refuse_link(path)
    if path.exists() and not path.is_file():
        raise BootstrapError(
            f"{name} is no ordinary file, so it is only read",
            hint=f"write where {name} gets its values from, or make it a file",
            code="special-file",
            file=name,
        )
