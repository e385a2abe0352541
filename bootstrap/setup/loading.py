"""Loading what is needed next while this program waits for another one: together they take no longer."""

from __future__ import annotations

import contextlib
import importlib
import threading
from collections.abc import Iterator, Sequence


@contextlib.contextmanager
def ahead(*modules: str) -> Iterator[None]:
    """Import modules while the body waits; those that are not begun when it ends are left.

    Who imports one later will see what is wrong with it.
    """
    over = threading.Event()
    thread = threading.Thread(target=_import_all, args=(modules, over))
    thread.start()
    try:
        yield
    finally:
        # Python may crash where it ends while something is being imported.
        over.set()
        thread.join()


def _import_all(modules: Sequence[str], over: threading.Event) -> None:
    with contextlib.suppress(Exception):
        for name in modules:
            if not over.is_set():
                importlib.import_module(name)
