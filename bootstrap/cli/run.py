"""``bootstrap run``: check the values, then run a command with them inside ``.venv``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import options, values
from bootstrap.cli.env.options import EPILOG, Environment, File, Override, Sources
from bootstrap.cli.session import Session
from bootstrap.values.asked import DEVELOPMENT, Asked, Source


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program, all of whose words after the first other are the command's own."""
    app.command("run", epilog=EPILOG, context_settings={"allow_interspersed_args": False})(run)


def run(
    context: typer.Context,
    command: Annotated[
        list[str] | None, typer.Argument(metavar="-- COMMAND...", help="The program and its arguments.")
    ] = None,
    source: Sources = None,
    environment: Environment = DEVELOPMENT,
    file: File = None,
    override: Override = False,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Check the values, then run COMMAND with them inside .venv.

    COMMAND takes the place of bootstrap: signals reach it, its exit code is the exit code, and nothing is
    written to disk. Where values are missing or wrong it is not started: exit code 1, or 2 for a file that
    cannot be read.
    """
    session: Session = context.obj
    session.speak(quiet=quiet, verbose=verbose, color=color, json=json)
    asked = Asked(source.value if isinstance(source, Source) else None, environment, file, override)
    values.run(session, folder, asked, command or [])
