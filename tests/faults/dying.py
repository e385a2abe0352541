"""Runs the tool and kills it at its N-th change: ``python -P dying.py LOG WHOM N ARGUMENT...``.

A change is a file opened for writing, renamed, removed or synced, a folder made or removed, a program
started: each dies just before it, and a program also just after its start. WHOM is ``alone`` or ``group``.
The changes are logged, a line each; with N = 0 the run lives to its end.
"""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from typing import Any

_CHANGES = frozenset(
    {
        "os.chmod",
        "os.link",
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
        "os.symlink",
        "os.truncate",
        "subprocess.Popen",
    }
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class _Reaper:
    """Counts changes and ends this process at the chosen one."""

    def __init__(self, log: str, whom: str, at: int) -> None:
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._whom, self._at = whom, at
        self._count = itertools.count(1)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, str) and path != os.devnull and flags & _WRITING:
                self.note(event, path)
        elif event in _CHANGES:
            self.note(event, arguments[1] if event == "subprocess.Popen" else arguments[0])

    def note(self, event: str, what: object) -> None:
        number = next(self._count)
        os.write(self._log, f"{event} {what}\n".encode(errors="replace").replace(b"\0", b""))
        if number == self._at:
            if self._whom == "group":
                os.killpg(0, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> int:
    log, whom, at = sys.argv[1:4]
    sys.argv[1:] = sys.argv[4:]
    reaper = _Reaper(log, whom, int(at))
    sync: Any = os.fsync
    start: Any = subprocess.Popen.__init__

    def fsync(descriptor: Any) -> None:
        reaper.note("fsync", descriptor)
        sync(descriptor)

    def started(process: subprocess.Popen[Any], *args: Any, **kwargs: Any) -> None:
        start(process, *args, **kwargs)
        reaper.note("started", process.args)

    os.fsync = fsync  # type: ignore[assignment]
    subprocess.Popen.__init__ = started  # type: ignore[assignment,method-assign]
    sys.addaudithook(reaper.hear)
    from bootstrap.__main__ import main as bootstrap

    return bootstrap()


if __name__ == "__main__":
    sys.exit(main())
