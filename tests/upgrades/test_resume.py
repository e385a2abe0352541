"""Killed at each boundary between steps, a job goes on: no finished run is repeated, nothing is half done.

A boundary is a write of the journal or of a project's file, just before and just after it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import command
from tests.upgrades.shelf import Shelf, publish

if sys.platform == "win32":
    pytest.skip(
        "Windows has no SIGKILL; the rules of the journal are tested in test_journal.py",
        allow_module_level=True,
    )

New = Callable[[], Shelf]
NAMES = ("alpha", "beta", "gamma", "delta")
_KILLS, _PARTS = 50, 5

# Runs the tool and kills it at its N-th boundary; with 0 it lives and the boundaries are counted.
DYING = """\
import os, signal, sys

at, count = int(sys.argv[1]), 0
log = sys.argv[2]
del sys.argv[1:3]

def boundary(what):
    global count
    count += 1
    with open(log, "a") as file:
        file.write(what + "\\n")
    if count == at:
        os.killpg(0, signal.SIGKILL)

from bootstrap.system import files

real = files.write_atomic

def write_atomic(path, content, *, mode=None):
    boundary("before " + path.name)
    real(path, content, mode=mode)
    boundary("after " + path.name)

files.write_atomic = write_atomic
from bootstrap.__main__ import main

sys.exit(main())
"""


@dataclass
class Mortal:
    """A project whose upgrade is killed; every state begins from the same files and an empty journal."""

    shelf: Shelf
    script: Path
    boundaries: list[str]
    clean: dict[str, str]
    runs: int

    @property
    def log(self) -> Path:
        return self.script.with_name("boundaries.log")

    def reset(self) -> None:
        for path in (self.shelf.log, self.log):
            path.unlink(missing_ok=True)
        subprocess.run(["git", "checkout", "--quiet", "."], cwd=self.shelf.root, check=True)
        subprocess.run(["git", "clean", "-fdxq"], cwd=self.shelf.root, check=True)

    def die(self, at: int, *words: str) -> int:
        env = {"PIP_INDEX_URL": self.shelf.index.url, "SHELF_LOG": str(self.shelf.log)}
        ended = subprocess.run(
            [sys.executable, "-P", self.script, str(at), str(self.log), "upgrade", *words],
            cwd=self.shelf.root,
            env=command.environment(env),
            capture_output=True,
            start_new_session=True,
            timeout=300,
            check=False,
        )
        return ended.returncode

    def sets(self) -> list[str]:
        """What was installed at each run of the tests, in order."""
        return [json.dumps(run, sort_keys=True) for run in self.shelf.runs]


@pytest.fixture(scope="module")
def mortal(new_shelf: New, tmp_path_factory: pytest.TempPathFactory) -> Mortal:
    shelf = new_shelf()
    publish(shelf.index, ["1.0"], NAMES)
    shelf.make({"base.in": "alpha\nbeta\n", "dev.in": "-r base.in\ngamma\ndelta\n"})
    publish(shelf.index, ["2.0"], NAMES)
    shelf.rules({"gamma": "2.0"})
    for words in (["add", "."], ["commit", "--quiet", "-m", "all"]):
        subprocess.run(["git", *words], cwd=shelf.root, check=True)
    script = tmp_path_factory.mktemp("dying") / "dying.py"
    script.write_text(DYING)
    made = Mortal(shelf, script, [], {}, 0)
    assert made.die(0) == 0
    made.boundaries = made.log.read_text().splitlines()
    made.clean, made.runs = tree(shelf.root), len(shelf.runs)
    return made


def tree(root: Path) -> dict[str, str]:
    paths = (path for path in sorted(root.rglob("*")) if path.is_file() and ".git" not in path.parts)
    return {str(path.relative_to(root)): path.read_text() for path in paths}


def of_the_project(boundary: str) -> bool:
    return boundary.endswith((".txt", "holds.toml"))


def check(mortal: Mortal, at: int) -> None:
    """Kill a job at a boundary, look at what is left, let it go on, and look at the end."""
    mortal.reset()
    before = command.fingerprint(mortal.shelf.root)
    told = mortal.boundaries[at - 1]
    assert mortal.die(at) == -9, told
    written = [boundary for boundary in mortal.log.read_text().splitlines() if of_the_project(boundary)]
    if not written[1:]:
        assert command.fingerprint(mortal.shelf.root) == before, told
    ended = mortal.shelf.upgrade()
    assert ended.code == 0, (told, ended.err)
    assert tree(mortal.shelf.root) == mortal.clean, told
    # A run that ended just before it was written down is not known to have ended.
    unwritten = 1 if told == "before journal.json" else 0
    assert mortal.runs <= len(mortal.shelf.runs) <= mortal.runs + unwritten, told
    left = [path.name for path in mortal.shelf.root.rglob(".*bootstrap-new")]
    assert left == [], told


def test_there_are_boundaries_of_each_kind(mortal: Mortal) -> None:
    names = {boundary.partition(" ")[2] for boundary in mortal.boundaries}
    assert names == {"journal.json", "apply.json", "base.txt", "dev.txt", "holds.toml"}


@pytest.mark.faults
def test_killed_between_two_runs(mortal: Mortal) -> None:
    journals = [n for n, boundary in enumerate(mortal.boundaries, 1) if boundary == "after journal.json"]
    check(mortal, journals[len(journals) // 2])


def test_killed_between_two_locks(mortal: Mortal) -> None:
    check(mortal, 1 + mortal.boundaries.index("after base.txt"))


def test_a_changed_input_is_a_new_job(mortal: Mortal) -> None:
    mortal.reset()
    journals = [n for n, boundary in enumerate(mortal.boundaries, 1) if boundary == "after journal.json"]
    assert mortal.die(journals[-2]) == -9
    seen = len(mortal.shelf.runs)
    mortal.shelf.write("check.py", (mortal.shelf.root / "check.py").read_text() + "# another test\n")
    refused = mortal.shelf.upgrade("--resume", "--json")
    assert (refused.code, refused.codes) == (2, ["nothing-to-resume"])
    assert mortal.shelf.upgrade("--max-runs", "2").code == 0
    assert len(mortal.shelf.runs) == seen + 2


def test_restart_forgets_it(mortal: Mortal) -> None:
    mortal.reset()
    journals = [n for n, boundary in enumerate(mortal.boundaries, 1) if boundary == "after journal.json"]
    assert mortal.die(journals[-3]) == -9
    seen = len(mortal.shelf.runs)
    assert mortal.shelf.upgrade("--restart", "--max-runs", "2").code == 0
    assert len(mortal.shelf.runs) == seen + 2


@pytest.mark.faults
@pytest.mark.parametrize("part", range(_PARTS))
def test_killed_at_every_boundary(mortal: Mortal, part: int, capsys: pytest.CaptureFixture[str]) -> None:
    count = len(mortal.boundaries)
    points = [1 + number % count for number in range(max(_KILLS, count))][part::_PARTS]
    for at in points:
        check(mortal, at)
    with capsys.disabled():
        print(f"\nupgrade: killed {len(points)} times at {count} boundaries, no run repeated, nothing lost")
