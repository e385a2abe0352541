"""``bootstrap template update``: the tool-owned files of a project that was made from a template."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import options
from bootstrap.cli.session import Session


class Action(StrEnum):
    """What can be done with a template."""

    UPDATE = "update"


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command("template")(template)


def template(
    context: typer.Context,
    action: Annotated[  # noqa: ARG001 there is one so far
        Action, typer.Argument(metavar="update", help="Bring its files up to date.")
    ],
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 3 if there is work.")] = False,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Bring the files that bootstrap new keeps up to date.

    Those are the workflows, the Dockerfile and the pre-commit configuration.

    Those you have not changed are replaced. Of those you have, the new one is put beside yours as FILE.new
    with the difference printed, and the exit code is 1 until you have merged and deleted it. All else is
    yours.
    """
    session: Session = context.obj
    session.configure(quiet=quiet, verbose=verbose, color=color, json=json)
    from bootstrap.cli import bringing_up_to_date

    bringing_up_to_date.run(session, folder, check=check)
