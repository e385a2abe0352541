"""The options that every command takes, each defined once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli.color import Color

__all__ = ["Color", "Colored", "Folder", "Json", "Quiet", "Verbose"]

Folder = Annotated[
    Path,
    typer.Option(
        "-C", "--project", metavar="DIR", help="Look for the project in DIR and above it.", show_default=False
    ),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Print errors only.")]
Verbose = Annotated[
    int,
    typer.Option(
        "-v", "--verbose", count=True, metavar="", help="Print more, also what pip says.", show_default=False
    ),
]
Colored = Annotated[Color, typer.Option("--color", help="When to use colour.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
