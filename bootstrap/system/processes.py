"""Starting programs: never through a shell, never left behind, their output read while they run."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from bootstrap.errors import BootstrapError
from bootstrap.system import host, project_lock, scratch, signals

# How long a child may take to end, in seconds: after a Ctrl-C, which it has had itself from the terminal we
# share, and after it was asked to. pip takes its half-installed files back meanwhile.
_BY_ITSELF = 1.0
_GRACE = 5.0

OnLine = Callable[[str], None]
"""Gets each line that a program writes, as it comes."""


class Completed(NamedTuple):
    """A program that ended: its exit code and all it wrote."""

    command: tuple[str, ...]
    returncode: int
    stdout: str
    stderr: str


class Started:
    """A program that runs, and whose output is read."""

    def __init__(
        self, words: tuple[str, ...], process: subprocess.Popen[str], on_line: OnLine | None
    ) -> None:
        self._words = words
        self._process = process
        self._outputs: tuple[list[str], list[str]] = ([], [])
        self._failures: list[Exception] = []
        self._readers = [
            threading.Thread(target=_read, args=(stream, lines, on_line, self._failures), daemon=True)
            for stream, lines in zip((process.stdout, process.stderr), self._outputs, strict=True)
        ]
        for reader in self._readers:
            reader.start()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def finish(
        self, *, timeout: float | None = None, stdin: str | None = None, keep_open: bool = False
    ) -> Completed:
        """Wait for the end, as `run` does; with ``keep_open`` its standard input does not end before that."""
        process = self._process
        try:
            if stdin is not None:
                self._tell(stdin)
            if not keep_open:
                self._close()
            returncode = process.wait(timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            raise BootstrapError(
                f"{self._words[0]} did not answer within {timeout:g} seconds",
                hint="see what it waits for, then try again",
            ) from None
        except BaseException as error:
            _end(process, _BY_ITSELF if signals.is_interrupt(error) else 0.0)
            raise
        finally:
            self._close()
        for reader in self._readers:
            reader.join()
        if self._failures:
            raise self._failures[0]
        return Completed(self._words, returncode, "".join(self._outputs[0]), "".join(self._outputs[1]))

    def abandon(self) -> None:
        """End it at once: nobody wants what it does."""
        self._process.kill()
        self._process.wait()
        self._close()
        for reader in self._readers:
            reader.join()

    def _tell(self, text: str) -> None:
        # A program may end before it has read all; its exit code tells why.
        if self._process.stdin is not None:
            with _unread():
                self._process.stdin.write(text)
                self._process.stdin.flush()

    def _close(self) -> None:
        if self._process.stdin is not None:
            with _unread():
                self._process.stdin.close()


@contextlib.contextmanager
def _unread() -> Iterator[None]:
    """Pass over the error of a pipe that nobody reads; Windows has one of its own for it."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.EPIPE, errno.EINVAL):
            raise


def run(
    command: Sequence[str | os.PathLike[str]],
    *,
    cwd: Path | None = None,
    extra: Mapping[str, str] | None = None,
    on_line: OnLine | None = None,
    timeout: float | None = None,
    stdin: str | None = None,
) -> Completed:
    """Run a program to its end and return what it wrote; its exit code is the caller's to judge.

    ``extra`` is added to the child's environment; ``on_line`` gets each line of either stream as it comes;
    ``timeout`` is in seconds. The child shares the project lock: where this process is killed, another run
    still waits until the child has ended. On Ctrl-C the child gets a few seconds to end.

    Raises ``BootstrapError`` where the program cannot be started or does not end in time, and whatever
    ``on_line`` raised, once the program has ended.
    """
    started = _started(command, cwd, extra, on_line, piped=stdin is not None)
    return started.finish(timeout=timeout, stdin=stdin)


def start(command: Sequence[str | os.PathLike[str]]) -> Started:
    """Start a program that will get its work by its standard input.

    Raises ``BootstrapError`` where it cannot be started.
    """
    return _started(command, None, None, None, piped=True)


def find(program: str, search_path: str | None, *, outside: Path | None = None) -> Path | None:
    """Return where a program lies on ``search_path``, a ``PATH``; one in the folder ``outside`` is not taken.

    On Windows the current folder is searched too, where a repository could have put a program.
    """
    found = shutil.which(program, path=search_path)
    if found is None or (outside is not None and Path(found).resolve().is_relative_to(outside.resolve())):
        return None
    return Path(found).absolute()


def _started(
    command: Sequence[str | os.PathLike[str]],
    cwd: Path | None,
    extra: Mapping[str, str] | None,
    on_line: OnLine | None,
    *,
    piped: bool,
) -> Started:
    words = tuple(os.fspath(word) for word in command)
    process = _start(words, cwd, extra, piped=piped)
    try:
        return Started(words, process, on_line)
    except RuntimeError as error:
        # Python's words where the system allows no more threads.
        with process:
            process.kill()
        raise _unstartable(words, str(error)) from None


def _start(
    words: tuple[str, ...], cwd: Path | None, extra: Mapping[str, str] | None, *, piped: bool
) -> subprocess.Popen[str]:
    shared = project_lock.shared_descriptors()
    try:
        return subprocess.Popen(
            words,
            cwd=cwd,
            env=host.child_environment(scratch.variables() | dict(extra or {})),
            stdin=subprocess.PIPE if piped else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            pass_fds=() if sys.platform == "win32" else shared,
        )
    except OSError as error:
        raise _unstartable(words, error.strerror or type(error).__name__) from None
    except ValueError as error:
        raise _unstartable(words, str(error)) from None


def _unstartable(words: tuple[str, ...], reason: str) -> BootstrapError:
    return BootstrapError(
        f"cannot start {words[0]}: {reason}", hint="see that the program is there and may be run"
    )


def _read(
    stream: IO[str] | None,
    lines: list[str],
    on_line: OnLine | None,
    failures: list[Exception],
) -> None:
    """Read a stream to its end, whatever ``on_line`` does: a program whose output nobody takes waits."""
    with stream or contextlib.nullcontext(()) as text:
        for line in text:
            lines.append(line)
            if on_line is not None and not failures:
                try:
                    on_line(line.rstrip("\n"))
                except Exception as error:  # noqa: BLE001 raised again where the program was started
                    failures.append(error)


def _end(process: subprocess.Popen[str], by_itself: float = 0.0) -> None:
    """End a child: let it end by itself, then ask it to, then do it."""
    try:
        for seconds, next_step in ((by_itself, process.terminate), (_GRACE, process.kill)):
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                next_step()
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
