"""``bootstrap env check``: find what is missing or wrong before the program starts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import options, values
from bootstrap.cli.env.options import EPILOG, Environment, File, Override, Sources
from bootstrap.cli.session import Session
from bootstrap.values.asked import DEVELOPMENT, Asked, Format, Source


def add_to(group: typer.Typer) -> None:
    """Make it a command of ``bootstrap env``."""
    group.command("check", epilog=EPILOG)(check)


def check(
    context: typer.Context,
    source: Sources = None,
    environment: Environment = DEVELOPMENT,
    file: File = None,
    override: Override = False,
    fix_mode: Annotated[
        bool, typer.Option("--fix-mode", help="Let nobody else read the env file: mode 0600.")
    ] = False,
    form: Annotated[Format, typer.Option("--format", help="How problems are printed.")] = Format.TEXT,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Check every value against .env.example.

    Missing, empty, placeholders, wrong types: all is told at once.

    Exit codes: 0 in order or warnings alone, 1 errors, 2 a file is missing or cannot be read.
    """
    session: Session = context.obj
    session.speak(quiet=quiet, verbose=verbose, color=color, json=json)
    asked = Asked(source.value if isinstance(source, Source) else None, environment, file, override)
    values.check(session, folder, asked, fix_mode=fix_mode, form=form.value)
