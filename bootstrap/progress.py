"""Who is told while a run goes on; the ui has those that print."""

from __future__ import annotations

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
