"""What a check of values found, a line each, as a table; and the form that GitHub shows beside the code."""

from __future__ import annotations

from collections.abc import Sequence

from bootstrap.report import Problem, Severity
from bootstrap.ui.style import Tone, paint
from bootstrap.ui.text import printable
from bootstrap.wording import counted

_WORDS = {Severity.ERROR: "error", Severity.WARNING: "warn"}
_TONES = {Severity.ERROR: Tone.ERROR, Severity.WARNING: Tone.WARNING}
_WIDEST = 32
# What mends these is plain from the line itself.
_PLAIN = frozenset({"missing", "empty", "placeholder", "wrong-type", "same-as-example"})


def table(problems: Sequence[Problem], file: str | None, *, color: bool) -> list[str]:
    """Return the lines of a table; ``file`` is the one that goes without saying."""
    width = min(max((len(_subject(problem)) for problem in problems), default=0), _WIDEST)
    lines = []
    for problem in problems:
        word = paint(f"{_WORDS[problem.severity]:<5}", _TONES[problem.severity], color=color)
        lines.append(f"  {word}  {_subject(problem):<{width}}  {_told(problem, file)}".rstrip())
        hint = _hint(problem)
        if hint:
            lines.append(f"         {'':<{width}}  fix: {hint}")
    return lines


def count(problems: Sequence[Problem]) -> str:
    """Return how many errors and warnings there are, in words."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    return f"{counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}"


def for_github(problems: Sequence[Problem]) -> str:
    """Return the problems as GitHub's workflow commands, which become annotations of the lines."""
    return "".join(_command(problem) for problem in problems)


def _command(problem: Problem) -> str:
    properties = {"file": problem.file, "line": problem.line, "title": problem.code}
    told = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items() if value)
    hint = f" (fix: {problem.hint})" if problem.hint else ""
    return f"::{problem.severity} {told}::{_data(printable(problem.message + hint))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _subject(problem: Problem) -> str:
    return _line(problem.key or problem.file or "")


def _told(problem: Problem, file: str | None) -> str:
    text = problem.message
    if problem.key and text.startswith(f"{problem.key} "):
        text = text.removeprefix(f"{problem.key} ").removeprefix("is ").removeprefix("a ")
        text = "missing" if text == "not set" else text
    if problem.line is None:
        return _line(text)
    where = f"line {problem.line}" if problem.file == file else f"{problem.file} line {problem.line}"
    return _line(f"{text} ({where})" if problem.code == "missing" else f"{where}: {text}")


def _hint(problem: Problem) -> str:
    hint = problem.hint or ""
    if problem.code in _PLAIN:
        return _line(hint.partition("; ")[2])
    return _line(hint)


def _line(text: str) -> str:
    return printable(text).replace("\n", " ")
