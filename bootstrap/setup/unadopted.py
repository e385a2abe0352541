"""Projects whose needs stand in files of other tools: set up as they are, they would be empty."""

from __future__ import annotations

from bootstrap.report import Problem, Severity
from bootstrap.setup.context import Context

_FILES = ("requirements.txt", "Pipfile")


def look(context: Context) -> tuple[Problem, ...]:
    """Return a warning for a project without layers where something else names what it needs."""
    project = context.project
    for name in _FILES:
        context.seen.note(project.root / name)
    found = [f"{project.dependencies} in {project.pyproject.name}"] if project.dependencies else []
    found += [name for name in _FILES if (project.root / name).is_file()]
    found += sorted(map(project.shown, (project.root / project.settings.requirements).glob("*.txt")))
    if not found:
        return ()
    told = f"{found[0]} names what this project needs, and nothing of it is installed: there is no .in file"
    hint = "run bootstrap init, which takes it over"
    return (Problem("not-adopted", told, hint, severity=Severity.WARNING),)
