"""The no-op route: what it imports, what it answers, and that it never guesses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap import unchanged
from tests import command

_PRINT_MODULES = "import sys; print(*sorted(sys.modules))"
_RUN = "import sys; sys.argv[1:] = ['--json']; from bootstrap.__main__ import main; main(); "
_ALLOWED = "import __future__, os, sys, json, re; "


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project with a stamp; it has no layers, which makes it quick."""
    root = tmp_path_factory.mktemp("settled") / "project"
    subprocess.run(["git", "init", "--quiet", root], check=True)
    (root / ".python-version").write_text(f"{command.PYTHON_VERSION}\n")
    assert command.run(cwd=root).code == 0
    assert stamp_of(root).exists()
    return root.resolve()


def stamp_of(root: Path) -> Path:
    return root / ".venv" / ".bootstrap.json"


@pytest.fixture
def inside(settled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(settled)
    return settled


def test_it_imports_next_to_nothing(settled: Path) -> None:
    def modules(code: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-P", "-c", code],
            cwd=settled,
            env=command.environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        return set(done.stdout.splitlines()[-1].split())

    ours = {"bootstrap", "bootstrap.__main__", "bootstrap.unchanged"}
    assert modules(_RUN + _PRINT_MODULES) - modules(_ALLOWED + _PRINT_MODULES) == ours


@pytest.mark.parametrize("words", ["", "setup", "--check", "-q", "--quiet", "--json", "setup --check --json"])
def test_it_answers_a_plain_run(inside: Path, capsys: pytest.CaptureFixture[str], words: str) -> None:
    assert unchanged.answer(words.split()) == 0
    out, err = capsys.readouterr()
    assert (out != "") is ("--json" in words)
    assert err == ("" if "-q" in words else f"up to date: Python {command.PYTHON_VERSION}\n")
    if out:
        assert json.loads(out)["status"] == "unchanged"


@pytest.mark.parametrize(
    "words",
    [
        *("setup setup", "setup lock", "lock base", "lock --upgrade", "lock -P django", "lock --dry-run"),
        *("--layer dev", "--rebuild", "-v", "--color always", "--help", "--jsn", "-C ."),
    ],
)
def test_anything_else_is_for_the_whole_run(
    inside: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    assert unchanged.answer(words.split()) is None
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("words", ["lock", "lock --check", "lock -q --json"])
def test_it_answers_lock_as_the_whole_run_does(
    inside: Path, capsys: pytest.CaptureFixture[str], words: str
) -> None:
    assert unchanged.answer(words.split()) == 0
    out, err = capsys.readouterr()
    whole = command.run(*words.split(), "--color", "never", cwd=inside)  # an option for the whole run
    assert (whole.code, whole.err) == (0, err)
    assert ("--json" in words) == bool(out)
    if out:
        told, expected = json.loads(out), whole.document
        for step in (*told["steps"], *expected["steps"]):
            step["seconds"] = 0
        assert told == expected


def test_it_finds_the_project_from_below(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = inside / "src" / "shop"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert unchanged.answer([]) == 0


def test_another_repository_inside_is_not_the_project(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = inside / "vendored"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    assert unchanged.answer([]) is None


@pytest.mark.parametrize(
    ("name", "value"), [("CI", "1"), ("BOOTSTRAP_PYTHON", "3.1"), ("BOOTSTRAP_VENV", "env")]
)
def test_a_variable_that_decides_is_seen(
    inside: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert unchanged.answer([]) is None


def damaged(change: Callable[[dict[str, object]], object]) -> Callable[[str], str]:
    def damage(text: str) -> str:
        stamp = json.loads(text)
        change(stamp)
        return json.dumps(stamp)

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:100],
        lambda text: "[]",
        lambda text: "null",
        lambda text: "\0" * 100,
        lambda text: '{"tool": "0"}',
        damaged(lambda stamp: stamp.pop("files")),
        damaged(lambda stamp: stamp.pop("runs")),
        damaged(lambda stamp: stamp.update(tool="0.0.0")),
        damaged(lambda stamp: stamp.update(root="/elsewhere")),
        damaged(lambda stamp: stamp.update(files=[])),
        damaged(lambda stamp: stamp.update(distributions=[])),
        damaged(lambda stamp: stamp.update(site_packages="/nowhere")),
    ],
)
def test_a_stamp_that_is_damaged_or_of_another_project_counts_as_none(
    inside: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[str], str]
) -> None:
    stamp = stamp_of(inside)
    text = stamp.read_text(encoding="utf-8")
    times = stamp.stat().st_atime_ns, stamp.stat().st_mtime_ns
    try:
        stamp.write_text(damage(text), encoding="utf-8")
        assert unchanged.answer(["--json"]) is None
        assert capsys.readouterr() == ("", "")
    finally:
        stamp.write_text(text, encoding="utf-8")
        os.utime(stamp, ns=times)
    assert unchanged.answer([]) == 0


def test_a_file_written_in_the_same_instant_as_the_stamp_is_not_trusted(inside: Path) -> None:
    """Two states of a file within one tick of the clock look alike: same size, same time."""
    version = inside / ".python-version"
    stamp = stamp_of(inside)
    seen = version.stat()
    content = json.loads(stamp.read_text(encoding="utf-8"))
    now = time.time_ns()
    try:
        os.utime(version, ns=(now, now))
        content["files"][str(version)] = unchanged.state_of(version)
        stamp.write_text(json.dumps(content), encoding="utf-8")
        os.utime(stamp, ns=(now, now))
        assert unchanged.answer([]) is None
        os.utime(stamp, ns=(now, now + 1))
        assert unchanged.answer([]) == 0
    finally:
        os.utime(version, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        command.renew(stamp)


def test_a_change_right_after_the_run_is_seen(tmp_path: Path, isolated: Path) -> None:
    (tmp_path / ".python-version").write_text(f"{command.PYTHON_VERSION}\n")
    assert command.run(cwd=tmp_path).code == 0
    (tmp_path / ".python-version").write_text("3.99\n")
    assert command.run("--check", cwd=tmp_path).code == 1


def test_distributions_are_told_by_name_version_and_wholeness(tmp_path: Path) -> None:
    for name in ("Foo_Bar-1.0.dist-info", "broken-2.dist-info"):
        (tmp_path / name).mkdir()
    (tmp_path / "Foo_Bar-1.0.dist-info" / "RECORD").touch()
    (tmp_path / "module.py").touch()
    assert unchanged.distributions(str(tmp_path)) == ["broken==2 damaged", "foo-bar==1.0"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (None, ".venv"),
        ("[project]\nname = 'x'\n", ".venv"),
        ("[tool.bootstrap]\nvenv = 'env'\n", "env"),
        ('[tool.other]\nvenv = "no"\n[tool.bootstrap]\npython = "3.13"\nvenv="env"  # here\n', "env"),
        ("[tool.bootstrap]\npython = '3.13'\n[tool.other]\nvenv = 'no'\n", ".venv"),
    ],
)
def test_the_environments_folder_is_read_from_the_settings(
    tmp_path: Path, text: str | None, expected: str
) -> None:
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert unchanged._venv(str(tmp_path)) == expected
