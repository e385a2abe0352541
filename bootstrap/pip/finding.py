"""What went wrong, as a person is told of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a program failed: a stable code, a message for a person, and the one thing to do."""

    code: str
    message: str
    hint: str
