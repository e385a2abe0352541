"""A thing is done once, however many ask at the same time; what failed is tried again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bootstrap.locks.worker.once import Once


def test_the_first_answer_serves_all() -> None:
    results, made = Once(), list[int]()

    def make() -> int:
        made.append(1)
        return len(made)

    assert [results.get("page", make) for _ in range(3)] == [1, 1, 1]
    assert results.get("another", make) == 2


def test_who_asks_meanwhile_waits_for_it() -> None:
    results, calls = Once(), list[int]()
    begun, may_end = threading.Event(), threading.Event()

    def make() -> str:
        calls.append(1)
        begun.set()
        assert may_end.wait(10)
        return "done"

    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(results.get, "page", make)
        assert begun.wait(10)
        others = [pool.submit(results.get, "page", make) for _ in range(3)]
        may_end.set()
        assert {one.result(10) for one in (first, *others)} == {"done"}
    assert len(calls) == 1


def test_a_failure_is_not_kept() -> None:
    results = Once()

    def fail() -> str:
        raise OSError("cut")

    with pytest.raises(OSError, match="cut"):
        results.get("page", fail)
    assert results.get("page", lambda: "done") == "done"


def test_who_waited_for_a_failure_tries_by_himself() -> None:
    results = Once()
    begun, may_fail = threading.Event(), threading.Event()

    def fail() -> str:
        begun.set()
        assert may_fail.wait(10)
        raise OSError("cut")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(results.get, "page", fail)
        assert begun.wait(10)
        other = pool.submit(results.get, "page", lambda: "done")
        may_fail.set()
        assert other.result(10) == "done"
        with pytest.raises(OSError, match="cut"):
            first.result(10)


def test_an_interrupt_is_no_answer_either() -> None:
    results = Once()

    def interrupted() -> str:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        results.get("page", interrupted)
    assert results.get("page", lambda: "done") == "done"
