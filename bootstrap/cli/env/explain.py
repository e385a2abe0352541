"""``bootstrap env explain``: what one key is, and which value wins."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import completion, options
from bootstrap.cli.env.options import EPILOG, Environment, File, Override, Sources
from bootstrap.cli.session import Session
from bootstrap.values.asked import DEVELOPMENT, Asked, Source


def add_to(group: typer.Typer) -> None:
    """Make it a command of ``bootstrap env``."""
    group.command("explain", epilog=EPILOG)(explain)


def explain(
    context: typer.Context,
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="The name of a variable.", autocompletion=completion.keys)
    ],
    source: Sources = None,
    environment: Environment = DEVELOPMENT,
    file: File = None,
    override: Override = False,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Explain one key: its type, where it is set, which source wins.

    No value is shown.
    """
    session: Session = context.obj
    session.speak(quiet=quiet, verbose=verbose, color=color, json=json)
    from bootstrap.ui.text import printable
    from bootstrap.values import explain as explains
    from bootstrap.values import place as places

    place = places.find(folder)
    session.report.project = str(place.project.root)
    asked = Asked(source.value if isinstance(source, Source) else None, environment, file, override)
    found = explains.run(place, key, asked)
    session.report.problems += found.problems
    session.report.facts["variable"] = found.facts()
    session.told = "".join(f"{printable(line)}\n" for line in explains.lines(found))
