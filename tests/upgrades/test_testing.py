"""The test command: which it is, how it is run, and what its exit code means."""

from __future__ import annotations

import os
import select
import sys
from pathlib import Path

import pytest

from bootstrap.environments import environment
from bootstrap.errors import BootstrapError, UsageError
from bootstrap.upgrades import testing
from bootstrap.upgrades.testing import Suite, Verdict

HERE = environment.look(Path(sys.prefix), sys.platform)


def run(tmp_path: Path, script: str, timeout: float | None = 60.0) -> Verdict:
    pristine = tmp_path / "pristine"
    pristine.mkdir()
    (pristine / "check.py").write_text(script)
    command = Suite(
        (sys.executable, "check.py"), pristine, tmp_path / "work", {}, ("s3cret-value",), lambda _: None
    )
    return command.run(HERE, timeout, {"locks/dev.txt": "changed\n"})


def test_green(tmp_path: Path) -> None:
    found = run(tmp_path, "import pathlib; assert pathlib.Path('locks/dev.txt').read_text() == 'changed\\n'")
    assert (found.green, found.exit, found.reason) == (True, 0, "")


@pytest.mark.parametrize(
    ("script", "reason", "exit_code"),
    [
        ("import sys; print('FAILED a::b - no'); sys.exit(1)", "tests", 1),
        ("import sys; sys.exit(5)", "tests", 5),
        ("import sys; sys.exit(125)", "cannot-judge", 125),
    ],
)
def test_red(tmp_path: Path, script: str, reason: str, exit_code: int) -> None:
    found = run(tmp_path, script)
    assert (found.green, found.reason, found.exit) == (False, reason, exit_code)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_a_crash_is_red_and_a_kill_from_outside_says_nothing(tmp_path: Path) -> None:
    found = run(tmp_path, "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    assert (found.green, found.reason) == (False, "tests")
    assert found.excerpt[0] == "the tests crashed (SIGSEGV)"
    (tmp_path / "other").mkdir()
    with pytest.raises(BootstrapError, match="ended from outside"):
        run(tmp_path / "other", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")


@pytest.mark.parametrize("code", [126, 127])
def test_what_could_not_be_started_says_nothing(tmp_path: Path, code: int) -> None:
    with pytest.raises(BootstrapError, match="could not start"):
        run(tmp_path, f"import sys; sys.exit({code})")


def test_a_time_out_ends_all_it_started(tmp_path: Path) -> None:
    script = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print('child', child.pid, flush=True)\ntime.sleep(600)\n"
    )
    found = run(tmp_path, script, timeout=1.0)
    assert (found.green, found.reason) == (False, "timeout")
    child = next(int(line.split()[1]) for line in found.excerpt if line.startswith("child"))
    if sys.platform.startswith("linux"):
        wait_for_end(child)


def wait_for_end(pid: int) -> None:
    """Wait until a process that is no child of ours has ended; it was told to before this."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended, _, _ = select.select([descriptor], [], [], 60)
    os.close(descriptor)
    assert ended


def test_secrets_and_places_stay_out(tmp_path: Path) -> None:
    found = run(tmp_path, "import os, sys; print('FAILED s3cret-value', os.getcwd()); sys.exit(1)")
    assert found.excerpt == ("FAILED **** .",)


@pytest.mark.parametrize(
    ("given", "configured", "locked", "expected"),
    [
        ("pytest -q 'a b'", ["x"], [], ("pytest", "-q", "a b")),
        (None, ["python", "manage.py", "test"], ["pytest"], ("python", "manage.py", "test")),
        (None, [], ["pytest"], ("pytest",)),
    ],
)
def test_command(
    given: str | None, configured: list[str], locked: list[str], expected: tuple[str, ...]
) -> None:
    assert testing.command(given, configured, locked, "linux") == expected


def test_on_windows_a_backslash_is_no_escape() -> None:
    assert testing.command(r".venv\Scripts\pytest -q", [], [], "win32") == (r".venv\Scripts\pytest", "-q")


@pytest.mark.parametrize("given", [None, "", "'open"])
def test_no_command(given: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        testing.command(given, [], [], "linux")
    assert caught.value.problem.hint
