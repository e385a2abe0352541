"""What a shell is told that completes a command line; without a command it is that of ``setup``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from typer.core import TyperGroup

from bootstrap.cli import arguments
from bootstrap.cli.commands import GROUPS
from bootstrap.errors import BootstrapError


class Program(TyperGroup):
    """The commands, of which ``setup`` goes without saying.

    A shell hands its words to click itself, which never sees what `arguments.with_command` makes of them.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command first where a shell asks; what is run has it there already."""
        asked = ctx.resilient_parsing and args
        words = arguments.with_command(args, self.commands, GROUPS) if asked else args
        return super().parse_args(ctx, words)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Offer the commands, and for a dash the options of ``setup`` too."""
        found = super().shell_complete(ctx, incomplete)
        if incomplete.startswith("-"):
            setup = self.commands["setup"]
            found += setup.shell_complete(setup.make_context("setup", [], ctx), incomplete)
        return list({item.value: item for item in found}.values())


def keys(ctx: Any, incomplete: str) -> list[str]:
    """Return the keys of the example that begin so; none where it cannot be read."""
    try:
        names = ctx.obj.keys(Path(ctx.params["folder"]))
    except BootstrapError:
        return []
    return [name for name in names if name.startswith(incomplete)]


def layers(ctx: Any, incomplete: str) -> list[str]:
    """Return the layers that begin so; none where there is no project, or one that cannot be read."""
    try:
        # While completing, typer converts nothing.
        names = ctx.obj.layers(Path(ctx.params["folder"]))
    except BootstrapError:
        return []
    return [name for name in names if name.startswith(incomplete)]
