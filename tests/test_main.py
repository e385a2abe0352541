"""``python -m bootstrap``: the entry, from anywhere and past whatever lies there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import command


def test_the_command_and_the_module_are_one(git_project: Path) -> None:
    """An installed ``bootstrap`` calls ``main`` and exits with what it returns."""
    (git_project / ".python-version").write_text("3.99\n", encoding="utf-8")
    entry = "import sys; from bootstrap.__main__ import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-P", "-c", entry],
        cwd=git_project,
        env=command.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert without_seconds(done.stderr) == without_seconds(command.run(cwd=git_project).err)


def without_seconds(text: str) -> str:
    return re.sub(r" +\d+\.\d s", "", text)


@pytest.mark.parametrize("module", ["json", "re", "pip", "typer", "virtualenv"])
def test_modules_in_the_projects_folder_are_not_imported(git_project: Path, module: str) -> None:
    """Python puts the current folder first on sys.path for ``-m``."""
    (git_project / f"{module}.py").write_text("raise SystemExit('imported from the project')\n")
    (git_project / ".python-version").write_text(f"{command.PYTHON_VERSION}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "bootstrap", "--check"],
        cwd=git_project,
        env=command.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert "imported" not in done.stderr
