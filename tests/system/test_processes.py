from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bootstrap.system import processes


def test_a_program_gets_its_input_and_gives_its_output_and_code() -> None:
    code = "import sys; print(sys.stdin.read().upper()); print('x', file=sys.stderr); sys.exit(3)"
    done = processes.run([sys.executable, "-I", "-c", code], stdin="text")
    assert (done.returncode, done.stdout, done.stderr) == (3, "TEXT\n", "x\n")


def test_a_program_that_does_not_read_its_input_is_no_error() -> None:
    done = processes.run([sys.executable, "-I", "-c", "raise SystemExit(4)"], stdin="x" * 1_000_000)
    assert done.returncode == 4


@pytest.mark.parametrize(
    "variable", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "PYTHONPATH", "PIP_TARGET"]
)
def test_a_variable_that_misleads_does_not_reach_a_program(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "elsewhere")
    code = f"import os; print(os.environ.get({variable!r}))"
    assert processes.run([sys.executable, "-I", "-c", code]).stdout == "None\n"


def test_a_program_is_found_on_the_path_but_not_in_a_project(tmp_path: Path) -> None:
    name = "tool.exe" if sys.platform == "win32" else "tool"
    (tmp_path / name).touch(mode=0o755)
    assert processes.find(name, str(tmp_path)) == tmp_path / name
    assert processes.find(name, str(tmp_path), outside=tmp_path) is None
    assert processes.find(name, str(tmp_path), outside=tmp_path / "project") == tmp_path / name
    assert processes.find(name, "") is None
