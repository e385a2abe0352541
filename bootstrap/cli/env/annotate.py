"""``bootstrap env annotate``: write what an old example only implies as comments."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import options
from bootstrap.cli.session import Session
from bootstrap.exit_codes import ExitCode
from bootstrap.progress import waiting
from bootstrap.report import StepResult, StepStatus
from bootstrap.wording import counted


def add_to(group: typer.Typer) -> None:
    """Make it a command of ``bootstrap env``."""
    group.command("annotate")(annotate)


def annotate(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="FILE", help="Make the example from this env file: its keys alone."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; show the difference.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 3 if there is work.")] = False,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Propose decorators for an old .env.example.

    @optional for empty keys, @type for what is plain.

    Only comment lines are added; keys, values and your own comments stay.
    """
    session: Session = context.obj
    session.configure(quiet=quiet, verbose=verbose, color=color, json=json)
    from bootstrap.system import project_lock
    from bootstrap.values import annotate as annotates
    from bootstrap.values import place as places

    place = places.find(folder)
    session.report.project = str(place.project.root)
    if dry_run or check:
        found = annotates.plan(place, source)
    else:
        with project_lock.held(place.project.root, waiting(session.progress)):
            found = annotates.plan(place, source)
            annotates.apply(place, found)
    changed = StepStatus.WOULD_CHANGE if dry_run or check else StepStatus.CHANGED
    optional = sum("@optional" in words for _, words in found.decorators)
    told = f"{counted(len(found.decorators), 'key')} annotated, {optional} of them @optional"
    if source is not None:
        told = f"made from the keys of {source}: say above each what it is for"
    status = changed if found.changes else StepStatus.UNCHANGED
    session.report.steps.append(StepResult("env", status, told, 0.0))
    session.report.facts["decorators"] = dict(found.decorators)
    if check and found.changes:
        session.report.exit_code = ExitCode.DRIFT
    shown = _difference(found.before, found.content, place.example_name) if dry_run else []
    closing = f"{place.example_name}: {told}" + ("; nothing was changed" if dry_run or check else "")
    session.told = "".join(f"{line}\n" for line in [*shown, closing]) if session.verbosity >= 0 else ""


def _difference(before: bytes | None, after: bytes, name: str) -> list[str]:
    """Return the comment lines that are added and where; the lines around them are keys without values."""
    from bootstrap.ui.text import printable

    old, new = (_without_values(text or b"", name) for text in (before, after))
    return [printable(line) for line in unified_diff(old, new, name, name, lineterm="", n=1)]


def _without_values(content: bytes, name: str) -> list[str]:
    from bootstrap.envfiles.document import parse

    document = parse(content, name)
    lines = [line.rstrip("\r\n") for line in document.lines]
    for entry in document.entries:
        rest = entry.last_line - entry.line
        lines[entry.line - 1 : entry.last_line] = [f"{entry.key}=...", *["..."] * rest]
    return lines
