"""Programs that start others: run as a group of their own, so that none of them is left behind."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bootstrap.errors import BootstrapError
from bootstrap.system import host, project_lock, scratch

# Seconds that a group gets to end once it is asked to, and to close its output once it has ended.
_GRACE = 5.0
_CRASHES = ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGILL", "SIGFPE", "SIGTRAP", "SIGSYS")
_ADDED_BY_SHELLS = 128
_HIGHEST_SIGNAL = 64
_OWN_GROUP_ON_WINDOWS = 0x200  # subprocess.CREATE_NEW_PROCESS_GROUP


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its exit code (negative: the signal), or None where it took too long.

    ``output`` are the lines of both streams in the order they came.
    """

    returncode: int | None
    output: tuple[str, ...]
    seconds: float

    @property
    def signal(self) -> str | None:
        """The name of the signal that ended it, or None; a shell tells that of its child by adding 128."""
        number = _signal_of(self.returncode or 0)
        return _name(number) if number else None

    @property
    def crashed(self) -> bool:
        """Whether it ended itself by a fault; any other signal came from outside."""
        return self.signal in _CRASHES


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path,
    extra: Mapping[str, str],
    timeout: float | None = None,
    on_line: Callable[[str], None] = lambda _: None,
) -> Ended:
    """Run a program to its end, or for ``timeout`` seconds, and end all that it started.

    ``extra`` is added to the child's environment; ``on_line`` gets each line as it comes.

    Raises ``BootstrapError`` where it cannot be started.
    """
    begin = host.seconds()
    words = [os.fspath(word) for word in command]
    process = _start(words, cwd, extra)
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(process.stdout, lines, on_line), daemon=True)
    reader.start()
    returncode: int | None = None
    try:
        returncode = process.wait(timeout)
    except subprocess.TimeoutExpired:
        _ask_to_end(process)
    finally:
        _end(process)
    # What it left running was ended with it; a program that left the group may still hold the stream.
    reader.join(_GRACE)
    output = tuple(lines.get() for _ in range(lines.qsize()))
    return Ended(returncode, output, host.seconds() - begin)


def _start(words: Sequence[str], cwd: Path, extra: Mapping[str, str]) -> subprocess.Popen[str]:
    windows = sys.platform == "win32"
    try:
        return subprocess.Popen(
            words,
            cwd=cwd,
            env=host.child_environment(scratch.variables() | dict(extra)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            pass_fds=() if windows else project_lock.shared_descriptors(),
            start_new_session=not windows,
            creationflags=_OWN_GROUP_ON_WINDOWS if windows else 0,
        )
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BootstrapError(
            f"cannot start {words[0]}: {reason}", hint="see that the program is there and may be run"
        ) from None


def _read(stream: IO[str] | None, lines: queue.SimpleQueue[str], on_line: Callable[[str], None]) -> None:
    with stream or contextlib.nullcontext(()) as text:
        for line in text:
            lines.put(line.rstrip("\r\n"))
            with contextlib.suppress(Exception):
                on_line(line.rstrip("\r\n"))


def _ask_to_end(process: subprocess.Popen[str]) -> None:
    """Ask the whole group to end, and wait a little."""
    if sys.platform == "win32":
        process.terminate()
    else:
        _signal(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)


def _end(process: subprocess.Popen[str]) -> None:
    """End what is left of the group."""
    if sys.platform == "win32":
        if process.poll() is None:
            words = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
            subprocess.run(words, capture_output=True, check=False)
    else:
        _signal(process, signal.SIGKILL)
    process.wait()


def _signal_of(code: int) -> int:
    if code < 0:
        return -code
    is_told = 0 < code - _ADDED_BY_SHELLS <= _HIGHEST_SIGNAL and sys.platform != "win32"
    return code - _ADDED_BY_SHELLS if is_told else 0


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _signal(process: subprocess.Popen[str], number: int) -> None:
    # The group outlives its head while anybody is in it; on macOS a group of the dead is "not permitted".
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
