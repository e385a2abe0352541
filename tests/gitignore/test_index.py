from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from bootstrap.gitignore import index


def git(root: Path, *words: str) -> None:
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


def test_no_repository_tracks_nothing(tmp_path: Path) -> None:
    assert not index.may_name(tmp_path, ".env")


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_what_is_staged_may_be_named(git_project: Path, version: str) -> None:
    git(git_project, "config", "index.version", version)
    assert not index.may_name(git_project, ".env")
    (git_project / "a.txt").touch()
    (git_project / ".env").touch()
    git(git_project, "add", "a.txt")
    assert index.may_name(git_project, ".env") is (version == "4")
    git(git_project, "add", ".env")
    assert index.may_name(git_project, ".env")
    (git_project / "sub").mkdir()
    assert index.may_name(git_project / "sub", ".env")


def test_a_split_index_is_left_to_git(git_project: Path) -> None:
    (git_project / ".env").touch()
    git(git_project, "add", ".env")
    git(git_project, "update-index", "--split-index")
    assert index.may_name(git_project, ".env")


def test_a_second_work_tree(git_project: Path, tmp_path: Path) -> None:
    (git_project / ".env").touch()
    git(git_project, "add", ".env")
    git(git_project, "commit", "--quiet", "-m", "x")
    git(git_project, "worktree", "add", "--quiet", str(tmp_path / "second"))
    assert index.may_name(tmp_path / "second", ".env")
    git(tmp_path / "second", "rm", "--quiet", ".env")
    assert not index.may_name(tmp_path / "second", ".env")
    assert index.may_name(git_project, ".env")
