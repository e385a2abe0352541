"""What all layers of a job share, kept in one place for as long as the process lasts."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import kept
import once

if TYPE_CHECKING:
    import crawling


class Shared:
    """The session, the pages and metadata, and the union once it is resolved.

    ``slow`` counts the answers that had to be waited for; ``can_follow`` is whether a slow index has metadata
    files, along which one can fetch ahead. ``unfetched`` is what pip said of pages that it could not fetch,
    ``locked`` the names and versions of the locks there were.
    """

    def __init__(self) -> None:
        self.session: Any = None
        self.pages = once.Once()
        self.metadata = once.Once()
        self.kept = kept.Kept()
        self.slow = 0
        self.can_follow = False
        self.crawl: crawling.Crawl | None = None
        self.roots: list[crawling.Wanted] = []
        self.union: Any = None
        self.hashes: dict[str, set[str]] = {}
        self.locked: frozenset[tuple[str, str]] = frozenset()
        self.unfetched: list[str] = []
        self.of_this_thread = threading.local()


shared = Shared()
