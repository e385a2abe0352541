"""Looking at a project: which lines its ``.gitignore`` lacks, and what git tracks that it should not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bootstrap.gitignore import block, git, rules
from bootstrap.gitignore.entries import entries_for, needed, probes_of
from bootstrap.report import Problem


@dataclass(frozen=True, slots=True)
class Names:
    """What the project calls its files, relative to it, and the lines its settings add."""

    venv: str = ".venv"
    env_file: str = ".env"
    env_example: str = ".env.example"
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """The lines to add to ``.gitignore``, and the problems that no line there solves."""

    lines: tuple[str, ...]
    problems: tuple[Problem, ...]


def look(repo: git.Repository | git.Refused | None, names: Names, existing: bytes) -> Finding:
    """Judge a project, whose ``.gitignore`` holds ``existing``.

    Raises ``UsageError`` for a ``.gitignore`` that git cannot read.
    """
    entries = entries_for(names.venv, names.env_file, names.env_example, names.extra)
    ignored = _ignored(repo, probes_of(entries), names.venv, existing)
    return Finding(needed(entries, ignored, existing), _problems(repo, names))


def _ignored(
    repo: git.Repository | git.Refused | None, probes: Sequence[str], venv: str, existing: bytes
) -> frozenset[str]:
    answer = git.ignored(repo, probes, venv) if isinstance(repo, git.Repository) else None
    return rules.ignored(block.text_of(existing).split("\n"), probes) if answer is None else answer


def _problems(repo: git.Repository | git.Refused | None, names: Names) -> tuple[Problem, ...]:
    if isinstance(repo, git.Refused):
        return (git.refused(repo),)
    if repo is None:
        return ()
    return tuple(git.tracked(repo, names.venv, names.env_file, names.env_example))
