"""``bootstrap init``: an existing project under the same care."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import options
from bootstrap.cli.session import Session


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command("init")(init)


def init(
    context: typer.Context,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from",
            metavar="FILE",
            help="Read what is needed from this file, or environment.",
            show_default="found",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; print what would be written.")
    ] = False,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Adopt an existing project: write what it lacks.

    That is requirements/*.in, its pins, .env.example and .python-version.

    It reads requirements.txt and its like, Poetry, Pipenv, [project] with extras and groups, or an
    environment. Only missing files are written, and nothing of yours is changed. The first lock keeps every
    version there is. What cannot be carried over is listed with its file and line, and the exit code is 1.
    """
    session: Session = context.obj
    session.configure(quiet=quiet, verbose=verbose, color=color, json=json)
    from bootstrap.cli import adopting

    adopting.run(session, folder, source, dry_run=dry_run)
