"""What a run loads, and when."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bootstrap.environments.environment import Kind
from bootstrap.setup import loading, pipeline
from bootstrap.setup.context import Context
from bootstrap.setup.options import Options


@pytest.mark.parametrize(("venv", "expected"), [(sys.prefix, list(pipeline._STEPS)), ("elsewhere", [])])
def test_all_is_loaded_before_what_it_runs_from_is_changed(
    monkeypatch: pytest.MonkeyPatch, venv: str, expected: list[str]
) -> None:
    """The installer may put another version of this tool there."""
    loaded: list[str] = []
    monkeypatch.setattr(pipeline, "_plan_of", loaded.append)
    context: Any = SimpleNamespace(project=SimpleNamespace(venv=Path(venv)))
    context.runs_from_venv = Context.runs_from_venv.fget(context)  # type: ignore[attr-defined]
    pipeline._load_all_from_own_environment(context)
    assert loaded == expected


@pytest.mark.parametrize(
    ("kind", "options", "expected"),
    [
        (Kind.ABSENT, Options(), [("virtualenv",)]),
        (Kind.ABSENT, Options(check=True), []),
        (Kind.ABSENT, Options(skip=frozenset({"venv"})), []),
        (Kind.ENVIRONMENT, Options(), []),
    ],
)
def test_virtualenv_is_loaded_ahead_where_it_will_be_needed(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, options: Options, expected: list[tuple[str, ...]]
) -> None:
    loaded: list[tuple[str, ...]] = []
    monkeypatch.setattr(loading, "ahead", lambda *names: loaded.append(names))
    context: Any = SimpleNamespace(options=options, environment=SimpleNamespace(kind=kind))
    pipeline._loading_virtualenv(context)
    assert loaded == expected
