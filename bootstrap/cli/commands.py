"""The names of the commands, known before any of them is loaded."""

from __future__ import annotations

COMMANDS = frozenset({"setup", "lock", "env", "run"})

GROUPS = {"env": frozenset({"check"})}
"""The commands that have commands of their own."""
