"""The steps of an upgrade in the report: each says how it ended, and how long it took."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from bootstrap.report import StepResult, StepStatus
from bootstrap.setup.context import Context
from bootstrap.system import host


@dataclass(slots=True)
class Step:
    """A step while it is carried out: what it says in the end."""

    status: StepStatus = StepStatus.UNCHANGED
    detail: str = ""


@contextlib.contextmanager
def step(context: Context, name: str) -> Iterator[Step]:
    """Add a step to the report when the body ends; one that raises has failed."""
    begin = host.seconds()
    current = Step(StepStatus.FAILED, "failed")
    try:
        current.status, current.detail = StepStatus.UNCHANGED, ""
        yield current
    except BaseException:
        current.status, current.detail = StepStatus.FAILED, current.detail or "failed"
        raise
    finally:
        result = StepResult(name, current.status, current.detail, round(host.seconds() - begin, 3))
        context.report.steps.append(result)
        context.progress.finished(result)
