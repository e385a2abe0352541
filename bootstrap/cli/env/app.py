"""The commands of ``bootstrap env``."""

from __future__ import annotations

import typer

from bootstrap.cli.env import check, options

app = typer.Typer(
    help=f"Everything about .env and .env.example. {options.EPILOG}",
    rich_markup_mode=None,
)
app.command("check", epilog=options.EPILOG)(check.check)
