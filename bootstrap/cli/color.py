"""When to use colour; apart from the options, which load typer."""

from __future__ import annotations

from enum import StrEnum


class Color(StrEnum):
    """When to use colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"
