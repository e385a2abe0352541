"""Timing whole commands in alternation, so that a machine which slows down slows all of them."""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Case:
    """One command to time; ``prepare`` runs before each round and is not timed."""

    name: str
    command: Sequence[str | Path]
    cwd: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[], None] = lambda: None
    code: int = 0


@dataclass(frozen=True)
class Times:
    """The wall-clock seconds of one case, a number for each round."""

    case: Case
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def ratio(self, other: Times) -> float:
        """Return the median of the ratios round by round."""
        return statistics.median(a / b for a, b in zip(self.seconds, other.seconds, strict=True))


def alternate(cases: Sequence[Case], rounds: int) -> list[Times]:
    """Time every case once a round, in turned order every second round, after one round for warming up."""
    measured: dict[str, list[float]] = {case.name: [] for case in cases}
    for number in range(rounds + 1):
        for case in cases if number % 2 else reversed(cases):
            seconds = _once(case)
            if number:
                measured[case.name].append(seconds)
    return [Times(case, tuple(measured[case.name])) for case in cases]


def _once(case: Case) -> float:
    case.prepare()
    if hasattr(os, "sync"):
        os.sync()  # what an earlier case wrote must not be paid for by this one
    environ = {**os.environ, **case.environ}
    begin = time.perf_counter()
    done = subprocess.run(
        [os.fspath(word) for word in case.command],
        cwd=case.cwd,
        env=environ,
        capture_output=True,
        check=False,
    )
    seconds = time.perf_counter() - begin
    if done.returncode != case.code:
        raise SystemExit(f"{case.name} ended with {done.returncode}:\n{done.stderr.decode()[-2000:]}")
    return seconds
