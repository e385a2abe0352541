from __future__ import annotations

import json

import pytest

from bootstrap.exit_codes import ExitCode
from bootstrap.report import Problem, PythonFacts, Report, StepResult, StepStatus
from bootstrap.ui import json_document

KEYS = ["schema", "command", "status", "exit_code", "project", "python", "steps", "problems"]
PYTHON_KEYS = ["version", "path", "source"]
STEP_KEYS = ["name", "status", "detail", "seconds"]
PROBLEM_KEYS = ["code", "message", "hint", "file", "line", "key", "severity"]


def full_report() -> Report:
    return Report(
        "setup",
        "/home/ann/shop",
        PythonFacts("3.12.1", "/usr/bin/python3.12", ".python-version"),
        [
            StepResult("venv", StepStatus.CHANGED, "created", 0.21049),
            StepResult("env", StepStatus.SKIPPED, "skipped by --skip", 0.001),
        ],
        [
            Problem(
                "missing", "SECRET_KEY has no value", "bootstrap env fill", ".env.example", 3, "SECRET_KEY"
            )
        ],
        ExitCode.VALUES_MISSING,
    )


def test_the_keys_are_the_contract() -> None:
    document = json.loads(json_document.render(full_report()))
    assert list(document) == KEYS
    assert list(document["python"]) == PYTHON_KEYS
    assert [list(step) for step in document["steps"]] == [STEP_KEYS] * 2
    assert [list(problem) for problem in document["problems"]] == [PROBLEM_KEYS]


def test_the_values() -> None:
    assert json.loads(json_document.render(full_report())) == {
        "schema": 1,
        "command": "setup",
        "status": "attention",
        "exit_code": 4,
        "project": "/home/ann/shop",
        "python": {"version": "3.12.1", "path": "/usr/bin/python3.12", "source": ".python-version"},
        "steps": [
            {"name": "venv", "status": "changed", "detail": "created", "seconds": 0.21},
            {"name": "env", "status": "skipped", "detail": "skipped by --skip", "seconds": 0.001},
        ],
        "problems": [
            {
                "code": "missing",
                "message": "SECRET_KEY has no value",
                "hint": "bootstrap env fill",
                "file": ".env.example",
                "line": 3,
                "key": "SECRET_KEY",
                "severity": "error",
            }
        ],
    }


def test_absent_facts_are_null() -> None:
    document = json.loads(json_document.render(Report("lock", problems=[Problem("failed", "no")])))
    assert document["project"] is None
    assert document["python"] is None
    assert document["steps"] == []
    (problem,) = document["problems"]
    assert [problem[key] for key in ("hint", "file", "line", "key")] == [None] * 4


@pytest.mark.parametrize(
    ("code", "changed", "status"),
    [
        (ExitCode.OK, True, "changed"),
        (ExitCode.OK, False, "unchanged"),
        (ExitCode.FAILED, True, "failed"),
        (ExitCode.USAGE, False, "failed"),
        (ExitCode.DRIFT, False, "drift"),
        (ExitCode.VALUES_MISSING, True, "attention"),
        (ExitCode.BUG, False, "failed"),
        (ExitCode.INTERRUPTED, False, "failed"),
    ],
)
def test_one_word_for_the_run(code: ExitCode, changed: bool, status: str) -> None:  # noqa: FBT001 a table's column
    step = StepResult("venv", StepStatus.CHANGED if changed else StepStatus.UNCHANGED, "", 0)
    document = json.loads(json_document.render(Report("setup", steps=[step], exit_code=code)))
    assert (document["status"], document["exit_code"]) == (status, int(code))


def test_one_line_that_any_console_can_print() -> None:
    text = json_document.render(Report("setup", project="/home/zoë/\udcff/\x1b[31m\n\u2028"))
    assert text.isascii()
    assert text.splitlines(keepends=True) == [text]
    assert json.loads(text)["project"] == "/home/zoë/\udcff/\x1b[31m\n\u2028"
