"""The errors that end a run. Each says what was asked, where, what was found, and what mends it.

``BootstrapError``
    ``UsageError``          exit 2: wrong usage, wrong configuration, an unreadable input file
    ``DriftError``          exit 3: work is to be done where none was allowed (``--locked``)

Problems that do not stop a run are data in the report; these are raised anywhere, caught once in ``cli``.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from bootstrap.exit_codes import ExitCode

if TYPE_CHECKING:
    from bootstrap.report import Problem


class BootstrapError(Exception):
    """Something the user can mend stops this run; ``details`` is the long text shown with ``-v``."""

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        code: str = "failed",
        file: str | None = None,
        line: int | None = None,
        key: str | None = None,
        details: str | None = None,
    ) -> None:
        super().__init__(message)
        self.details = details
        self._told = (code, message, hint, file, line, key)

    @cached_property
    def problem(self) -> Problem:
        """What is told of it, as data."""
        # To load this takes a while, and most runs raise nothing.
        from bootstrap.report import Problem

        return Problem(*self._told)


class UsageError(BootstrapError):
    """Wrong usage, wrong configuration, or an input file that cannot be read."""

    exit_code = ExitCode.USAGE


class DriftError(BootstrapError):
    """Work is to be done, and an option forbids doing it."""

    exit_code = ExitCode.DRIFT
