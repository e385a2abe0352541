"""A head start for the process that compiles all layers.

To load pip and pip-tools takes it a third of a second, which it can do while this program still finds out
what is to be compiled. It does nothing before it is told, and ends with the program that started it, however
that ends: started before the project's lock was taken, it does not share that.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.system import processes
from bootstrap.system.processes import Started

WORKER = Path(__file__).with_name("worker")
"""What the process runs."""


class HeadStart:
    """The process, if one was started, and the Python that it runs under."""

    def __init__(self, python: Path | None = None, process: Started | None = None) -> None:
        self._python = python
        self._process = process

    def process(self, python: Path) -> Started:
        """Return the process for a Python: the one that waits, where it is its own, else a new one.

        Raises ``BootstrapError`` where it cannot be started.
        """
        waiting, self._process = self._process, None
        if waiting is not None and waiting.is_running and python == self._python:
            return waiting
        if waiting is not None:
            waiting.abandon()
        return _start(python)

    def end(self) -> None:
        """End the process where nobody took it."""
        if self._process is not None:
            self._process.abandon()
            self._process = None


@contextlib.contextmanager
def started(python: Path | None) -> Iterator[HeadStart]:
    """Start the process under a Python, if there is one, and end it after the body where nobody took it."""
    head_start = HeadStart()
    # Whoever needs the process will see why it cannot be started.
    with contextlib.suppress(BootstrapError):
        if python is not None:
            head_start = HeadStart(python, _start(python))
    try:
        yield head_start
    finally:
        head_start.end()


def _start(python: Path) -> Started:
    return processes.start([python, "-I", WORKER])
