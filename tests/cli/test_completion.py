"""What a shell that completes is answered, asked as bash asks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import run


def completions(line: str, cwd: Path) -> list[str]:
    """Return what may stand at the end of a command line."""
    asked = {"_BOOTSTRAP_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(line.count(" "))}
    done = run(cwd=cwd, env=asked)
    assert (done.code, done.err) == (0, "")
    return done.out.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("bootstrap ", ["setup", "lock", "upgrade", "run", "new", "init", "template", "env"]),
        ("bootstrap env ", ["check", "update", "fill", "diff", "explain", "annotate"]),
        ("bootstrap -q env check --source ", ["host", "file", "both"]),
        ("bootstrap run --envi", ["--environment"]),
        ("bootstrap l", ["lock"]),
        ("bootstrap --ch", ["--check"]),
        ("bootstrap --check --off", ["--offline"]),
        ("bootstrap setup --reb", ["--rebuild"]),
        ("bootstrap -q lock --upgrade-", ["--upgrade-package"]),
        ("bootstrap --skip g", ["gitignore"]),
        ("bootstrap --layer ", []),
        ("bootstrap lock ", []),
    ],
)
def test_a_project_that_is_in_order_is_completed(settled: Path, line: str, expected: list[str]) -> None:
    assert completions(line, settled) == expected


@pytest.mark.parametrize("line", ["bootstrap --layer d", "bootstrap lock d", "bootstrap -C project lock d"])
def test_layers_are_completed(project: Path, line: str) -> None:
    for name in ("base.in", "dev.in", "docs.in"):
        path = project / "requirements" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("", encoding="utf-8")
    assert completions(line, project.parent if "-C" in line else project) == ["dev", "docs"]
    (project / "requirements" / "dev.in").write_text("-r missing.in\n", encoding="utf-8")
    assert completions(line, project.parent if "-C" in line else project) == []


def test_a_shell_whose_file_cannot_be_written_is_told_so(tmp_path: Path, isolated: Path) -> None:
    (tmp_path / "home" / ".bash_completions").write_text("", encoding="utf-8")
    done = run("--install-completion", "bash", cwd=tmp_path)
    assert done.code == 1
    assert done.err.startswith("error: cannot write ")
    assert "bootstrap --show-completion" in done.err


@pytest.mark.parametrize("line", ["bootstrap env explain D", "bootstrap -C project env fill D"])
def test_keys_are_completed(project: Path, line: str) -> None:
    (project / ".env.example").write_text("DEBUG=true\nPORT=1\n", encoding="utf-8")
    assert completions(line, project.parent if "-C" in line else project) == ["DEBUG"]
    (project / ".env.example").write_text("A='\n", encoding="utf-8")
    assert completions(line, project.parent if "-C" in line else project) == []
