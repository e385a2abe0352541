"""What a failed compilation is told as: the lines that ask for what cannot be had, and what would do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from bootstrap.errors import BootstrapError
from bootstrap.locks import bench as benches
from bootstrap.locks import conflict
from bootstrap.locks.layers import Layer
from bootstrap.locks.pip_tools import PipTools
from bootstrap.locks.requirements import Requirement, RequirementFile, parse
from bootstrap.pip import inquiry
from bootstrap.pip.inquiry import Sought
from bootstrap.report import Problem
from bootstrap.wording import canonical

_ALIKE = 0.75
"""How much of two names must be the same for one to be taken for a slip of the other."""


def told(
    error: BootstrapError, pip_tools: PipTools, layers: Iterable[Layer], texts: Mapping[PurePosixPath, str]
) -> Problem:
    """Return an error's problem with what pip seldom tells: the line, close names, what there is instead.

    Where the index offers nothing, pip is asked once more for that package alone, and says what it saw.
    """
    is_union = error.problem.file == str(benches.UNION.source)
    problem = replace(error.problem, file=None) if is_union else error.problem
    paths = sorted({path for layer in layers for path in layer.files})
    sources = [parse(texts[path], str(path)) for path in paths]
    if problem.code == "conflict":
        return conflict.placed(problem, sources, pip_tools.moves.packages.values())
    sought = inquiry.sought(error.details or "")
    if sought is None:
        return problem
    locks = [parse(texts[layer.lock], str(layer.lock)) for layer in layers if layer.lock in texts]
    if problem.code == "not-found" and not sought.explained:
        problem = _explained(problem, sought, pip_tools, {*_names([*sources, *locks])})
    return _placed(problem, sought.parent or sought.name, sources)


def _placed(problem: Problem, name: str, sources: Iterable[RequirementFile]) -> Problem:
    for source in sources:
        for line in source.lines:
            if isinstance(line, Requirement) and line.name == canonical(name):
                return replace(problem, file=source.name, line=line.number)
    return problem


def _explained(problem: Problem, sought: Sought, pip_tools: PipTools, known: set[str]) -> Problem:
    seen = inquiry.sighting(pip_tools.looked_for(sought.wanted), sought.name)
    needed = f" (which {sought.parent} needs)" if sought.parent else ""
    if seen.tags:
        what = f"no file for {sought.wanted}{needed} is for this Python and platform, all are for others"
        hint = "take a version that has a file for these, or move the project to a Python that it is made for"
        return replace(problem, message=f"{what}: {', '.join(seen.tags[-3:])}", hint=hint)
    if not seen.unknown:
        return problem
    close = [] if needed else difflib.get_close_matches(sought.name, known - {sought.name}, cutoff=_ALIKE)
    meant = f"did you mean {' or '.join(close)}? Else see" if close else "see"
    hint = f"{meant} that the name is right, and that pip config list names the index that has it"
    return replace(problem, message=f"no index knows a package called {sought.name}{needed}", hint=hint)


def _names(files: Iterable[RequirementFile]) -> Iterator[str]:
    for file in files:
        yield from (line.name for line in file.lines if isinstance(line, Requirement))
