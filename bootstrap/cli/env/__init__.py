"""``bootstrap env``: one file a command."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from bootstrap.cli.commands import GROUPS

if TYPE_CHECKING:
    import typer


def add_to(app: typer.Typer, *commands: str) -> None:
    """Make it a command of the program, with these commands of its own, or with all."""
    import typer

    from bootstrap.cli.env.options import EPILOG

    group = typer.Typer(help=f"Everything about .env and .env.example. {EPILOG}", rich_markup_mode=None)
    for name in commands or GROUPS["env"]:
        importlib.import_module(f"bootstrap.cli.env.{name}").add_to(group)
    app.add_typer(group, name="env")
