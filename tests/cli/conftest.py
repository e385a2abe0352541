from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests import command


@pytest.fixture
def project(git_project: Path) -> Path:
    """Give a project without requirement files: its first run takes a third of a second."""
    (git_project / ".python-version").write_text(f"{command.PYTHON_VERSION}\n", encoding="utf-8")
    return git_project


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give such a project after its first run; a test must leave it as it was."""
    root = tmp_path_factory.mktemp("settled") / "project"
    subprocess.run(["git", "init", "--quiet", root], check=True)
    (root / ".python-version").write_text(f"{command.PYTHON_VERSION}\n", encoding="utf-8")
    (root / "shop" / "static").mkdir(parents=True)
    done = command.run("-q", cwd=root)
    assert (done.code, done.out, done.err) == (0, "", "")
    return root.resolve()
