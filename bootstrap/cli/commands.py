"""The names of the commands, known before any of them is loaded."""

from __future__ import annotations

COMMANDS = ("setup", "lock", "upgrade", "env", "run", "new", "init", "template")
"""In the order of the help; each is a module, or a package, with a function ``add_to``."""

GROUPS = {"env": ("check", "update", "fill", "diff", "explain", "annotate")}
"""The commands that have commands of their own, each a module of the package."""
