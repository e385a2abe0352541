"""What metadata files say is kept for each project, and not for ever."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bootstrap.setup import metadata


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a cache of its own, in which two files are enough."""
    monkeypatch.setattr(metadata, "_MOST", 2)
    monkeypatch.setenv("BOOTSTRAP_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_each_project_has_a_file_of_its_own(tmp_path: Path, cache: Path) -> None:
    one, other = (metadata.kept_for(tmp_path / name) for name in ("one", "other"))
    assert one != other
    assert one == metadata.kept_for(tmp_path / "one")
    assert one.parent.is_dir()
    assert one.is_relative_to(cache)


def test_those_of_other_projects_go_where_there_are_too_many(tmp_path: Path, cache: Path) -> None:
    made = [metadata.kept_for(tmp_path / name) for name in "abcd"]
    for seconds, path in enumerate(made):
        path.write_text("{}")
        os.utime(path, (seconds, seconds))
    metadata.kept_for(tmp_path / "e")
    assert [path.exists() for path in made] == [False, False, True, True]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path: Path, cache: Path) -> None:
    cache.touch()
    assert metadata.kept_for(tmp_path).is_relative_to(cache)
