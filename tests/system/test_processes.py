from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.system import host, processes, signals


def test_a_program_gets_its_input_and_gives_its_output_and_code() -> None:
    code = "import sys; print(sys.stdin.read().upper()); print('x', file=sys.stderr); sys.exit(3)"
    done = processes.run([sys.executable, "-I", "-c", code], stdin="text")
    assert (done.returncode, done.stdout, done.stderr) == (3, "TEXT\n", "x\n")


def test_a_program_that_does_not_read_its_input_is_no_error() -> None:
    done = processes.run([sys.executable, "-I", "-c", "raise SystemExit(4)"], stdin="x" * 1_000_000)
    assert done.returncode == 4


@pytest.mark.parametrize(
    "variable", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "PYTHONPATH", "PIP_TARGET"]
)
def test_a_variable_that_misleads_does_not_reach_a_program(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "elsewhere")
    code = f"import os; print(os.environ.get({variable!r}))"
    assert processes.run([sys.executable, "-I", "-c", code]).stdout == "None\n"


def test_a_program_is_found_on_the_path_but_not_in_a_project(tmp_path: Path) -> None:
    name = "tool.exe" if sys.platform == "win32" else "tool"
    (tmp_path / name).touch(mode=0o755)
    assert processes.find(name, str(tmp_path)) == tmp_path / name
    assert processes.find(name, str(tmp_path), outside=tmp_path) is None
    assert processes.find(name, str(tmp_path), outside=tmp_path / "project") == tmp_path / name
    assert processes.find(name, "") is None


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-u", "-c", code]


def test_each_line_of_either_stream_is_told_as_it_comes() -> None:
    code = (
        "import sys; print('one'); print('zwei ä'); print('three', file=sys.stderr); sys.stdout.write('end')"
    )
    told: list[str] = []
    done = processes.run(python(code), on_line=told.append)
    assert sorted(told) == ["end", "one", "three", "zwei ä"]
    assert done.stdout == "one\nzwei ä\nend"


def test_output_that_is_no_text_is_shown_as_far_as_it_is() -> None:
    done = processes.run(python("import os; os.write(1, b'a\\xffb')"))
    assert done.stdout == "a\N{REPLACEMENT CHARACTER}b"


def test_an_error_of_the_listener_ends_the_program_and_not_the_reading() -> None:
    def fail(_: str) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        processes.run(python("print('x' * 1_000_000); print('y' * 1_000_000)"), on_line=fail)


def test_a_program_runs_where_it_is_told(tmp_path: Path) -> None:
    done = processes.run(python("import os; print(os.getcwd())"), cwd=tmp_path)
    assert Path(done.stdout.strip()).resolve() == tmp_path.resolve()


def test_without_input_a_program_finds_the_end_of_it() -> None:
    assert processes.run(python("import sys; print(repr(sys.stdin.read()))")).stdout == "''\n"


def test_a_name_that_can_be_no_program() -> None:
    with pytest.raises(BootstrapError, match="cannot start a\0b: embedded null byte"):
        processes.run(["a\0b"])


@pytest.mark.parametrize("allowed", [0, 1])
def test_a_system_that_allows_no_more_threads(monkeypatch: pytest.MonkeyPatch, allowed: int) -> None:
    begun, begin = list[threading.Thread](), threading.Thread.start

    def start(thread: threading.Thread) -> None:
        if len(begun) == allowed:
            raise RuntimeError("can't start new thread")
        begun.append(thread)
        begin(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    with pytest.raises(BootstrapError, match=r"cannot start .*: can't start new thread"):
        processes.start(python("import sys; sys.stdin.read()"))
    for thread in begun:
        thread.join(10)


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BootstrapError, match=r"cannot start .*nothing: No such file") as caught:
        processes.run([tmp_path / "nothing"])
    assert caught.value.problem.hint


def test_a_program_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = Started(monkeypatch)
    with pytest.raises(BootstrapError, match=r"did not answer within 0\.05 seconds"):
        processes.run(python("import threading; threading.Event().wait()"), timeout=0.05)
    assert started.only.returncode is not None


@pytest.mark.parametrize(
    "variable",
    [
        "PIP_NO_DEPS",
        "PIP_PYTHON",
        "PIP_INDEX_URL",
        "UV_DEFAULT_INDEX",
        "UV_PYTHON",
        "UV_CONSTRAINT",
        "PYTHONHOME",
    ],
)
def test_options_of_installers_do_not_reach_a_program(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "x")
    assert variable not in host.child_environment()
    assert host.child_environment({variable: "y"})[variable] == "y"


@pytest.mark.parametrize(
    "variable",
    ["UV_CACHE_DIR", "UV_LINK_MODE", "UV_HTTP_TIMEOUT", "UV_PYTHON_INSTALL_DIR", "PIPX_HOME", "PATH"],
)
def test_what_does_not_change_the_result_reaches_a_program(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "x")
    assert host.child_environment()[variable] == "x"


class Started:
    """Remembers the processes that `processes.run` starts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.all: list[subprocess.Popen[str]] = []

        def start(*arguments: Any, **options: Any) -> subprocess.Popen[str]:
            self.all.append(real(*arguments, **options))
            return self.all[-1]

        real = processes._start
        monkeypatch.setattr(processes, "_start", start)

    @property
    def only(self) -> subprocess.Popen[str]:
        (process,) = self.all
        return process


posix = pytest.mark.skipif(sys.platform == "win32", reason="its signals are others")
WAIT = "print('ready'); threading.Event().wait()"


def interrupt(code: str, monkeypatch: pytest.MonkeyPatch, *, shared: bool) -> subprocess.Popen[str]:
    """Interrupt this process once a program is ready, and the program too where they share a terminal."""
    started = Started(monkeypatch)
    main = threading.main_thread().ident
    assert main is not None

    def on_line(_: str) -> None:
        if shared:
            started.only.send_signal(signal.SIGINT)
        signal.pthread_kill(main, signal.SIGINT)

    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        # A shell starts what runs in the background with SIGINT ignored, these tests too.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with pytest.raises(signals.Stopped), signals.heard():
            processes.run(python(f"import signal, sys, threading\n{code}"), on_line=on_line)
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    return started.only


@posix
def test_a_child_that_had_the_ctrl_c_itself_may_end_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_BY_ITSELF", 60.0)
    code = f"try:\n    {WAIT}\nexcept KeyboardInterrupt:\n    sys.exit(7)"
    assert interrupt(code, monkeypatch, shared=True).returncode == 7


@posix
def test_a_child_that_does_not_end_by_itself_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_BY_ITSELF", 0.01)
    code = f"signal.signal(signal.SIGTERM, lambda *_: sys.exit(8))\n{WAIT}"
    assert interrupt(code, monkeypatch, shared=False).returncode == 8


@posix
def test_a_child_that_will_not_end_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_BY_ITSELF", 0.01)
    monkeypatch.setattr(processes, "_GRACE", 0.01)
    code = f"signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{WAIT}"
    assert interrupt(code, monkeypatch, shared=False).returncode == -signal.SIGKILL
