"""Measure what ``bootstrap upgrade`` promises: how many test runs, whom it blames, and what it costs.

``python -P -m tests.bench.upgrades`` plays hundreds of jobs against an oracle, and runs some with real
environments against an index in this process: 40 packages, each with an old and a new version.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.index.server import PackageIndex
from tests.upgrades.shelf import Shelf, publish
from tests.upgrades.simulation import Breaking, play

MANY = 40
NAMES = tuple(f"part-{number:02}" for number in range(MANY))

Rule = dict[str, str]
"""The versions with which, all together, the tests fail."""


@dataclass(frozen=True)
class Figure:
    """One row: what was measured, in how many jobs, what came of it, and what was promised."""

    case: str
    jobs: int
    measured: str
    target: str
    met: bool


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.upgrades", description=__doc__)
    parser.add_argument("--jobs", type=int, default=5, help="real jobs of each kind")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    figures = [*simulated(), *real(options.jobs)]
    show(figures)
    if options.json:
        rows = [vars(figure) for figure in figures]
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


def simulated() -> Iterator[Figure]:
    """Play jobs of 40 units against an oracle; the runs are all there are, the proof among them."""
    chance = random.Random(2026)
    places = [frozenset({chance.randrange(MANY)}) for _ in range(100)]
    yield _counted("1 culprit", [[place] for place in places], 10)
    yield _counted("a breaking pair", [[frozenset(chance.sample(range(MANY), 2))] for _ in range(300)], 10)
    for count, most in ((2, 16), (3, 22)):
        jobs = [[frozenset({each}) for each in chance.sample(range(MANY), count)] for _ in range(300)]
        yield _counted(f"{count} culprits", jobs, most)
    yield _counted("the same culprit next month", [[place] for place in places], 4, again=True)
    yield _by_chance(chance, 300)


def _counted(case: str, jobs: Sequence[Sequence[Breaking]], most: int, *, again: bool = False) -> Figure:
    played = [play(MANY, breaks, suspects=breaks[0] if again else frozenset()) for breaks in jobs]
    runs = [each.runs for each in played]
    right = sum(
        each.outcome.proven
        and not any(those <= each.outcome.chosen for those in breaks)
        and (len(breaks[0]) > 1 or each.blamed == frozenset[int]().union(*breaks))
        for each, breaks in zip(played, jobs, strict=True)
    )
    measured = (
        f"{max(runs)} runs at most, {sum(runs) / len(runs):.1f} on average; {right} of {len(jobs)} right"
    )
    return Figure(case, len(jobs), measured, f"<= {most} runs", max(runs) <= most and right == len(jobs))


def _by_chance(chance: random.Random, jobs: int) -> Figure:
    wrong = 0
    for _ in range(jobs):
        place = chance.randrange(MANY)
        wrong += play(MANY, [frozenset({place})], chance=chance, lies=0.03).blamed != {place}
    measured = f"{wrong} of {jobs} jobs blamed a wrong one"
    return Figure("tests that fail by chance (3 %)", jobs, measured, "<= 1 %", wrong <= jobs / 100)


def real(jobs: int) -> Iterator[Figure]:
    """Run jobs with real environments; before the first is counted, one fills the caches."""
    with prepared() as (shelf, restore):
        _run(shelf, restore, [])
        chance = random.Random(7)
        kinds: dict[str, tuple[int, Callable[[], list[Rule]]]] = {
            "no culprit": (2, list),
            "1 culprit": (10, lambda: _rules(chance, 1)),
            "a breaking pair": (10, lambda: [dict.fromkeys(chance.sample(NAMES, 2), "2.0")]),
            "2 culprits": (16, lambda: _rules(chance, 2)),
            "3 culprits": (22, lambda: _rules(chance, 3)),
        }
        for kind, (most, breaking) in kinds.items():
            yield from _really(kind, [_run(shelf, restore, breaking()) for _ in range(jobs)], most)
        yield from _really("the same culprit next month", list(_months(shelf, restore, chance, jobs)), 4)


def _rules(chance: random.Random, count: int) -> list[Rule]:
    return [{name: "2.0"} for name in chance.sample(NAMES, count)]


def _really(kind: str, done: Sequence[Job], most: int) -> Iterator[Figure]:
    right, runs = sum(job.right for job in done), [job.runs for job in done]
    measured = (
        f"{max(runs)} runs at most, {sum(runs) / len(runs):.1f} on average; {right} of {len(done)} right"
    )
    met = max(runs) <= most and right == len(done)
    yield Figure(f"{kind}, real environments", len(done), measured, f"<= {most} runs", met)
    fast, slow = min(job.overhead for job in done), max(job.overhead for job in done)
    measured = f"{fast:.1f}-{slow:.1f} s beyond the tests"
    yield Figure(f"{kind}, overhead", len(done), measured, "<= 15 s", slow <= 15)


@dataclass(frozen=True)
class Job:
    """A job that was run: how often it tested, its seconds without the tests, and whether it ended right.

    It did where the final set is green and no more is held than what broke it.
    """

    runs: int
    overhead: float
    right: bool


def _months(shelf: Shelf, restore: Callable[[], None], chance: random.Random, count: int) -> Iterator[Job]:
    """Hold a culprit, and run the jobs of the months after: each time all packages have a newer version."""
    culprit = chance.choice(NAMES)
    rules = [{culprit: f"{month}.0"} for month in range(2, count + 3)]
    _run(shelf, restore, rules, held=1)
    for month in range(3, count + 3):
        publish(shelf.index, [f"{month}.0"], NAMES)
        yield _run(shelf, lambda: None, rules, held=1)


def _run(shelf: Shelf, prepare: Callable[[], None], breaks: list[Rule], held: int | None = None) -> Job:
    prepare()
    shelf.rules(*breaks)
    begin = time.perf_counter()
    ended = shelf.upgrade("--json")
    seconds = time.perf_counter() - begin
    if ended.code:
        raise SystemExit(ended.err)
    tests = ended.document["upgrade"]["tests"]
    pins = shelf.pins()
    green = not any(all(pins[name] == version for name, version in rule.items()) for rule in breaks)
    wanted = len(breaks) if held is None else held
    old = sum(version == "1.0" for version in pins.values())
    return Job(tests["runs"], seconds - tests["seconds"], green and old == wanted)


@contextmanager
def prepared() -> Iterator[tuple[Shelf, Callable[[], None]]]:
    """Yield a project of 40 packages locked to old versions, and what brings it back to that state."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, PackageIndex() as index:
        _own_environment(Path(folder))
        publish(index, ["1.0"], NAMES)
        shelf = Shelf(Path(folder, "project").resolve(), index)
        dev = "-r base.in\n" + "".join(f"{name}\n" for name in NAMES[20:])
        shelf.make({"base.in": "".join(f"{name}\n" for name in NAMES[:20]), "dev.in": dev})
        publish(index, ["2.0"], NAMES)
        saved = Path(folder, "saved")
        shutil.copytree(shelf.root, saved)

        def restore() -> None:
            shutil.rmtree(shelf.root)
            shutil.copytree(saved, shelf.root)
            shelf.log.unlink(missing_ok=True)

        yield shelf, restore


def _own_environment(folder: Path) -> None:
    """Take the machine's settings away, and give caches of their own."""
    for name in [
        name for name in os.environ if name.startswith(("PIP_", "UV_", "BOOTSTRAP_", "VIRTUAL_ENV"))
    ]:
        del os.environ[name]
    os.environ.pop("CI", None)
    caches = {name: str(folder / name.lower()) for name in ("PIP_CACHE_DIR", "UV_CACHE_DIR", "HOME")}
    os.environ.update(caches, PIP_CONFIG_FILE=os.devnull, BOOTSTRAP_CACHE_DIR=str(folder / "bootstrap"))
    os.environ.update({name: str(folder / "home" / name) for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME")})
    subprocess.run(["git", "--version"], check=True, capture_output=True)


def show(figures: Sequence[Figure]) -> None:
    for figure in figures:
        verdict = "met" if figure.met else "MISSED"
        print(f"{figure.case:<38} {figure.jobs:>4} jobs   {figure.measured:<66} {figure.target}: {verdict}")


if __name__ == "__main__":
    main()
