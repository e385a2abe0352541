"""``bootstrap lock``: compile the locks, and move pins where that is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import completion, options
from bootstrap.cli.session import Session
from bootstrap.setup.options import Options


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command("lock")(lock)


def lock(
    context: typer.Context,
    layer: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[LAYER]...",
            help="Only these layers, and those they build on.",
            autocompletion=completion.layers,
        ),
    ] = None,
    upgrade: Annotated[
        bool, typer.Option("--upgrade", help="Move every pin of these layers, or of all.")
    ] = False,
    upgrade_package: Annotated[
        list[str] | None,
        typer.Option(
            "-P", "--upgrade-package", metavar="SPEC", help="Move this package: django, 'django<6'."
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 3 if a lock is stale. Offline.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing; print what would be done.")
    ] = False,
    python: Annotated[str | None, typer.Option(metavar="VERSION", help="Use this Python instead.")] = None,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Compile the locks that are stale, all layers together.

    A pin that still satisfies its requirement file stays where it is, unless --upgrade or -P moves it.

    The locks are made for the project's Python and this platform, and replaced together or not at all.
    """
    session: Session = context.obj
    session.configure(quiet=quiet, verbose=verbose, color=color, json=json)
    asked = Options(
        to_lock=tuple(layer or ()),
        check=check,
        dry_run=dry_run,
        python=python,
        upgrade=upgrade,
        upgrade_packages=tuple(upgrade_package or ()),
        for_this_platform=True,
    )
    session.lock(folder, asked)
