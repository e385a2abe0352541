"""``bootstrap`` and ``bootstrap setup``: the one command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import completion, options
from bootstrap.cli.session import Session
from bootstrap.setup.options import Installer, Options, Step


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command("setup")(setup)


def setup(
    context: typer.Context,
    layer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Install this layer; may be given several times.",
            autocompletion=completion.layers,
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 3 if there is work. Offline.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Change nothing; print what would be done.")
    ] = False,
    locked: Annotated[
        bool, typer.Option("--locked", help="A stale lock is an error (exit 3) instead of being compiled.")
    ] = False,
    skip: Annotated[
        list[Step] | None, typer.Option(help="Leave a step out; may be given several times.")
    ] = None,
    python: Annotated[str | None, typer.Option(metavar="VERSION", help="Use this Python instead.")] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make .venv anew.")] = False,
    install_python: Annotated[
        bool, typer.Option("--install-python", help="Let pyenv, uv or mise install a missing Python.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Do not use the network.")] = False,
    installer: Annotated[
        Installer | None, typer.Option(help="What installs packages.", show_default="auto")
    ] = None,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Set the project up, doing only what is needed.

    Python, .venv, locks, packages, .gitignore, .env: each step looks first.

    Exit codes: 0 in order, 1 a step failed, 2 wrong usage or configuration, 3 --check found work,
    4 values in .env are missing.
    """
    session: Session = context.obj
    session.configure(quiet=quiet, verbose=verbose, color=color, json=json)
    asked = Options(
        layers=tuple(layer or ()),
        check=check,
        dry_run=dry_run,
        locked=locked,
        skip=frozenset(step.value for step in skip or ()),
        python=python,
        rebuild=rebuild,
        install_python=install_python,
        offline=offline,
        installer=installer.value if installer else None,
    )
    session.set_up(folder, asked)
