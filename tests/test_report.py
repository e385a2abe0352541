from __future__ import annotations

import pytest

from bootstrap.errors import BootstrapError, DriftError, UsageError
from bootstrap.exit_codes import ExitCode
from bootstrap.report import Problem, Report, StepResult, StepStatus


@pytest.mark.parametrize(
    ("exit_code", "statuses", "word"),
    [
        (ExitCode.OK, [], "unchanged"),
        (ExitCode.OK, [StepStatus.UNCHANGED, StepStatus.SKIPPED], "unchanged"),
        (ExitCode.OK, [StepStatus.WOULD_CHANGE], "unchanged"),
        (ExitCode.OK, [StepStatus.UNCHANGED, StepStatus.CHANGED], "changed"),
        (ExitCode.DRIFT, [StepStatus.WOULD_CHANGE], "drift"),
        (ExitCode.VALUES_MISSING, [StepStatus.CHANGED], "attention"),
        (ExitCode.FAILED, [StepStatus.CHANGED], "failed"),
        (ExitCode.USAGE, [], "failed"),
        (ExitCode.BUG, [], "failed"),
        (ExitCode.INTERRUPTED, [], "failed"),
        (ExitCode.TERMINATED, [], "failed"),
    ],
)
def test_a_run_in_one_word(exit_code: ExitCode, statuses: list[StepStatus], word: str) -> None:
    report = Report("setup", exit_code=exit_code)
    report.steps = [StepResult("venv", status, "", 0.0) for status in statuses]
    assert report.status == word


@pytest.mark.parametrize(("kind", "exit_code"), [(BootstrapError, 1), (UsageError, 2), (DriftError, 3)])
def test_an_error_is_a_problem_with_an_exit_code(kind: type[BootstrapError], exit_code: int) -> None:
    error = kind("what", hint="do", code="odd", file="a", line=3, details="long")
    assert error.problem == Problem("odd", "what", "do", "a", 3)
    assert (str(error), error.details, int(error.exit_code)) == ("what", "long", exit_code)
