"""Who is told while a run goes on; the ui has those that print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from bootstrap.report import StepResult


class Progress(Protocol):
    """Who is told while a run goes on."""

    def started(self, step: str, text: str) -> None:
        """Work that may take long begins."""

    def update(self, text: str) -> None:
        """Say what it is at."""

    def finished(self, result: StepResult) -> None:
        """Say how a step ended."""

    def note(self, text: str) -> None:
        """Say something worth a line."""


def waiting(progress: Progress) -> Callable[[str], None]:
    """Return what says that another run, of the owner it is given, has the project's lock."""
    return lambda owner: progress.note(f"waiting for another bootstrap in this project ({owner})")


class Silent:
    """Tells nobody."""

    def started(self, step: str, text: str) -> None:
        """Say nothing."""

    def update(self, text: str) -> None:
        """Say nothing."""

    def finished(self, result: StepResult) -> None:
        """Say nothing."""

    def note(self, text: str) -> None:
        """Say nothing."""
