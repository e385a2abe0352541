"""What ``bootstrap template update`` does and tells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bootstrap import project as projects
from bootstrap.cli.session import Session
from bootstrap.exit_codes import ExitCode
from bootstrap.progress import waiting
from bootstrap.report import Problem, StepResult, StepStatus
from bootstrap.scaffold import updating
from bootstrap.scaffold.update import BESIDE, Update
from bootstrap.system import host, project_lock


def run(session: Session, folder: Path, *, check: bool) -> None:
    """Update the files of the project around ``folder``; raises ``BootstrapError`` where it cannot go on."""
    root = projects.load(folder, host.environment()).root
    session.report.project = str(root)
    begin = host.seconds()
    if check:
        update = updating.look(root)
    else:
        with project_lock.held(root, waiting(session.progress)):
            update = updating.look(root)
            updating.apply(root, update)
    status = _status(update, check=check)
    result = StepResult("template", status, _told(update), round(host.seconds() - begin, 3))
    session.report.steps.append(result)
    session.report.problems += _problems(update)
    session.report.exit_code = _exit_code(update, check=check)
    session.summary = f"template {update.record.template} {update.record.version}"


def _status(update: Update, *, check: bool) -> StepStatus:
    if not update.writes:
        return StepStatus.UNCHANGED
    return StepStatus.WOULD_CHANGE if check else StepStatus.CHANGED


def _exit_code(update: Update, *, check: bool) -> ExitCode:
    if check:
        return ExitCode.DRIFT if update else ExitCode.OK
    return ExitCode.FAILED if update.conflicts or update.waiting else ExitCode.OK


def _told(update: Update) -> str:
    name = f"{update.record.template} {update.record.version}"
    return "\n".join([name, *(f"{write.done}: {write.path}" for write in update.writes)])


def _problems(update: Update) -> Iterator[Problem]:
    for conflict in update.conflicts:
        path = conflict.path
        yield Problem(
            "template-conflict",
            f"{path} was changed by you and by the template:\n{conflict.diff}",
            f"take what you want of {path}{BESIDE} into {path}, then delete it",
            path,
        )
    for path in update.waiting:
        message = f"{path}{BESIDE} of an earlier update is still there"
        hint = f"take what you want of it into {path}, then delete it"
        yield Problem("template-conflict", message, hint, f"{path}{BESIDE}")
