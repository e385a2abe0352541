"""``bootstrap env``: one file a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import typer


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program, with commands of its own."""
    from bootstrap.cli.env import app as env

    app.add_typer(env.app, name="env")
