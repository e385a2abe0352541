"""The report as the one JSON document of the contract; scripts are written against its keys."""

from __future__ import annotations

import json
from typing import Any

from bootstrap.report import Problem, PythonFacts, Report, StepResult

SCHEMA = 1


def render(report: Report) -> str:
    """Return the document in one line, in ASCII: any console can print it."""
    return json.dumps(document(report)) + "\n"


def document(report: Report) -> dict[str, Any]:
    """Return the document; every key is always there, an absent fact is null.

    Some commands have keys of their own besides.
    """
    return {
        "schema": SCHEMA,
        "command": report.command,
        "status": report.status,
        "exit_code": int(report.exit_code),
        "project": report.project,
        "python": None if report.python is None else _python(report.python),
        "steps": [_step(step) for step in report.steps],
        "problems": [_problem(problem) for problem in report.problems],
        **report.facts,
    }


def _python(facts: PythonFacts) -> dict[str, Any]:
    return {"version": facts.version, "path": facts.path, "source": facts.source}


def _step(step: StepResult) -> dict[str, Any]:
    return {
        "name": step.name,
        "status": str(step.status),
        "detail": step.detail,
        "seconds": round(step.seconds, 3),
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "file": problem.file,
        "line": problem.line,
        "key": problem.key,
        "severity": str(problem.severity),
    }
