from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.exit_codes import ExitCode
from bootstrap.report import Problem, PythonFacts, Report, Severity, StepResult, StepStatus
from bootstrap.ui.terminal import render

PYTHON = PythonFacts("3.12.1", "/usr/bin/python3.12", ".python-version, pyenv")
IDLE = [
    StepResult("venv", StepStatus.UNCHANGED, "Python 3.12.1", 0.01),
    StepResult("env", StepStatus.SKIPPED, "no .env.example", 0.0),
]


def shown(report: Report, *, verbosity: int = 0, color: bool = False, summary: str | None = None) -> str:
    return render(report, verbosity=verbosity, color=color, summary=summary)


def test_nothing_to_do_is_one_line() -> None:
    report = Report("setup", "/home/ann/shop", PYTHON, IDLE)
    assert shown(report, summary="Python 3.12.1, 31 packages") == "up to date: Python 3.12.1, 31 packages\n"
    assert shown(report) == "up to date: Python 3.12.1\n"
    assert shown(report, verbosity=-1) == ""


def test_a_first_run() -> None:
    steps = [
        StepResult("python", StepStatus.UNCHANGED, "3.12.1", 0.02),
        StepResult("venv", StepStatus.CHANGED, "created", 0.2),
        StepResult(
            "locks", StepStatus.CHANGED, "base unchanged, 18 packages\ndev compiled, 31 packages", 1.4
        ),
        StepResult("install", StepStatus.CHANGED, "installed 31", 4.1),
        StepResult("gitignore", StepStatus.CHANGED, "added 2 lines", 0.01),
        StepResult("env", StepStatus.SKIPPED, "no .env.example", 0.0),
    ]
    assert shown(Report("setup", "/home/ann/shop", PYTHON, steps)).splitlines() == [
        "bootstrap  shop  Python 3.12.1 (.python-version, pyenv)",
        "  python        unchanged, 3.12.1",
        "  .venv         created                         0.2 s",
        "  locks         base unchanged, 18 packages     1.4 s",
        "                dev compiled, 31 packages",
        "  packages      installed 31                    4.1 s",
        "  .gitignore    added 2 lines",
        "  .env          skipped, no .env.example",
        "ready in 5.7 s",
    ]


@pytest.mark.parametrize(
    ("status", "detail", "expected"),
    [
        (StepStatus.UNCHANGED, "", "unchanged"),
        (StepStatus.UNCHANGED, "unchanged", "unchanged"),
        (StepStatus.CHANGED, "", "changed"),
        (StepStatus.CHANGED, "created", "created"),
        (StepStatus.WOULD_CHANGE, "create .venv", "would change: create .venv"),
        (StepStatus.WOULD_CHANGE, "", "would change"),
        (StepStatus.SKIPPED, "skipped by --skip", "skipped by --skip"),
        (StepStatus.FAILED, "failed", "failed"),
        (StepStatus.FAILED, "no network", "failed, no network"),
    ],
)
def test_a_step_says_its_status_once(status: StepStatus, detail: str, expected: str) -> None:
    report = Report("setup", steps=[StepResult("venv", status, detail, 0.0)], exit_code=ExitCode.FAILED)
    assert shown(report).splitlines()[1] == f"  .venv         {expected}"


@pytest.mark.parametrize(
    ("code", "status", "closing"),
    [
        (ExitCode.OK, StepStatus.CHANGED, "done in 0.5 s"),
        (ExitCode.OK, StepStatus.WOULD_CHANGE, "nothing was changed"),
        (ExitCode.DRIFT, StepStatus.WOULD_CHANGE, "out of date: run bootstrap"),
        (ExitCode.VALUES_MISSING, StepStatus.UNCHANGED, "done in 0.5 s, but not ready:"),
        (ExitCode.FAILED, StepStatus.FAILED, "  locks         failed                          0.5 s"),
    ],
)
def test_the_last_line_says_how_it_stands(code: ExitCode, status: StepStatus, closing: str) -> None:
    report = Report("setup", steps=[StepResult("locks", status, "", 0.5)], exit_code=code)
    assert shown(report).splitlines()[-1] == closing


