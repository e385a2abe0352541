"""The step ``gitignore``: what belongs to one machine alone stays out of the repository."""

from __future__ import annotations

from pathlib import Path

from bootstrap.gitignore import block, git, judge
from bootstrap.gitignore.judge import Finding, Names
from bootstrap.report import Severity
from bootstrap.setup.context import Context, Judged, Plan
from bootstrap.system import files, host
from bootstrap.wording import counted

NAME = ".gitignore"


def plan(context: Context) -> Plan:
    """Add the lines that are missing; tell what git tracks already.

    Raises ``UsageError`` for a ``.gitignore`` that git cannot read.
    """
    existing = context.seen.read(context.project.root / NAME) or b""
    finding = _judged(context, existing)
    context.tracked = frozenset(problem.file for problem in finding.problems if problem.file)
    failed = any(problem.severity is Severity.ERROR for problem in finding.problems)
    if not finding.lines:
        return Plan("a file is tracked" if failed else "complete", problems=finding.problems, failed=failed)
    return Plan(
        f"add {_lines(finding)}", lambda: _add(context, existing, finding), finding.problems, failed=failed
    )


def _judged(context: Context, existing: bytes) -> Finding:
    """Ask git, unless all that decides its answer is as it was when it was asked before in this run."""
    settings = context.project.settings
    if context.judged is not None and context.judged.holds(existing, context.seen):
        return context.judged.finding
    repo = git.repository(context.project.root, context.environ.get("PATH"))
    deciding = _deciding_files(context, repo)
    for path in deciding:
        context.seen.note(path)
    names = Names(settings.venv, settings.env_file, settings.env_example, settings.gitignore)
    finding = judge.look(repo, names, existing)
    context.judged = Judged(existing, {path: context.seen.files[path] for path in deciding}, finding)
    return finding


def _deciding_files(context: Context, repo: git.Repository | git.Refused | None) -> tuple[Path, ...]:
    if isinstance(repo, git.Repository):
        return git.deciding_files(repo, context.environ, host.home())
    return (context.project.root / ".git",)


def _add(context: Context, existing: bytes, finding: Finding) -> str:
    files.write_atomic(context.project.root / NAME, block.with_block(existing, finding.lines))
    return f"added {_lines(finding)}"


def _lines(finding: Finding) -> str:
    return counted(len(finding.lines), "line")
