"""The names of the commands, known before any of them is loaded."""

from __future__ import annotations

COMMANDS = frozenset({"setup", "lock", "upgrade", "env", "run"})

GROUPS = {"env": frozenset({"annotate", "check", "diff", "explain", "fill", "update"})}
"""The commands that have commands of their own."""
