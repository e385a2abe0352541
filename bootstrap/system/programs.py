"""Becoming another program: on POSIX this process is replaced, on Windows the other one is waited for."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

from bootstrap.errors import BootstrapError

# Python ignores these, and a program inherits what is ignored: `yes | head` would not end.
_IGNORED_BY_PYTHON = ("SIGPIPE", "SIGXFSZ")


def become(command: Sequence[str], environ: Mapping[str, str], platform: str) -> NoReturn:
    """Let a program take the place of this one: it gets the terminal, the signals, and the exit code is its.

    It is looked for on the PATH of ``environ``. Raises ``BootstrapError`` where it cannot be started, and on
    Windows ``SystemExit`` with its exit code.
    """
    if "\0" in "".join([*command, *environ, *environ.values()]):
        raise BootstrapError(
            "a value holds a NUL character, which no environment variable can hold",
            hint="see bootstrap env check",
            code="unwritable-value",
        )
    try:
        if platform == "win32":
            raise SystemExit(_wait_for(command, environ))
        _as_a_shell_leaves_them()
        variables = {_as_bytes(name): _as_bytes(value) for name, value in environ.items()}
        os.execvpe(command[0], list(command), variables)  # noqa: S606 replacing this process is the purpose
    except OSError as error:
        raise _not_started(command[0], error) from None


def _as_bytes(text: str) -> bytes:
    """Return a variable's bytes: the host's own ones, and of a file those it has, whatever the locale."""
    try:
        return os.fsencode(text)
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape")


def _as_a_shell_leaves_them() -> None:
    sys.stdout.flush()
    sys.stderr.flush()
    for name in _IGNORED_BY_PYTHON:
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)


def _wait_for(command: Sequence[str], environ: Mapping[str, str]) -> int:
    """Start a program and return its exit code; a Ctrl-C is for it alone, which shares the console."""
    import shutil
    import subprocess

    program = shutil.which(command[0], path=environ.get("PATH"))
    if program is None:
        raise FileNotFoundError(2, "there is no such program")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.call([program, *command[1:]], env=dict(environ))
    finally:
        signal.signal(signal.SIGINT, before)


def _not_started(program: str, error: OSError) -> BootstrapError:
    reason = "there is no such program" if isinstance(error, FileNotFoundError) else error.strerror
    return BootstrapError(
        f"cannot start {program}: {reason}",
        hint=f"see that {program} is installed in .venv or on PATH, and may be run",
        code="not-started",
    )
