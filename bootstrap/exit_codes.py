"""How a run ends for whoever started it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of the contract; scripts and CI jobs are written against them."""

    OK = 0
    FAILED = 1
    USAGE = 2
    DRIFT = 3
    VALUES_MISSING = 4
    BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143
