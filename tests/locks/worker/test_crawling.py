"""Following requirements ahead of the resolver: each once, however they hang together, whatever fails."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from bootstrap.locks.worker.crawling import Crawl, Wanted

GRAPH = {"web": ["util", "fast[x]"], "fast": ["util", "web"], "util": ["gone"], "tool": ["util"]}


def wanted(text: str) -> Wanted:
    name, _, extra = text.rstrip("]").partition("[")
    return name, frozenset([extra] if extra else []), None


class Walk:
    """Follows a graph and remembers what was asked for; a package that is not in it fails."""

    def __init__(self, graph: Mapping[str, Sequence[str]], last: int) -> None:
        self.followed: list[tuple[str, frozenset[str]]] = []
        self.enough = threading.Event()
        self._graph = graph
        self._last = last
        self._lock = threading.Lock()

    def follow(self, one: Wanted) -> list[Wanted]:
        with self._lock:
            self.followed.append(one[:2])
            if len(self.followed) == self._last:
                self.enough.set()
        return [wanted(text) for text in self._graph[one[0]]]


def test_each_is_followed_once_for_each_set_of_extras() -> None:
    walk = Walk(GRAPH, last=6)
    crawl = Crawl(walk.follow, connections=3)
    crawl.add([wanted("web"), wanted("tool"), wanted("web"), wanted("fast")])
    assert walk.enough.wait(10)
    crawl.end()
    names = ["web", "tool", "fast", "fast[x]", "util", "gone"]
    assert sorted(walk.followed, key=repr) == sorted((wanted(name)[:2] for name in names), key=repr)


def test_nothing_is_started_after_the_end() -> None:
    walk = Walk(GRAPH, last=1)
    crawl = Crawl(walk.follow, connections=1)
    crawl.end()
    crawl.add([wanted("web")])
    assert walk.followed == []


def test_no_more_than_so_many_at_once() -> None:
    lock, most, now = threading.Lock(), [0], [0]
    done = threading.Semaphore(0)
    together = threading.Barrier(3)

    def follow(_: Wanted) -> list[Wanted]:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        together.wait(10)
        with lock:
            now[0] -= 1
        done.release()
        return []

    crawl = Crawl(follow, connections=3)
    crawl.add([wanted(f"p{number}") for number in range(9)])
    assert all(done.acquire(timeout=10) for _ in range(9))
    crawl.end()
    assert most == [3]
