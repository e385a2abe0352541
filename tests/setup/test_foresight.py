"""The process that locks is started ahead where something has changed since the last lock."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bootstrap.setup import foresight
from bootstrap.system.processes import Started

OWN = Path(sys.executable)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project whose last lock is remembered."""
    monkeypatch.setenv("BOOTSTRAP_CACHE_DIR", str(tmp_path / "cache"))
    root = (tmp_path / "project").resolve()
    (root / "requirements").mkdir(parents=True)
    (root / "requirements" / "base.in").write_text("web\n")
    (root / "requirements" / "base.txt").write_text("web==1.0\n")
    foresight._record(root).parent.mkdir(parents=True, exist_ok=True)
    foresight.remember(root, sorted((root / "requirements").iterdir()), OWN)
    return root


def test_nothing_is_started_where_nothing_has_changed(project: Path, started: list[Started]) -> None:
    with foresight.head_start(project):
        assert started == []


@pytest.mark.parametrize("change", ["edited", "removed"])
def test_it_is_started_where_something_has(project: Path, started: list[Started], change: str) -> None:
    if change == "edited":
        (project / "requirements" / "base.in").write_text("web\nutil\n")
    else:
        (project / "requirements" / "base.txt").unlink()
    with foresight.head_start(project / "requirements"):
        assert len(started) == 1
        assert started[0].is_running
    assert not started[0].is_running


def test_what_a_run_without_a_lock_saw_is_remembered_with_the_same_python(
    project: Path, started: list[Started]
) -> None:
    source = project / "requirements" / "base.in"
    source.write_text("web  # a comment\n")
    foresight.remember(project, [source])
    with foresight.head_start(project):
        assert started == []
    source.write_text("web>=1\n")
    with foresight.head_start(project):
        assert len(started) == 1


DAMAGED = [
    "",
    "[]",
    '{"files": {}}',
    '{"files": 1, "python": "x"}',
    '{"files": {}, "python": null}',
    '{"files": {"a\\u0000": null}, "python": "x"}',
    '{"files": {}, "python": "a\\u0000"}',
]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_record_that_is_damaged_is_none(project: Path, started: list[Started], content: str) -> None:
    foresight._record(project).write_text(content)
    (project / "requirements" / "base.txt").unlink()
    with foresight.head_start(project):
        assert started == []


def test_what_moves_pins_starts_it_without_a_change(project: Path, started: list[Started]) -> None:
    with foresight.head_start(project, surely=True):
        assert len(started) == 1


@pytest.mark.skipif(sys.platform in ("darwin", "win32"), reason="names there are Unicode")
def test_a_folder_whose_name_is_no_text(tmp_path: Path, started: list[Started]) -> None:
    root = tmp_path / os.fsdecode(b"caf\xe9")
    root.mkdir()
    source = root / "requirements.in"
    source.write_text("web\n")
    foresight._record(root).parent.mkdir(parents=True, exist_ok=True)
    foresight.remember(root, [source], OWN)
    source.write_text("")
    with foresight.head_start(root):
        assert len(started) == 1


def test_a_python_that_is_gone_is_no_error(project: Path, tmp_path: Path) -> None:
    foresight.remember(project, [project / "requirements" / "base.in"], tmp_path / "gone")
    (project / "requirements" / "base.in").unlink()
    with foresight.head_start(project):
        pass


def test_a_folder_without_a_project_is_no_error(tmp_path: Path, started: list[Started]) -> None:
    with foresight.head_start(tmp_path / "nowhere"):
        assert started == []
