"""``bootstrap init``: an existing project under the same care."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import options
from bootstrap.cli.session import Session


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
    """Write what an existing project lacks: requirements/*.in, its pins, .env.example, .python-version.

    It reads requirements.txt and its like, Poetry, Pipenv, [project] with extras and groups, or an
    environment. Only missing files are written, and nothing of yours is changed. The first lock keeps every
    version there is. What cannot be carried over is listed with its file and line, and the exit code is 1.
    """
    session: Session = context.obj
    session.configure(quiet=quiet, verbose=verbose, color=color, json=json)
    from bootstrap.cli import adopting

    adopting.run(session, folder, source, dry_run=dry_run)
