from __future__ import annotations

from pathlib import Path

import pytest

from tests import command


@pytest.fixture
def project(git_project: Path) -> Path:
    """Give a project without requirement files: its first run takes a third of a second."""
    (git_project / ".python-version").write_text(f"{command.PYTHON_VERSION}\n", encoding="utf-8")
    return git_project
