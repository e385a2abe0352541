"""The process that locks may be started ahead; it is used once, and never outlives its use."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from bootstrap.locks import head_start
from bootstrap.locks.head_start import HeadStart
from bootstrap.locks.pip_tools import PipTools
from bootstrap.system import processes
from bootstrap.system.processes import Started
from tests.index.server import PackageIndex
from tests.locks.compiling import PYTHON, Work

OWN = Path(sys.executable)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Started]:
    """Count what is started."""
    seen: list[Started] = []
    start = processes.start

    def counting(command: list[str | Path]) -> Started:
        seen.append(start(command))
        return seen[-1]

    monkeypatch.setattr(processes, "start", counting)
    return seen


def is_over(process: Started) -> bool:
    return process._process.poll() is not None


def test_the_process_is_used_once_and_only_for_its_own_python(started: list[Started], tmp_path: Path) -> None:
    begun = HeadStart()
    begun.begin(OWN)
    assert begun.process(OWN) is started[0]
    assert begun.process(OWN) is started[1]
    begun.begin(OWN)
    (tmp_path / "link").symlink_to(OWN)
    assert begun.process(tmp_path / "link") is started[3]
    assert is_over(started[2])
    begun.end()
    for process in started:
        process.abandon()


def test_what_nobody_took_is_ended(started: list[Started]) -> None:
    begun = HeadStart()
    begun.begin(OWN)
    begun.end()
    begun.end()
    assert is_over(started[0])


def test_a_process_that_waited_compiles_as_a_new_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[Started]
) -> None:
    """And a fresh lock, whose pins the union has, is not made again."""
    with PackageIndex() as index:
        index.add("util", "1.0")
        index.add("web", "1.0", ["util"])
        work = Work(tmp_path, index)
        work.write({"base.in": "util\n", "dev.in": "-r base.in\nweb\n"})
        expected = work.compiled()
        ready = HeadStart()
        ready.begin(PYTHON)
        answers: list[dict[PurePosixPath, str]] = []
        compile_all = PipTools.compile_all

        def noting(*arguments: Any) -> dict[PurePosixPath, str]:
            answers.append(compile_all(*arguments))
            return answers[-1]

        monkeypatch.setattr(PipTools, "compile_all", noting)
        make = work.pip_tools
        monkeypatch.setattr(work, "pip_tools", lambda moves: replace(make(moves), head_start=ready))
        (tmp_path / "requirements" / "dev.txt").unlink()
        assert work.compiled(stale=["dev"]) == expected
    assert len(started) == 2
    assert [[path.name for path in locks] for locks in answers] == [["dev.txt"]]


def test_it_ends_by_itself_where_who_started_it_is_killed() -> None:
    process = processes.start([OWN, "-I", head_start.WORKER])
    assert process.finish(stdin="").stdout == ""
