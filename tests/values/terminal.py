"""A terminal to ask on: what is typed is the answer to a question that has been shown."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import command


@dataclass(frozen=True, slots=True)
class Shown:
    """The exit code, and all that the terminal showed, what was echoed among it."""

    code: int
    text: str


def drive(
    words: Sequence[str],
    answers: Iterable[str],
    *,
    cwd: Path,
    prompt: str = "to skip):",
    env: Mapping[str, str] | None = None,
    program: Sequence[str] = ("-m", "bootstrap"),
) -> Shown:
    """Run the tool on a terminal of its own and give the next answer whenever it asks.

    ``program`` are the words for Python that start it.
    """
    import pty

    environ = command.environment(env)
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        os.execve(sys.executable, [sys.executable, "-P", *program, *words], environ)
    shown, left = b"", iter(answers)
    asked = 0
    while True:
        try:
            seen = os.read(terminal, 4096)
        except OSError:
            break
        if not seen:
            break
        shown += seen
        if shown.count(prompt.encode()) > asked:
            asked = shown.count(prompt.encode())
            os.write(terminal, next(left, "\x04").encode())
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    return Shown(os.waitstatus_to_exitcode(status), shown.decode())
