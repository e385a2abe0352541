"""The step ``gitignore``: what belongs to one machine alone stays out of the repository."""

from __future__ import annotations

from bootstrap.gitignore import block, git, judge
from bootstrap.gitignore.judge import Finding, Names
from bootstrap.report import Severity
from bootstrap.setup.context import Context, Plan
from bootstrap.system import files, host
from bootstrap.wording import counted

NAME = ".gitignore"


def plan(context: Context) -> Plan:
    """Add the lines that are missing; tell what git tracks already.

    Raises ``UsageError`` for a ``.gitignore`` that git cannot read.
    """
    settings, root = context.project.settings, context.project.root
    search_path = context.environ.get("PATH")
    _note_what_decides(context, search_path)
    existing = context.seen.read(root / NAME) or b""
    names = Names(settings.venv, settings.env_file, settings.env_example, settings.gitignore)
    finding = judge.look(root, names, existing, search_path)
    context.tracked = frozenset(problem.file for problem in finding.problems if problem.file)
    failed = any(problem.severity is Severity.ERROR for problem in finding.problems)
    if not finding.lines:
        return Plan("a file is tracked" if failed else "complete", problems=finding.problems, failed=failed)
    return Plan(
        f"add {_lines(finding)}", lambda: _add(context, existing, finding), finding.problems, failed=failed
    )


def _add(context: Context, existing: bytes, finding: Finding) -> str:
    files.write_atomic(context.project.root / NAME, block.with_block(existing, finding.lines))
    return f"added {_lines(finding)}"


def _note_what_decides(context: Context, search_path: str | None) -> None:
    repo = git.repository(context.project.root, search_path)
    if isinstance(repo, git.Repository):
        for path in git.deciding_files(repo, context.environ, host.home()):
            context.seen.note(path)
    else:
        context.seen.note(context.project.root / ".git")


def _lines(finding: Finding) -> str:
    return counted(len(finding.lines), "line")
