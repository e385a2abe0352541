from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.system import project_lock

ROOT = Path(__file__).parents[2]


def start(code: str, project: Path) -> subprocess.Popen[str]:
    """Start another run; its path is set by code, as the rest of its environment is ours."""
    head = f"import pathlib, sys\nsys.path.insert(0, {str(ROOT)!r})\nroot = pathlib.Path({str(project)!r})\n"
    imports = "from bootstrap.system import processes, project_lock\n"
    return subprocess.Popen(
        [sys.executable, "-I", "-u", "-c", head + imports + code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def nobody(owner: str) -> None:
    pytest.fail(f"there was nothing to wait for, yet {owner} was named")


def test_each_project_has_a_lock_of_its_own(isolated: Path, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert project_lock.lock_file(one) != project_lock.lock_file(other)
    assert project_lock.lock_file(one / ".." / "one") == project_lock.lock_file(one)
    with project_lock.held(one, nobody), project_lock.held(other, nobody):
        pass


def test_two_runs_exclude_each_other_and_the_one_that_waits_is_told(isolated: Path, tmp_path: Path) -> None:
    other = start("with project_lock.held(root, print):\n    print('held')\n    sys.stdin.read()", tmp_path)
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    told = []

    def let_go(owner: str) -> None:
        told.append(owner)
        other.communicate()

    with project_lock.held(tmp_path, let_go):
        assert other.returncode == 0
    expected = "another process" if sys.platform == "win32" else f"process {other.pid}"
    assert told == [expected]


def test_patience_has_an_end(isolated: Path, tmp_path: Path) -> None:
    with start(
        "with project_lock.held(root, print):\n    print('held')\n    sys.stdin.read()", tmp_path
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with (
            pytest.raises(BootstrapError, match="another bootstrap") as caught,
            project_lock.held(tmp_path, lambda _: None, patience=0.0),
        ):
            pytest.fail("both hold it")
    assert caught.value.problem.code == "locked"


def test_an_error_lets_it_go(isolated: Path, tmp_path: Path) -> None:
    shared: list[int] = []

    def fail() -> None:
        with project_lock.held(tmp_path, nobody):
            shared.extend(project_lock.shared_descriptors())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert len(shared) == 1
    assert project_lock.shared_descriptors() == ()
    with project_lock.held(tmp_path, nobody):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="Windows hands no lock on")
def test_what_a_killed_run_started_still_holds_it(isolated: Path, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    child = f"print('started', flush=True); open({str(gate)!r}).read()"
    run = f"processes.run([sys.executable, '-c', {child!r}], on_line=print)"
    code = f"with project_lock.held(root, print):\n    {run}"
    with start(code, tmp_path) as killed:
        assert killed.stdout is not None
        assert killed.stdout.readline() == "started\n"
        killed.kill()

    told = []

    def end_the_child(owner: str) -> None:
        told.append(owner)
        gate.write_text("")

    with project_lock.held(tmp_path, end_the_child):
        assert told == [f"process {killed.pid}"]


def test_a_lock_file_that_cannot_be_opened(isolated: Path, tmp_path: Path) -> None:
    project_lock.lock_file(tmp_path).mkdir(parents=True)
    with (
        pytest.raises(BootstrapError, match="cannot open the lock file") as caught,
        project_lock.held(tmp_path, nobody),
    ):
        pytest.fail("there is no lock")
    assert "BOOTSTRAP_CACHE_DIR" in str(caught.value.problem.hint)


@pytest.mark.skipif(sys.platform == "win32", reason="a link needs a privilege there")
def test_a_lock_that_is_a_link_is_not_followed(isolated: Path, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    path = project_lock.lock_file(tmp_path)
    path.parent.mkdir(parents=True)
    path.symlink_to(victim)
    with (
        pytest.raises(BootstrapError, match="cannot open the lock file"),
        project_lock.held(tmp_path, nobody),
    ):
        pytest.fail("there is no lock")
    assert victim.read_text() == "precious"


def test_a_cache_that_cannot_be_written_says_where_another_may_be(
    isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("BOOTSTRAP_CACHE_DIR", str(tmp_path / "file"))
    with (
        pytest.raises(BootstrapError, match="cannot open the lock file") as caught,
        project_lock.held(tmp_path, nobody),
    ):
        pass
    assert "BOOTSTRAP_CACHE_DIR" in str(caught.value.problem.hint)
