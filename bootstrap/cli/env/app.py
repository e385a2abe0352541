"""The commands of ``bootstrap env``."""

from __future__ import annotations

import typer

from bootstrap.cli.env import annotate, check, diff, explain, fill, options, update

app = typer.Typer(
    help=f"Everything about .env and .env.example. {options.EPILOG}",
    rich_markup_mode=None,
)
app.command("check", epilog=options.EPILOG)(check.check)
app.command("update")(update.update)
app.command("fill")(fill.fill)
app.command("diff")(diff.diff)
app.command("explain", epilog=options.EPILOG)(explain.explain)
app.command("annotate")(annotate.annotate)
