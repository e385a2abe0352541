"""The options that several of the commands about values take."""

from __future__ import annotations

from typing import Annotated

import typer

from bootstrap.values.asked import RULE, Source

Sources = Annotated[
    Source | None,
    typer.Option(
        help="Where values are read from.", show_default="host with CI set or without .env, else both"
    ),
]
Environment = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="In any but development, placeholders and the example's secrets are errors."
    ),
]
File = Annotated[
    str | None, typer.Option("--file", metavar="FILE", help="Read this env file.", show_default=".env")
]
Override = Annotated[bool, typer.Option("--override", help="Let the env file win over the host.")]

InPlace = Annotated[
    bool,
    typer.Option(
        "--in-place", help="Overwrite the file instead of replacing it: for one that is mounted on its own."
    ),
]

EPILOG = f"Precedence: {RULE}"
