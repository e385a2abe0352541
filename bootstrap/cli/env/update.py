"""``bootstrap env update``: bring the example's new keys into the env file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bootstrap.cli import options
from bootstrap.cli.env.options import InPlace
from bootstrap.cli.session import Session
from bootstrap.exit_codes import ExitCode
from bootstrap.progress import waiting
from bootstrap.report import StepResult, StepStatus
from bootstrap.wording import counted

if TYPE_CHECKING:
    from bootstrap.values.place import Place
    from bootstrap.values.update import Update


def add_to(group: typer.Typer) -> None:
    """Make it a command of ``bootstrap env``."""
    group.command("update")(update)


def update(
    context: typer.Context,
    take_defaults: Annotated[
        bool, typer.Option("--take-defaults", help="Take changed defaults where the old one still stands.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 3 if there is work.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing; show what would be added.")
    ] = False,
    in_place: InPlace = False,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Add the keys that .env.example gained; make .env if there is none.

    Each key goes beside the neighbours that it has there.

    Nothing else changes: your lines, their order and values stay, keys gone from the example are named and
    kept. Running it again changes nothing.
    """
    session: Session = context.obj
    session.configure(quiet=quiet, verbose=verbose, color=color, json=json)
    from bootstrap.system import project_lock
    from bootstrap.values import fill
    from bootstrap.values import place as places
    from bootstrap.values import update as updates

    place = places.find(folder)
    session.report.project = str(place.project.root)
    if check or dry_run:
        planned = updates.plan(place, take_defaults=take_defaults)
        _tell(session, place, planned, StepStatus.WOULD_CHANGE)
        if check and planned.changes:
            session.report.exit_code = ExitCode.DRIFT
        return
    with project_lock.held(place.project.root, waiting(session.progress)):
        fill.sweep(place)
        planned = updates.plan(place, take_defaults=take_defaults)
        updates.apply(place, planned, in_place=in_place)
    _tell(session, place, planned, StepStatus.CHANGED)
    left = fill.unfilled(place)
    if left and session.verbosity >= 0:
        keys = ", ".join(variable.key for variable in left)
        session.told = f"{session.told or ''}to fill: {keys}\n  then: bootstrap env fill\n"


def _tell(session: Session, place: Place, planned: Update, changed: StepStatus) -> None:
    status = changed if planned.changes else StepStatus.UNCHANGED
    done = ", ".join(_counts(planned))
    session.report.steps.append(StepResult("env", status, done, 0.0))
    session.report.problems += planned.problems
    session.report.facts["values"] = planned.facts()
    if session.verbosity < 0:
        session.told = ""
        return
    lines = [*_lines(place, planned), f"{place.env_name}: {done}"]
    if planned.changes and changed is StepStatus.WOULD_CHANGE:
        lines.append("nothing was changed")
    from bootstrap.ui import findings
    from bootstrap.ui.text import printable

    table = findings.table(planned.problems, place.example_name, color=session.in_color)
    session.told = "".join(f"{line}\n" for line in [*map(printable, lines), *table])


def _lines(place: Place, planned: Update) -> Iterator[str]:
    from bootstrap.values import update as updates

    added = len(planned.merged.added)
    if planned.before is None:
        yield f"{place.env_name} from {place.example_name}, mode 0600:"
    elif added:
        yield f"{place.env_name}: {counted(added, 'new key')} from {place.example_name}"
    yield from updates.shown(planned)
    left = [key for key in planned.outdated if key not in planned.taken]
    for key in planned.taken:
        yield f" ~ {key}: the new default of {place.example_name}"
    for key in left:
        yield f"   {key} holds a default that {place.example_name} has changed (--take-defaults takes it)"


def _counts(planned: Update) -> list[str]:
    gone = planned.merged.gone
    counts = [f"{len(planned.merged.added)} added", f"{len(planned.taken)} changed", "0 removed"]
    if planned.merged.generated:
        counts.insert(1, f"{len(planned.merged.generated)} generated")
    if not planned.changes:
        counts = ["up to date"]
    return counts + ([f"not in the example any more: {', '.join(gone)} (kept)"] if gone else [])
