"""A git repository for a new project, unless it lies in one already."""

from __future__ import annotations

from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.gitignore import git
from bootstrap.system import processes

_TIMEOUT = 60.0
_BRANCH = "main"
"""The branch that the templates' workflows run on."""


def begin(folder: Path, search_path: str | None) -> str | None:
    """Make a repository of ``folder`` and return None, or say why there is none to make.

    ``search_path`` is the ``PATH`` to find git on. A branch that the user prefers is theirs to name.

    Raises ``BootstrapError`` where git fails.
    """
    program = processes.find("git", search_path, outside=folder)
    if program is None:
        return "git is not installed"
    if git.repository(folder, search_path) is not None:
        return "it lies in a repository already"
    preferred = processes.run(
        [program, "config", "--get", "init.defaultBranch"], cwd=folder, timeout=_TIMEOUT
    )
    choice = () if preferred.stdout.strip() else ("-c", f"init.defaultBranch={_BRANCH}")
    done = processes.run([program, *choice, "init", "--quiet"], cwd=folder, timeout=_TIMEOUT)
    if done.returncode != 0:
        raise BootstrapError(
            f"git cannot make a repository in {folder}: {done.stderr.strip()}",
            hint="mend that and run git init, or pass --no-git",
            code="git",
            details=done.stderr,
        )
    return None