@pytest.mark.parametrize(("last", "closing"), [("git", "done in 0.1 s"), ("install", "ready in 0.1 s")])
def test_a_project_is_ready_where_its_packages_were_seen_to(last: str, closing: str) -> None:
    steps = [StepResult("files", StepStatus.CHANGED, "", 0.1), StepResult(last, StepStatus.CHANGED, "", 0.0)]
    assert shown(Report("new", steps=steps)).splitlines()[-1] == closing


def test_verbose_shows_the_steps_of_an_idle_run() -> None:
    lines = shown(Report("setup", "shop", PYTHON, IDLE), verbosity=1).splitlines()
    assert lines[1:] == [
        "  .venv         unchanged, Python 3.12.1",
        "  .env          skipped, no .env.example",
        "up to date: Python 3.12.1",
    ]


def test_problems_that_differ_in_their_place_alone_are_one() -> None:
    problems = [
        Problem(
            "missing", "required values are missing", "bootstrap env fill", ".env.example", 3, "SECRET_KEY"
        ),
        Problem("tracked-by-git", ".venv is tracked", "git rm -r --cached .venv", severity=Severity.WARNING),
        Problem(
            "missing", "required values are missing", "bootstrap env fill", ".env.example", 7, "DATABASE_URL"
        ),
        Problem("bug", "a bug;\nit broke in x", None, None, 5, "KEY"),
    ]
    report = Report("env check", problems=problems, exit_code=ExitCode.FAILED)
    assert shown(report, verbosity=-1) == (
        "error: required values are missing\n"
        "  .env.example:3 SECRET_KEY\n"
        "  .env.example:7 DATABASE_URL\n"
        "  fix: bootstrap env fill\n"
        "\n"
        "warning: .venv is tracked\n"
        "  fix: git rm -r --cached .venv\n"
        "\n"
        "error: a bug;\n"
        "  it broke in x\n"
        "  KEY\n"
    )
    assert shown(report) == shown(report, verbosity=-1)


def test_problems_follow_the_steps_after_a_blank_line() -> None:
    report = Report("setup", steps=IDLE, problems=[Problem("x", "wrong", severity=Severity.WARNING)])
    assert shown(report) == "up to date\n\nwarning: wrong\n"


def test_an_empty_report_prints_nothing() -> None:
    assert shown(Report("lock")) == ""


def test_colour_adds_codes_alone() -> None:
    problems = [Problem("x", "wrong"), Problem("y", "odd", severity=Severity.WARNING)]
    steps = [*IDLE, StepResult("locks", StepStatus.FAILED, "", 1)]
    report = Report("setup", "shop", PYTHON, steps, problems, ExitCode.FAILED)
    colored = shown(report, color=True)
    assert "\x1b[1;31merror:\x1b[0m wrong" in colored
    assert "\x1b[1;33mwarning:\x1b[0m odd" in colored
    for code in ("1;31", "1;33", "0", "1", "2"):
        colored = colored.replace(f"\x1b[{code}m", "")
    assert colored == shown(report)


hostile = st.text(st.characters() | st.sampled_from("\x1b[]\\\x07\x9b31m\r\n\t\u202e"))


@given(
    hostile,
    hostile,
    hostile,
    st.sampled_from(list(StepStatus)),
    st.sampled_from(["utf-8", "cp1252", "ascii"]),
)
def test_text_from_outside_controls_no_terminal(
    message: str, place: str, detail: str, status: StepStatus, encoding: str
) -> None:
    problem = Problem("x", message, detail, place, 3, place)
    facts = PythonFacts(place, place, detail)
    steps = [StepResult("venv", status, detail, 1)]
    report = Report("setup", place, facts, steps, [problem], ExitCode.FAILED)
    text = render(report, verbosity=1, color=False, summary=message, encoding=encoding)
    assert text.encode(encoding).decode(encoding) == text
    assert not {char for char in text if ord(char) < 32 or 127 <= ord(char) < 160} - {"\n"}
    assert "\u202e" not in text
