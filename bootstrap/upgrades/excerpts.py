"""The lines of a failed test run that tell most."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MOST_LINES = 8
_WIDEST = 240
_ESCAPES = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
# pytest's short summary; unittest's and Django's heading of a failure, and the error that ends a traceback.
_SUMMARY = re.compile(r"(FAILED|ERROR) \S+.*")
_HEADING = re.compile(r"(FAIL|ERROR): \S+.*")
_RAISED = re.compile(r"(E\s+)?[\w.]*(Error|Exception|Warning|Failed)\b.*")
_NOISE = re.compile(r"[=\-_~. ]*")


def excerpt(output: Sequence[str]) -> tuple[str, ...]:
    """Return the first failing tests and the error of the first; else the last lines that say anything."""
    lines = [_ESCAPES.sub("", line).rstrip()[:_WIDEST] for line in output]
    failed = [line for line in lines if _SUMMARY.fullmatch(line) or _HEADING.fullmatch(line)]
    raised = [line.strip() for line in lines if _RAISED.fullmatch(line)]
    errors = [re.sub(r"^E\s+", "", line) for line in raised if not _SUMMARY.fullmatch(line)]
    if failed:
        return tuple(dict.fromkeys([*failed[: _MOST_LINES - 1], *errors[:1]]))
    telling = [line for line in lines if not _NOISE.fullmatch(line)]
    return tuple(dict.fromkeys([*errors[-1:], *telling[-3:]]))
