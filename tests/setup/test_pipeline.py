"""What the steps need is loaded ahead, and that never goes on behind the end of a run."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from bootstrap.environments.environment import Kind
from bootstrap.setup import pipeline
from bootstrap.setup.options import Options


@dataclass
class Loading:
    """The modules that were imported, in order; ``began`` is set with the first."""

    names: list[str] = field(default_factory=list)
    began: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def loading(monkeypatch: pytest.MonkeyPatch) -> Loading:
    """Watch what is imported ahead; the first import lasts until the run is over."""
    loading = Loading()
    ending = threading.Event()

    class Over(threading.Event):
        def set(self) -> None:
            super().set()
            ending.set()

    def import_module(name: str) -> None:
        loading.names.append(name)
        loading.began.set()
        assert ending.wait(10)

    monkeypatch.setattr(pipeline, "importlib", SimpleNamespace(import_module=import_module))
    monkeypatch.setattr(pipeline, "threading", SimpleNamespace(Event=Over, Thread=threading.Thread))
    return loading


@pytest.mark.parametrize(
    ("kind", "options", "first"),
    [
        (Kind.ABSENT, Options(), "virtualenv"),
        (Kind.ABSENT, Options(check=True), "bootstrap.setup.python"),
        (Kind.ABSENT, Options(skip=frozenset({"python", "venv"})), "bootstrap.setup.locks"),
        (Kind.ENVIRONMENT, Options(), "bootstrap.setup.python"),
    ],
)
def test_an_import_that_lasts_is_waited_for_and_is_the_last(
    loading: Loading, kind: Kind, options: Options, first: str
) -> None:
    """Python crashes where it ends while a thread imports an extension module."""
    context: Any = SimpleNamespace(options=options, environment=SimpleNamespace(kind=kind))
    before = threading.active_count()
    with pipeline._importing_ahead(context):
        assert loading.began.wait(10)
    assert threading.active_count() == before
    assert loading.names == [first]


def test_a_module_that_cannot_be_imported_is_told_by_who_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    pipeline._import_all(["bootstrap.setup.nothing", "bootstrap.setup.env"], threading.Event())
    assert told == []
