"""The report as lines for people: what was done, then what needs the user."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bootstrap.exit_codes import ExitCode
from bootstrap.report import Problem, Report, Severity, StepResult, StepStatus
from bootstrap.ui.style import Tone, paint
from bootstrap.ui.text import fitting, printable, step_label

_LABEL_WIDTH = 12
_DETAIL_WIDTH = 30
# Below this a step's time tells nothing; in seconds.
_WORTH_TELLING = 0.1
_WORDS = {
    StepStatus.UNCHANGED: "unchanged",
    StepStatus.WOULD_CHANGE: "would change",
    StepStatus.SKIPPED: "skipped",
    StepStatus.FAILED: "failed",
}
_IDLE = (StepStatus.UNCHANGED, StepStatus.SKIPPED)


def render(
    report: Report, *, verbosity: int, color: bool, summary: str | None = None, encoding: str | None = "utf-8"
) -> str:
    """Return the closing text of a run, each line ended.

    ``verbosity`` is -1 for problems alone, 0, or more for the steps also where nothing was to do.
    ``summary`` stands behind "up to date:". What the stream's ``encoding`` cannot hold is escaped.
    """
    blocks = [_problem_lines(group, color=color) for group in _grouped(report.problems)]
    if verbosity >= 0 and report.steps:
        blocks.insert(0, _outcome(report, summary, verbose=verbosity > 0, color=color))
    lines = "\n\n".join("\n".join(block) for block in blocks)
    return fitting(f"{lines}\n" if lines else "", encoding)


def _outcome(report: Report, summary: str | None, *, verbose: bool, color: bool) -> list[str]:
    nothing_done = report.exit_code is ExitCode.OK and all(step.status in _IDLE for step in report.steps)
    closing = _closing(report, summary, nothing_done=nothing_done, color=color)
    if nothing_done and not verbose:
        return closing
    steps = [line for step in report.steps for line in _step_lines(step, color=color)]
    return [*_header(report, color=color), *steps, *closing]


def _header(report: Report, *, color: bool) -> list[str]:
    words = ["bootstrap"]
    if report.project:
        words.append(paint(_line(re.split(r"[/\\]", report.project)[-1]), Tone.STRONG, color=color))
    if report.python:
        words.append(_line(f"Python {report.python.version} ({report.python.source})"))
    return ["  ".join(words)]


def _step_lines(step: StepResult, *, color: bool) -> list[str]:
    first, *others = printable(_told(step)).split("\n")
    label = f"{step_label(step.name):<{_LABEL_WIDTH}}"
    time = f"  {step.seconds:.1f} s" if step.seconds >= _WORTH_TELLING else ""
    line = f"  {label}  {first:<{_DETAIL_WIDTH}}{time}".rstrip()
    indent = " " * (_LABEL_WIDTH + 4)
    tones = {StepStatus.FAILED: Tone.ERROR} | dict.fromkeys(_IDLE, Tone.QUIET)
    lines = [line, *(f"{indent}{other}" for other in others)]
    tone = tones.get(step.status)
    return lines if tone is None else [paint(line, tone, color=color) for line in lines]


def _told(step: StepResult) -> str:
    """Return a step's detail with a word for its status in front, where that is not said yet."""
    word = _WORDS.get(step.status, "")
    if step.detail.startswith(word) and step.detail:
        return step.detail
    separator = ": " if step.status is StepStatus.WOULD_CHANGE else ", "
    return f"{word}{separator}{step.detail}" if step.detail else word or "changed"


def _closing(report: Report, summary: str | None, *, nothing_done: bool, color: bool) -> list[str]:
    seconds = sum(step.seconds for step in report.steps)
    if nothing_done:
        facts = summary or (f"Python {report.python.version}" if report.python else "")
        return [paint("up to date", Tone.GOOD, color=color) + (f": {_line(facts)}" if facts else "")]
    if report.exit_code is ExitCode.DRIFT:
        return [paint("out of date", Tone.WARNING, color=color) + f": run {_mending(report)}"]
    if report.exit_code is ExitCode.VALUES_MISSING:
        return [f"done in {seconds:.1f} s, but not ready:"]
    if report.exit_code is not ExitCode.OK:
        return []
    if any(step.status is StepStatus.WOULD_CHANGE for step in report.steps):
        return ["nothing was changed"]
    # Files or locks alone are ready for nothing.
    installed = any(step.name == "install" for step in report.steps)
    return [paint("ready" if installed else "done", Tone.GOOD, color=color) + f" in {seconds:.1f} s"]


def _mending(report: Report) -> str:
    return "bootstrap upgrade" if report.command == "upgrade" else "bootstrap"


def _grouped(problems: Iterable[Problem]) -> list[list[Problem]]:
    """Put problems together that differ in their place alone, in the order of the first of each."""
    groups: dict[tuple[str, str, str | None], list[Problem]] = {}
    for problem in problems:
        groups.setdefault((problem.severity, problem.message, problem.hint), []).append(problem)
    return list(groups.values())


def _problem_lines(group: Sequence[Problem], *, color: bool) -> list[str]:
    problem = group[0]
    tone = Tone.ERROR if problem.severity is Severity.ERROR else Tone.WARNING
    first, *others = printable(problem.message).split("\n")
    lines = [f"{paint(f'{problem.severity}:', tone, color=color)} {first}"]
    lines += [f"  {other}" for other in others]
    lines += [f"  {place}" for place in dict.fromkeys(map(_place, group)) if place]
    # The message of a missing interpreter lists every way out, the hint's among them.
    if problem.hint and problem.hint not in problem.message:
        lines.append("  fix: " + printable(problem.hint).replace("\n", "\n       "))
    return lines


def _place(problem: Problem) -> str:
    file = problem.file if problem.line is None or problem.file is None else f"{problem.file}:{problem.line}"
    return _line(" ".join(word for word in (file, problem.key) if word))


def _line(text: str) -> str:
    return printable(text).replace("\n", " ")
