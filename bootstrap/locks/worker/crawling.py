"""Fetching ahead of the resolver, which asks for one page and one metadata file after the other.

From the requirements and the old pins it is mostly clear what will be asked for next: the page of each, the
metadata of its likely version, the pages of what that requires. A few threads ask for them at once, and the
resolver finds the answers there. A wrong guess costs a request; the resolver never learns of it.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

# Of what the guess is made: a package, the extras it is asked for with, the specifiers (pip's own, or None).
Wanted = tuple[str, frozenset[str], Any]


class Crawl:
    """Follows requirements in the background; ``follow`` fetches one and returns what it requires."""

    def __init__(self, follow: Callable[[Wanted], Iterable[Wanted]], connections: int) -> None:
        self._follow = follow
        self._pool = ThreadPoolExecutor(connections)
        self._lock = threading.Lock()
        self._seen: set[tuple[str, frozenset[str]]] = set()
        self._over = False

    def add(self, wanted: Iterable[Wanted]) -> None:
        """Fetch these and what they require, each package once for each set of extras."""
        for each in wanted:
            with self._lock:
                if self._over or each[:2] in self._seen:
                    continue
                self._seen.add(each[:2])
                self._pool.submit(self._one, each)

    def end(self) -> None:
        """Start nothing more."""
        with self._lock:
            self._over = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _one(self, wanted: Wanted) -> None:
        # A guess that fails is none: the resolver asks by itself.
        with contextlib.suppress(Exception):
            self.add(self._follow(wanted))
