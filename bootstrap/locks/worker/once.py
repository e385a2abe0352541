"""Doing a thing once, whoever asks for it first, and whoever asks meanwhile waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Any


class Once:
    """Results by key; a failure is not kept, so that the next one who asks tries by himself."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._futures: dict[Hashable, Future[Any]] = {}

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what ``make`` returned for this key, calling it if nobody has."""
        with self._lock:
            future = self._futures.get(key)
            if future is None:
                mine = self._futures[key] = Future()
        if future is not None:
            try:
                return future.result()
            except Exception:  # noqa: BLE001 somebody else's failure; this one sees whether it fails again
                return make()
        return self._fulfil(key, mine, make)

    def _fulfil(self, key: Hashable, future: Future[Any], make: Callable[[], Any]) -> Any:
        try:
            result = make()
        except BaseException as error:
            with self._lock:
                del self._futures[key]
            future.set_exception(error)
            raise
        future.set_result(result)
        return result
