"""What a run found and did, as data: the ui turns it into lines or JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bootstrap.exit_codes import ExitCode


class StepStatus(StrEnum):
    """How one step ended."""

    UNCHANGED = "unchanged"
    CHANGED = "changed"
    WOULD_CHANGE = "would-change"
    SKIPPED = "skipped"
    FAILED = "failed"


class Severity(StrEnum):
    """An error decides the exit code; a warning is only shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing the user must see: what, where, and the one thing that mends it.

    ``code`` is stable and part of the contract. ``file`` is relative to the project where it lies
    inside it; ``line`` counts from 1. No field ever holds a value out of ``.env``.
    """

    code: str
    message: str
    hint: str | None = None
    file: str | None = None
    line: int | None = None
    key: str | None = None
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step's outcome; ``seconds`` is wall-clock time."""

    name: str
    status: StepStatus
    detail: str
    seconds: float


@dataclass(frozen=True, slots=True)
class PythonFacts:
    """The interpreter of the project: its full version, absolute path, and who asked for it."""

    version: str
    path: str
    source: str


@dataclass(slots=True)
class Report:
    """The outcome of one command; filled while it runs, so a failure still has its steps.

    ``facts`` are what one command has to say besides: each is a key more of the JSON document. ``outcome`` is
    a status that only some commands have.
    """

    command: str
    project: str | None = None
    python: PythonFacts | None = None
    steps: list[StepResult] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    exit_code: ExitCode = ExitCode.OK
    facts: dict[str, object] = field(default_factory=dict)
    outcome: str | None = None

    @property
    def status(self) -> str:
        """How the whole run ended, as the JSON document gives it."""
        if self.outcome is not None:
            return self.outcome
        if self.exit_code is ExitCode.OK:
            changed = any(step.status is StepStatus.CHANGED for step in self.steps)
            return "changed" if changed else "unchanged"
        words = {ExitCode.DRIFT: "drift", ExitCode.VALUES_MISSING: "attention"}
        return words.get(self.exit_code, "failed")

    def add(self, later: Report) -> None:
        """Add a later round of the same command: what it did to each step's result, and its problems."""
        second = {step.name: step for step in later.steps}
        self.steps = [_added(step, second.get(step.name)) for step in self.steps]
        self.problems = list(dict.fromkeys([*self.problems, *later.problems]))
        self.exit_code = later.exit_code


def _added(first: StepResult, second: StepResult | None) -> StepResult:
    if second is None:
        return first
    seconds = round(first.seconds + second.seconds, 3)
    if second.status in (StepStatus.UNCHANGED, StepStatus.SKIPPED):
        return replace(first, seconds=seconds)
    both = first.status is second.status is StepStatus.CHANGED
    detail = f"{first.detail}, then {second.detail}" if both else second.detail
    return StepResult(first.name, second.status, detail, seconds)
