"""The program: its own options, and the commands that it is asked for."""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Annotated

import typer

from bootstrap import __version__
from bootstrap.cli import completion


def program(commands: Iterable[str]) -> typer.Typer:
    """Return the program with these commands, such as ``lock`` or ``env check``.

    To read the signatures of all takes longer than all else.
    """
    # rich_markup_mode: typer's rich help costs four times the time of the plain one.
    app = typer.Typer(
        name="bootstrap",
        cls=completion.Program,
        help="One command from git clone to a working, verified Python environment. "
        "Without a command it is `bootstrap setup`: see `bootstrap setup --help`.",
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        no_args_is_help=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for command in commands:
        name, *own = command.split()
        importlib.import_module(f"bootstrap.cli.{name}").add_to(app, *own)
    return app


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"bootstrap {__version__}")
        raise typer.Exit


def _options(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda wanted: _show_version(wanted=wanted),
            is_eager=True,
            help="Print the version and exit.",
        ),
    ] = False,
) -> None:
    """Take the options of the program itself."""
