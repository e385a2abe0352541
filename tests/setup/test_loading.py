"""What the steps need is loaded ahead, and that never goes on behind the end of a run."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from bootstrap.setup import loading


@dataclass
class Loading:
    """The modules that were imported, in order; ``began`` is set with the first."""

    names: list[str] = field(default_factory=list)
    began: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Watch what is imported ahead; the first import lasts until the run is over."""
    watched = Loading()
    ending = threading.Event()

    class Over(threading.Event):
        def set(self) -> None:
            super().set()
            ending.set()

    def import_module(name: str) -> None:
        watched.names.append(name)
        watched.began.set()
        assert ending.wait(10)

    monkeypatch.setattr(loading, "importlib", SimpleNamespace(import_module=import_module))
    monkeypatch.setattr(loading, "threading", SimpleNamespace(Event=Over, Thread=threading.Thread))
    return watched


def test_an_import_that_lasts_is_waited_for_and_is_the_last(watched: Loading) -> None:
    """Python crashes where it ends while a thread imports an extension module."""
    before = threading.active_count()
    with loading.ahead("one", "other"):
        assert watched.began.wait(10)
    assert threading.active_count() == before
    assert watched.names == ["one"]


def test_a_module_that_cannot_be_imported_is_told_by_who_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    with loading.ahead("bootstrap.setup.nothing", "bootstrap.setup.env"):
        pass
    assert told == []
