"""The work copy: the files the tests run with, taken once, so that the project's own are never touched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bootstrap.errors import UsageError
from bootstrap.gitignore import git
from bootstrap.gitignore.git import Repository
from bootstrap.system import copies


def take(
    root: Path, target: Path, *, search_path: str | None, venv: str, extra: Sequence[str], leave: Path | None
) -> str:
    """Copy a project's files to ``target`` and return a digest of them.

    These are the files that git tracks, or neither tracks nor ignores; without git all but environments and
    caches. ``extra`` names files and folders that are needed although git ignores them; ``leave`` is one that
    is not copied.

    Raises ``UsageError`` for an ``extra`` that is not there.
    """
    for path in extra:
        if not (root / path).exists():
            raise UsageError(
                f"[tool.bootstrap] copy names {path}, which is not there",
                hint=f"make {path}, or take it out of copy",
                code="bad-configuration",
                file="pyproject.toml",
            )
    paths = sorted({*_files(root, search_path, venv), *extra})
    left_out = leave.resolve() if leave else None
    return copies.copy(root, [path for path in paths if (root / path).resolve() != left_out], target)


def _files(root: Path, search_path: str | None, venv: str) -> list[str]:
    repo = git.repository(root, search_path)
    if not isinstance(repo, Repository):
        return copies.listed(root, venv)
    listed = repo.ask("ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
    return [path for path in listed if path and not f"{path}/".startswith(f"{venv}/")]
