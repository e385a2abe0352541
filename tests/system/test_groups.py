"""Programs that start others: their output in order, their end, and nobody left behind."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.system import groups


def test_both_streams_in_one_order(tmp_path: Path) -> None:
    heard: list[str] = []
    script = "import sys\nprint('one', flush=True)\nprint('two', file=sys.stderr, flush=True)\nsys.exit(3)"
    ended = groups.run([sys.executable, "-c", script], cwd=tmp_path, extra={"A": "1"}, on_line=heard.append)
    assert (ended.returncode, ended.output, heard) == (3, ("one", "two"), ["one", "two"])
    assert (ended.signal, ended.crashed) == (None, False)


def test_what_cannot_be_started(tmp_path: Path) -> None:
    with pytest.raises(BootstrapError, match="cannot start"):
        groups.run([tmp_path / "nothing"], cwd=tmp_path, extra={})


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
@pytest.mark.parametrize(
    ("script", "name", "crashed"),
    [
        ("import os; os.kill(os.getpid(), 11)", "SIGSEGV", True),
        ("import os; os.kill(os.getpid(), 15)", "SIGTERM", False),
        ("import sys; sys.exit(139)", "SIGSEGV", True),
        ("import sys; sys.exit(130)", "SIGINT", False),
    ],
)
def test_signals_are_told_by_name(tmp_path: Path, script: str, name: str, *, crashed: bool) -> None:
    ended = groups.run([sys.executable, "-c", script], cwd=tmp_path, extra={})
    assert (ended.signal, ended.crashed) == (name, crashed)


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="waits for another's child by its descriptor"
)
def test_a_child_that_outlives_its_parent_is_ended(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(child.pid, flush=True)\n"
    )
    ended = groups.run([sys.executable, "-c", script], cwd=tmp_path, extra={})
    assert ended.returncode == 0
    try:
        descriptor = os.pidfd_open(int(ended.output[0]))
    except ProcessLookupError:
        return
    assert select.select([descriptor], [], [], 60)[0]
    os.close(descriptor)
