"""What the commands about values do and print; typer's side of them is in ``env/`` and ``run.py``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.cli.session import Session
from bootstrap.errors import UsageError
from bootstrap.exit_codes import ExitCode
from bootstrap.report import Severity
from bootstrap.values.asked import Asked

if TYPE_CHECKING:
    from bootstrap.values.check import Checked


def check(
    session: Session, folder: Path, asked: Asked, *, fix_mode: bool = False, form: str | None = None
) -> None:
    """Check the values, and say every problem at once.

    Raises ``BootstrapError`` where a file is missing or cannot be read.
    """
    from bootstrap.values import check as checks
    from bootstrap.values import place as places

    session.json = session.json or form == "json"
    session.for_github = form == "github"
    place = places.find(folder)
    session.report.project = str(place.project.root)
    found = checks.run(place, asked, fix_mode=fix_mode)
    session.report.problems += found.problems
    session.report.facts["values"] = found.facts(asked.environment)
    session.report.exit_code = ExitCode.FAILED if found.failed else ExitCode.OK
    lines = []
    problems = [each for each in found.problems if session.verbosity >= 0 or each.severity is Severity.ERROR]
    if problems:
        from bootstrap.ui import findings

        against = f"{found.view.subject} against {place.example_name}"
        file = found.view.env_name if found.view.env else place.example_name
        lines = [against, *findings.table(problems, file, color=session.in_color)]
        if found.failed:
            lines.append(findings.count(problems))
    if not found.failed and session.verbosity >= 0:
        counted = f"{found.required_set} required set"
        optional = f", {found.optional_set} optional set" if found.optional_set else ""
        empty = f", {found.optional_empty} optional empty" if found.optional_empty else ""
        lines.append(f"ok  {counted}{optional}{empty}, source: {found.view.told}")
    session.told = "".join(f"{line}\n" for line in lines)


def run(session: Session, folder: Path, asked: Asked, command: Sequence[str]) -> None:
    """Check the values, then become the command; this returns where there is an error.

    Raises ``BootstrapError`` where a file cannot be read, or the command not be started.
    """
    from bootstrap.system import programs
    from bootstrap.values import check as checks
    from bootstrap.values import launch
    from bootstrap.values import place as places
    from bootstrap.values.view import view

    if not command:
        raise UsageError(
            "no command was given", hint="name it behind --, as in bootstrap run -- pytest", code="usage"
        )
    place = places.find(folder)
    session.report.project = str(place.project.root)
    found = checks.values(place, asked)
    if found is not None and found.failed:
        _refuse(session, found, command[0])
        return
    variables = launch.environment(place, found.view if found else view(place, asked))
    programs.become(command, variables, place.platform)


def _refuse(session: Session, found: Checked, program: str) -> None:
    from bootstrap.ui import findings

    errors = [problem for problem in found.problems if problem.severity is Severity.ERROR]
    session.report.problems += errors
    session.report.exit_code = ExitCode.FAILED
    file = found.view.env_name if found.view.env else found.schema.name
    lines = [f"{program} was not started: {found.view.subject} against {found.schema.name}"]
    lines += findings.table(errors, file, color=session.in_color)
    session.told = "".join(f"{line}\n" for line in lines)
