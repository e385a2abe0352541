"""The process that locks may be started ahead; it is used once, and never outlives its use."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from bootstrap.locks import head_start
from bootstrap.locks.head_start import HeadStart
from bootstrap.locks.pip_tools import PipTools
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.system import processes
from bootstrap.system.processes import Started
from tests import command
from tests.index.server import PackageIndex
from tests.locks.compiling import PYTHON, Work

OWN = Path(sys.executable)


def test_the_process_is_used_once_and_only_for_its_own_python(started: list[Started], tmp_path: Path) -> None:
    with head_start.started(OWN) as begun:
        assert begun.process(OWN) is started[0]
        assert begun.process(OWN) is started[1]
    other = processes.start([OWN, "-I", head_start.WORKER])
    assert HeadStart(tmp_path / "python", other).process(OWN) is started[3]
    assert not other.is_running
    for process in started:
        process.abandon()


def test_what_nobody_took_is_ended(started: list[Started]) -> None:
    with head_start.started(OWN):
        assert started[0].is_running
    assert not started[0].is_running


def test_a_process_that_has_died_is_not_used(started: list[Started]) -> None:
    with head_start.started(OWN) as begun:
        started[0].abandon()
        assert begun.process(OWN) is started[1]
    started[1].abandon()


def test_no_python_no_process(started: list[Started]) -> None:
    with head_start.started(None):
        assert started == []


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
        ready = HeadStart(PYTHON, processes.start([PYTHON, "-I", head_start.WORKER]))
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


# Starts the process, gives it a job where there is one, tells that it did, and waits to be killed. What is
# inherited stays open as long as the process lives.
PARENT = """
import sys
from pathlib import Path
from bootstrap.locks import head_start
from bootstrap.system import project_lock
inherited, job = int(sys.argv[1]), sys.argv[2]
project_lock.shared_descriptors = lambda: (inherited,)
with head_start.started(Path(sys.executable)) as begun:
    if job:
        process = begun.process(Path(sys.executable))
        process._tell(job + chr(10))
    print(flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals cannot be held back there")
def test_it_hears_signals_that_waited_where_it_was_started(started: list[Started]) -> None:
    both = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, both)
    try:
        with head_start.started(OWN):
            started[0]._process.send_signal(signal.SIGTERM)
            assert started[0]._process.wait(10) == -signal.SIGTERM
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@pytest.mark.skipif(sys.platform == "win32", reason="descriptors are not inherited there")
@pytest.mark.parametrize("working", [False, True], ids=["waiting", "working"])
def test_it_ends_where_who_started_it_is_killed(tmp_path: Path, *, working: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        tools = PipTools(OWN, PipConfiguration({"index-url": index}), hashes=False, on_work=lambda _: None)
        (tmp_path / ".union.in").write_text("web\n")
        job = json.dumps(tools._job(tmp_path, (), (), {})) if working else ""
        read, write = os.pipe()
        with (
            os.fdopen(read, "rb") as ended,
            subprocess.Popen(
                [OWN, "-c", PARENT, str(write), job],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                pass_fds=(write,),
                env=command.environment(),
            ) as parent,
        ):
            os.close(write)
            assert parent.stdout is not None
            assert parent.stdout.readline()
            with silent.accept()[0] if working else contextlib.nullcontext():
                parent.kill()
                assert ended.read() == b""
