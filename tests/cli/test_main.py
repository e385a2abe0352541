"""What scripts rely on: one JSON document, its keys, the exit codes, what goes to which stream."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bootstrap import __version__
from tests.command import run

KEYS = ["schema", "command", "status", "exit_code", "project", "python", "steps", "problems"]
STEP_KEYS = ["name", "status", "detail", "seconds"]
PROBLEM_KEYS = ["code", "message", "hint", "file", "line", "key", "severity"]
STEPS = ["python", "venv", "locks", "install", "gitignore", "env"]


def write(name: str, text: str) -> Callable[[Path], object]:
    return lambda root: (root / name).write_text(text, encoding="utf-8")


def nothing(root: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("arguments", "prepare", "expected"),
    [
        ("", nothing, (0, "changed", None)),
        ("--check", nothing, (3, "drift", None)),
        ("--dry-run", nothing, (0, "unchanged", None)),
        ("--nonsense", nothing, (2, "failed", "usage")),
        ("nonsense", nothing, (2, "failed", "usage")),
        ("--layer", nothing, (2, "failed", "usage")),
        ("--layer dev", nothing, (2, "failed", "unknown-layer")),
        ("-C nowhere", nothing, (2, "failed", "failed")),
        ("--python banana", nothing, (2, "failed", None)),
        ("--python 3.99", nothing, (1, "failed", "python-missing")),
        ("", write("pyproject.toml", "[tool.bootstrap]\nvnev = 1\n"), (2, "failed", "bad-configuration")),
        ("", write(".venv", "elsewhere\n"), (1, "failed", "venv-foreign")),
        ("", write("requirements.in", "-r missing.in\n"), (2, "failed", None)),
        ("", write(".env.example", "KEY=replace-me\n"), (4, "attention", "placeholder")),
    ],
)
def test_json_is_one_document_with_all_keys(
    project: Path,
    arguments: str,
    prepare: Callable[[Path], object],
    expected: tuple[int, str, str | None],
) -> None:
    code, status, problem = expected
    prepare(project)
    done = run("--json", *arguments.split(), cwd=project)
    assert done.code == code, done.err
    document = json.loads(done.out)
    assert done.out.count("\n") == 1
    assert list(document) == KEYS
    assert document["schema"] == 1
    assert document["command"] == ("bootstrap" if arguments == "nonsense" else "setup")
    assert (document["exit_code"], document["status"]) == (code, status)
    assert all(list(step) == STEP_KEYS for step in document["steps"])
    assert all(list(one) == PROBLEM_KEYS for one in document["problems"])
    assert [step["name"] for step in document["steps"]] == STEPS[: len(document["steps"])]
    assert problem is None or problem in done.codes
    if code == 0:
        assert len(document["steps"]) == len(STEPS)
        assert document["project"] == str(project)
        assert list(document["python"]) == ["version", "path", "source"]


def test_facts_that_are_absent_are_null(tmp_path: Path, isolated: Path) -> None:
    document = run("--json", cwd=tmp_path).document
    assert document["project"] is None
    assert document["python"] is None
    assert document["steps"] == []
    [problem] = document["problems"]
    assert problem["code"] == "no-project"
    assert "pyproject.toml" in problem["hint"]
    assert (problem["file"], problem["line"], problem["key"]) == (None, None, None)


def test_missing_values_are_told_with_file_line_and_key(project: Path) -> None:
    (project / ".env.example").write_text("# The shop\nSTRIPE_API_KEY=replace-me\n", encoding="utf-8")
    done = run(cwd=project)
    assert done.code == 4
    assert ".env:2 STRIPE_API_KEY" in done.err
    assert "not ready" in done.err


def test_python_m_prints_the_version(tmp_path: Path, isolated: Path) -> None:
    done = run("--version", cwd=tmp_path)
    assert (done.code, done.out) == (0, f"bootstrap {__version__}\n")


@pytest.mark.parametrize("words", ["-h", "--help", "setup -h", "setup --help"])
def test_help_goes_to_stdout(tmp_path: Path, isolated: Path, words: str) -> None:
    done = run(*words.split(), cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Usage: bootstrap")


def test_the_help_of_setup_tells_every_option(tmp_path: Path, isolated: Path) -> None:
    out = run("setup", "--help", cwd=tmp_path).out
    options = (
        "--layer --check --dry-run --locked --skip --python --rebuild --install-python --offline --installer "
        "--project --quiet --verbose --color --json"
    )
    assert [option for option in options.split() if option not in out] == []


def test_one_project_however_it_is_named(settled: Path) -> None:
    elsewhere = settled.parent
    for words, folder in (
        ([], settled / "shop" / "static"),
        (["-C", str(settled)], elsewhere),
        ([f"-C{settled}", "setup"], elsewhere),
        (["setup", "--project=project/shop"], elsewhere),
        (["--color", "never", "-C", "project", "setup", "--check"], elsewhere),
    ):
        done = run(*words, "--json", cwd=folder)
        assert (done.code, done.document["status"]) == (0, "unchanged"), words
        assert done.document["project"] == str(settled)


def test_quiet_prints_nothing_when_all_is_well(settled: Path) -> None:
    """The first run of this project printed nothing either."""
    for words in (["-q"], ["-q", "-C", "."]):
        done = run(*words, cwd=settled)
        assert (done.code, done.out, done.err) == (0, "", "")


def test_quiet_prints_errors(settled: Path) -> None:
    done = run("-q", "--python", "3.99", cwd=settled)
    assert done.code == 1
    assert done.err.startswith("error: Python 3.99 is not installed")


def test_verbose_tells_each_step_also_where_nothing_was_to_do(settled: Path) -> None:
    lines = run("-v", cwd=settled).err.splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == [
        "python",
        ".venv",
        "locks",
        "packages",
        ".gitignore",
        ".env",
    ]


@pytest.mark.parametrize(
    ("words", "variables", "colored"),
    [
        ("", {}, False),
        ("--color always", {}, True),
        ("--color=never", {"FORCE_COLOR": "1"}, False),
        ("", {"FORCE_COLOR": "1"}, True),
        ("", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("--color always", {"NO_COLOR": "1"}, True),
    ],
)
def test_color(settled: Path, words: str, variables: dict[str, str], *, colored: bool) -> None:
    done = run("--python", "3.99", *words.split(), cwd=settled, env=variables)
    assert ("\x1b[" in done.err) is colored
