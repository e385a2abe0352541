"""Why a lock must be compiled again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that makes a lock stale; ``file`` and ``line`` say where it is seen.

    ``package`` is the one that the lock lacks, where that is all and only this platform needs it.
    """

    code: str
    message: str
    file: str
    line: int | None = None
    package: str | None = None
