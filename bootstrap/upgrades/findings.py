"""What a job found out, as data: the report is made of this and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bootstrap.upgrades.advisories import Audit
from bootstrap.upgrades.metadata import Metadata
from bootstrap.upgrades.newest import NotNewest
from bootstrap.upgrades.pins import Move


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Packages that stay because the tests fail with them; ``moves`` are what was wanted.

    ``why`` says how that is known, ``among`` what they fail together with, ``dragged`` what stays because it
    needs them. ``reason`` is that of the run, ``excerpt`` its first telling lines, ``since`` a day.
    """

    moves: tuple[Move, ...]
    why: str
    among: tuple[str, ...]
    dragged: tuple[Move, ...]
    reason: str
    excerpt: tuple[str, ...]
    since: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What was run: the words of the command (none: without tests), how often, and for how many seconds.

    ``first`` are the seconds of the first run with what was locked, ``flaky`` counts the sets that failed
    once and passed when they were tried again. ``imported`` are the packages that the last run imported, None
    where that is not known.
    """

    words: tuple[str, ...]
    runs: int
    seconds: float
    first: float
    flaky: int
    imported: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Findings:
    """A job's outcome: what moves, what is held and why, and all that a reader must know of it.

    ``day`` is that of the job's start. ``tests`` is None where nothing was tried. ``old`` and ``new`` are
    what the packages that move say of themselves, as far as it is known; ``released`` the days of the new
    versions. ``notes`` are whole sentences.
    """

    project: str
    day: str
    python: str
    moves: tuple[Move, ...]
    held: tuple[HeldBack, ...] = ()
    untried: tuple[Move, ...] = ()
    tests: Tried | None = None
    old: Mapping[str, Metadata] = field(default_factory=dict)
    new: Mapping[str, Metadata] = field(default_factory=dict)
    released: Mapping[str, str] = field(default_factory=dict)
    not_newest: tuple[NotNewest, ...] = ()
    audit: Audit = field(default_factory=Audit)
    notes: tuple[str, ...] = ()

    @property
    def unseen(self) -> tuple[str, ...]:
        """The packages that move and that the tests did not import."""
        if self.tests is None or self.tests.imported is None:
            return ()
        seen = frozenset(self.tests.imported)
        return tuple(move.name for move in self.moves if move.new is not None and move.name not in seen)
