"""Where the requirements of a conflict stand, which pip tells by their text alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Asked
from packaging.utils import canonicalize_name

from bootstrap.locks.requirements import Requirement, RequirementFile
from bootstrap.pip.messages import DEPENDS
from bootstrap.report import Problem

_REQUESTED = re.compile(r"\s*The user requested (?:\(constraint\) )?(?P<asked>.+)")

Place = tuple[str, int]


def placed(problem: Problem, files: Iterable[RequirementFile], options: Iterable[str] = ()) -> Problem:
    """Return a conflict's problem with the file and line of each requirement that takes part.

    Those that the project makes itself come first, the shorter before the longer; the problem stands where
    the first of them does. A package that no file names has no place. ``options`` are what ``-P`` asks for.
    """
    told, *causes = problem.message.splitlines()
    files, options = tuple(files), tuple(options)
    known = [(cause, _places(cause, files)) for cause in dict.fromkeys(causes)]
    known.sort(key=lambda each: (not each[1], DEPENDS.match(each[0]) is not None, len(each[0])))
    where = [(cause, [*map(_shown, places), *_options(cause, options)]) for cause, places in known]
    lines = [f"{cause} ({', '.join(places)})" if places else cause for cause, places in where]
    first = next((places[0] for _, places in known if places), (problem.file, problem.line))
    return replace(problem, message="\n".join([told, *lines]), file=first[0], line=first[1])


def _places(cause: str, files: Iterable[RequirementFile]) -> list[Place]:
    """Return the lines that make a request, or that ask for the package whose dependency is told."""
    requested, depends = _REQUESTED.match(cause), DEPENDS.match(cause)
    asked = _read(requested["asked"]) if requested else None
    name = asked.name if asked else depends["name"] if depends else ""
    return [
        (file.name, line.number)
        for file in files
        for line in file.lines
        if isinstance(line, Requirement)
        and line.name == canonicalize_name(name)
        and (asked is None or line.specifier == asked.specifier)
    ]


def _options(cause: str, options: Iterable[str]) -> list[str]:
    """Return the ``-P`` that makes a request; pip takes it for a constraint."""
    requested = _REQUESTED.match(cause) if "(constraint)" in cause else None
    asked = _read(requested["asked"]) if requested else None
    return [] if asked is None else [f"-P {text}" for text in options if _read(text) == asked]


def _read(text: str) -> Asked | None:
    try:
        return Asked(text)
    except InvalidRequirement:
        return None


def _shown(place: Place) -> str:
    return f"{place[0]}:{place[1]}"
