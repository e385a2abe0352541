"""What ``bootstrap init`` does and tells."""

from __future__ import annotations

from pathlib import Path

from bootstrap.cli.session import Session
from bootstrap.exit_codes import ExitCode
from bootstrap.progress import waiting
from bootstrap.report import Problem, Severity, StepResult, StepStatus
from bootstrap.scaffold.adoption import adopt
from bootstrap.scaffold.adoption.adopt import Adoption
from bootstrap.scaffold.adoption.found import Left
from bootstrap.system import files, host, project_lock
from bootstrap.ui import shells


def run(session: Session, folder: Path, source: Path | None, *, dry_run: bool) -> None:
    """Adopt the project around ``folder``; raises ``BootstrapError`` where it cannot be read or written."""
    root = adopt.root_of(folder)
    session.report.project = str(root)
    begin = host.seconds()
    if dry_run:
        adoption = adopt.look(root, source, host.platform())
    else:
        with project_lock.held(root, waiting(session.progress)):
            adoption = adopt.look(root, source, host.platform())
            adopt.apply(root, adoption)
    seconds = round(host.seconds() - begin, 3)
    session.report.steps.append(
        StepResult("files", _status(adoption, dry_run=dry_run), _told(adoption), seconds)
    )
    session.report.problems += [_note(text) for text in adoption.notes]
    session.report.problems += [_left(one) for one in adoption.left]
    session.report.exit_code = ExitCode.FAILED if adoption.left else ExitCode.OK
    session.summary = f"nothing is missing ({adoption.source})"
    if adoption.files and not dry_run:
        line = shells.in_folder(
            files.shown_from(Path.cwd(), root),
            ["bootstrap"],
            host.environment(),
            host.platform(),
            host.parent_process(),
        )
        session.next_steps = (("then", line),)


def _status(adoption: Adoption, *, dry_run: bool) -> StepStatus:
    if not adoption.files:
        return StepStatus.UNCHANGED
    return StepStatus.WOULD_CHANGE if dry_run else StepStatus.CHANGED


def _told(adoption: Adoption) -> str:
    lines = [f"{file.path}: {file.told}" for file in adoption.files]
    return "\n".join([f"from {adoption.source}", *lines])


def _note(text: str) -> Problem:
    return Problem("adopted", text, severity=Severity.WARNING)


def _left(left: Left) -> Problem:
    message = f"not carried over: {left.text} ({left.why})"
    return Problem("not-carried-over", message, None, left.file, left.line)
