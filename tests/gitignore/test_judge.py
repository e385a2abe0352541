"""Git itself judges: real repositories, and the same answers without git."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.gitignore import git
from bootstrap.gitignore.block import with_block
from bootstrap.gitignore.judge import Finding, Names, look
from bootstrap.report import Severity

ALL = (".venv/", ".env", ".env.*", "__pycache__/", "*.py[cod]", "!.env.example")


def judge(root: Path, names: Names | None = None, search_path: str | None = os.environ["PATH"]) -> Finding:
    path = root / ".gitignore"
    existing = path.read_bytes() if path.exists() else b""
    return look(git.repository(root, search_path), names or Names(), existing)


def write(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run_git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout


def add(root: Path, *paths: str) -> None:
    for path in paths:
        write(root, **{path: "text"})
    run_git(root, "add", "--force", "--", *paths)


def mend(root: Path, finding: Finding) -> None:
    path = root / ".gitignore"
    existing = path.read_bytes() if path.exists() else b""
    path.write_bytes(with_block(existing, finding.lines))


@pytest.mark.parametrize("search_path", [os.environ["PATH"], ""], ids=["git", "rules"])
@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        ("", ALL),
        (".venv\n.env\n*.pyc\n", (".env.*", "!.env.example")),
        (".env*\n*.pyc\n.venv/\n", ("!.env.example",)),
        ("\ufeff.env\r\n.env.*\r\n!.env.example\r\n.venv/\r\n*.pyc\r\n", ()),
    ],
)
def test_git_and_the_rules_agree(
    git_project: Path, search_path: str, existing: str, expected: tuple[str, ...]
) -> None:
    (git_project / ".gitignore").write_bytes(existing.encode())
    assert judge(git_project, search_path=search_path).lines == expected


@pytest.mark.parametrize("folder", [".", "shop", "mon café/été"])
def test_after_one_run_git_hides_all_but_the_example(git_project: Path, folder: str) -> None:
    root = git_project / folder
    root.mkdir(parents=True, exist_ok=True)
    names = Names(extra=("staticfiles/",))
    mend(root, judge(root, names))
    assert judge(root, names) == Finding((), ())
    for path in (".env", ".env.local", ".env.example", ".venv/x", "a/__pycache__/a.pyc", "staticfiles/a"):
        write(root, **{path: "text"})
    shown = run_git(root, "ls-files", "--others", "--exclude-standard").split()
    assert shown == [".env.example", ".gitignore"]


@pytest.mark.parametrize("folder", [".", "mon café"])
def test_the_answer_does_not_depend_on_the_environment_being_there(git_project: Path, folder: str) -> None:
    root = git_project / folder
    without = judge(root) if root.exists() else None
    write(root, **{".venv/.gitignore": "*\n", ".venv/pyvenv.cfg": "home = x\n"})
    assert judge(root).lines == ALL
    assert without is None or without.lines == ALL


def test_a_rule_at_the_top_of_the_repository_counts(git_project: Path) -> None:
    write(git_project, **{".gitignore": ".venv/\n*.pyc\n", "shop/manage.py": ""})
    assert judge(git_project / "shop").lines == (".env", ".env.*", "!.env.example")


def test_a_file_of_ones_own_excludes_counts(git_project: Path) -> None:
    (git_project / ".git" / "info").mkdir(exist_ok=True)
    (git_project / ".git" / "info" / "exclude").write_text("*.pyc\n.venv\n")
    assert judge(git_project).lines == (".env", ".env.*", "!.env.example")


def test_names_of_the_settings_with_letters_and_spaces(git_project: Path) -> None:
    names = Names("mon env", "réglages [1].env", "réglages.exemple")
    mend(git_project, judge(git_project, names))
    assert "réglages \\[1].env\n" in (git_project / ".gitignore").read_text(encoding="utf-8")
    assert judge(git_project, names).lines == ()
    write(git_project, **{"réglages [1].env": "", "réglages.exemple": "", "mon env/x": ""})
    shown = run_git(git_project, "ls-files", "-z", "--others", "--exclude-standard").split("\0")
    assert shown == [".gitignore", "réglages.exemple", ""]


def test_a_linked_environment_is_judged_by_the_rules(git_project: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (git_project / ".venv").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert judge(git_project).lines == ALL


def test_a_worktree_is_a_repository(git_project: Path, tmp_path: Path) -> None:
    add(git_project, "file", ".env")
    run_git(git_project, "commit", "--quiet", "-m", "first")
    run_git(git_project, "worktree", "add", "--quiet", str(tmp_path / "tree"))
    finding = judge(tmp_path / "tree")
    assert finding.lines == ALL
    assert [problem.file for problem in finding.problems] == [".env"]


@pytest.mark.parametrize("variable", ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"])
def test_variables_of_a_git_hook_do_not_mislead(
    git_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    other = tmp_path / "other"
    run_git(tmp_path, "init", "--quiet", str(other))
    (other / ".gitignore").write_text("*\n")
    add(git_project, ".env")
    values = {"GIT_DIR": other / ".git", "GIT_WORK_TREE": other, "GIT_INDEX_FILE": tmp_path / "none"}
    monkeypatch.setenv(variable, str(values[variable]))
    finding = judge(git_project)
    assert finding.lines == ALL
    assert [problem.file for problem in finding.problems] == [".env"]


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_a_program_that_the_repository_names_does_not_run(git_project: Path, tmp_path: Path) -> None:
    witness = tmp_path / "ran"
    program = tmp_path / "monitor"
    program.write_text(f"#!/bin/sh\ntouch '{witness}'\n")
    program.chmod(0o755)
    add(git_project, ".env")
    for key in ("core.fsmonitor", "core.pager"):
        run_git(git_project, "config", key, str(program))
    subprocess.run(["git", "ls-files"], cwd=git_project, check=True, capture_output=True)
    assert witness.exists(), "a plain git runs it"
    witness.unlink()
    assert judge(git_project).problems
    assert not witness.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the program is a shell script")
def test_a_git_that_lies_in_the_project_is_not_taken(git_project: Path) -> None:
    program = git_project / "git"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert git.repository(git_project, str(git_project)) is None


def test_outside_a_repository_the_rules_judge(isolated: Path, tmp_path: Path) -> None:
    assert judge(tmp_path) == Finding(ALL, ())
    assert git.repository(tmp_path, os.environ["PATH"]) is None


def test_inside_a_git_folder_there_is_no_work_tree(git_project: Path) -> None:
    assert git.repository(git_project / ".git", os.environ["PATH"]) is None


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root gives a folder away")
def test_a_repository_of_another_user_is_named(git_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (git_project, git_project / ".git"):
        os.chown(path, 12345, 12345)
    monkeypatch.delenv("SUDO_UID", raising=False)
    finding = judge(git_project)
    assert finding.lines == ALL
    (problem,) = finding.problems
    assert (problem.code, problem.severity) == ("git-refuses", Severity.WARNING)
    assert problem.hint == f"git config --global --add safe.directory {git_project}"


def test_what_git_tracks_is_told(git_project: Path) -> None:
    add(git_project, ".env", ".env.production", "api/.env", ".env.example", ".env.sample", "docs/env")
    add(git_project, ".venv/pyvenv.cfg", ".venv/lib/.env", ".venv/lib/a.pyc")
    add(git_project, "a.pyc", "pkg/__pycache__/b.pyc", "mon café/.env")
    mend(git_project, judge(git_project))
    finding = judge(git_project)
    assert {(p.file, p.hint, p.severity) for p in finding.problems} == {
        (".env", "git rm --cached .env", Severity.ERROR),
        (".env.production", "git rm --cached .env.production", Severity.WARNING),
        ("api/.env", "git rm --cached api/.env", Severity.WARNING),
        ("mon café/.env", 'git rm --cached "mon café/.env"', Severity.WARNING),
        (".venv", "git rm -r --cached .venv", Severity.WARNING),
        ("a.pyc", 'git rm --cached "*.pyc"', Severity.WARNING),
    }
    assert {problem.code for problem in finding.problems} == {"tracked-by-git"}
    assert "change the secrets" in next(p.message for p in finding.problems if p.file == ".env")


def test_the_hints_mend_it(git_project: Path) -> None:
    add(
        git_project,
        ".env",
        "a $(touch x)/.env",
        ".venv/x",
        "a.pyc",
        "p/__pycache__/b.pyc",
        "p/__pycache__/c.nbi",
    )
    mend(git_project, judge(git_project))
    for problem in judge(git_project).problems:
        assert problem.hint is not None
        subprocess.run(problem.hint, shell=True, cwd=git_project, check=True, capture_output=True)
    assert judge(git_project) == Finding((), ())
    assert not (git_project / "x").exists()


def test_a_clean_project_has_no_problem(git_project: Path) -> None:
    add(git_project, "manage.py", ".env.example", "environment.md", "a.pycx")
    assert judge(git_project).problems == ()
