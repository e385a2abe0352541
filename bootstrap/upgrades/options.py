"""What may be asked of an upgrade; apart from the rest, as the command line needs it for its help."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class UpgradeOptions:
    """What the command line asks of an upgrade.

    ``packages`` are to move, as ``django`` or ``django<6``; none named: all of the ``layers``, and without
    those all there are. ``cooldown`` is in days, ``time_budget`` in seconds. ``test`` is one text of words.
    """

    packages: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    check: bool = False
    dry_run: bool = False
    test: str | None = None
    no_test: bool = False
    cooldown: int | None = None
    max_runs: int | None = None
    time_budget: float | None = None
    resume: bool = False
    restart: bool = False
    report: Path | None = None
    advisories: Path | None = None

    @property
    def only_looks(self) -> bool:
        """Whether nothing may be changed."""
        return self.check or self.dry_run
