"""``bootstrap env diff``: which environments differ, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import options
from bootstrap.cli.session import Session
from bootstrap.exit_codes import ExitCode
from bootstrap.wording import counted


def add_to(group: typer.Typer) -> None:
    """Make it a command of ``bootstrap env``."""
    group.command("diff")(diff)


def diff(
    context: typer.Context,
    first: Annotated[
        str, typer.Argument(metavar="A", help="host, a file (.env), or a name: staging for .env.staging.")
    ],
    second: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    keys_only: Annotated[bool, typer.Option("--keys-only", help="Compare no values.")] = False,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Compare two environments.

    Keys always, values as same or different, shown only where @public.

    Warns where two environments share a secret. Exit codes: 0 no difference, 1 some, 2 a file cannot be read.
    """
    session: Session = context.obj
    session.speak(quiet=quiet, verbose=verbose, color=color, json=json)
    from bootstrap.ui import differences, findings
    from bootstrap.values import diff as diffs
    from bootstrap.values import place as places

    place = places.find(folder)
    session.report.project = str(place.project.root)
    found = diffs.run(place, first, second, keys_only=keys_only)
    session.report.problems += found.problems
    session.report.exit_code = ExitCode.FAILED if found.count else ExitCode.OK
    session.report.facts["differences"] = [
        {"key": one.key, "kind": one.kind.value, "optional": one.optional, "shared_secret": one.shared_secret}
        for one in found.differences
        if one.counts or one.shared_secret
    ]
    lines = differences.table(found.differences, found.first.name, found.second.name)
    if lines:
        lines.append(f"{counted(found.count, 'difference')}. \u25cf = set, hidden.")
    elif session.verbosity >= 0:
        lines = [f"no difference between {first} and {second}: {counted(len(found.differences), 'key')}"]
    warned = findings.table(found.problems, None, color=session.in_color)
    session.told = "".join(f"{line}\n" for line in [*lines, *warned])
