"""The journal: what a job has found out, so that a killed one goes on and repeats no finished run.

It is one file in the user's cache, replaced as a whole after every step. Its key is a digest of all that
decides the outcome; for another key it is empty. It holds no value of the environment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bootstrap.system import files

_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run of a set of pins.

    ``pins`` is the set's digest. ``reason`` of a red run is one of ``tests``, ``timeout``,
    ``cannot-judge``, ``install``, ``check``, ``resolve``; ``tested`` says whether the tests ran at all.
    ``excerpt`` are the first lines of the failure. ``locks`` are the texts that a green candidate was proven
    with, by path, ``imported`` the packages its tests imported.
    """

    pins: str
    kind: str
    attempt: int
    green: bool
    reason: str = ""
    exit: int | None = None
    seconds: float = 0.0
    tested: bool = False
    excerpt: tuple[str, ...] = ()
    locks: Mapping[str, str] = field(default_factory=dict)
    imported: tuple[str, ...] | None = None


@dataclass(slots=True)
class Journal:
    """What is known of the job with a key; ``began`` is its start in nanoseconds since 1970.

    ``facts`` are what was found out besides runs, each under its name, as JSON has it.
    """

    path: Path
    key: str
    began: int
    runs: list[Run] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    finished: bool = False
    resumed: bool = False

    def save(self) -> None:
        """Write it: the old or the new journal is there at every moment, readable by this user alone."""
        content = {
            "schema": _SCHEMA,
            "key": self.key,
            "began": self.began,
            "finished": self.finished,
            "facts": self.facts,
            "runs": [asdict(run) for run in self.runs],
        }
        files.write_atomic(self.path, json.dumps(content).encode(), mode=0o600)

    def add(self, run: Run) -> Run:
        """Keep a finished run."""
        self.runs.append(run)
        self.save()
        return run

    def keep(self, name: str, fact: Any) -> None:
        """Keep what was found out."""
        self.facts[name] = fact
        self.save()

    def finish(self) -> None:
        """Say that the job is done: the next one starts anew."""
        self.finished = True
        self.save()

    def known(self, pins: str, kind: str, attempt: int) -> Run | None:
        """Return the run of a set that was finished, if it was."""
        found = (run for run in self.runs if (run.pins, run.kind, run.attempt) == (pins, kind, attempt))
        return next(found, None)

    @property
    def tested(self) -> int:
        """How often the tests ran."""
        return sum(run.tested for run in self.runs)


def read(path: Path) -> Journal | None:
    """Return the journal that lies there; None where there is none that can be understood."""
    try:
        content = json.loads(path.read_bytes())
        if content["schema"] != _SCHEMA:
            return None
        runs = [_run(entry) for entry in content["runs"]]
        return Journal(
            path, content["key"], content["began"], runs, content["facts"], content["finished"], resumed=True
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _run(entry: dict[str, Any]) -> Run:
    imported = entry["imported"]
    tuples = {"excerpt": tuple(entry["excerpt"]), "imported": None if imported is None else tuple(imported)}
    return Run(**{**entry, **tuples})
