"""The commands and how they are called."""

from __future__ import annotations

from typing import Annotated

import typer

from bootstrap import __version__
from bootstrap.cli import completion, lock, run, setup, upgrade
from bootstrap.cli.env import app as env
from bootstrap.cli.env import options as env_options

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
app.command("setup")(setup.setup)
app.command("lock")(lock.lock)
app.command("upgrade")(upgrade.upgrade)
app.add_typer(env.app, name="env")
app.command("run", epilog=env_options.EPILOG, context_settings={"allow_interspersed_args": False})(run.run)


def _show_version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"bootstrap {__version__}")
        raise typer.Exit


@app.callback()
def program(
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
