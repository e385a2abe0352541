"""The newest installed interpreter that is what was asked for, or an error that says how to get it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.version import Version

from bootstrap.pythons import installed, interpreter, launcher, managers, missing
from bootstrap.pythons.installed import MANAGERS, Candidate, Machine
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.pythons.request import PythonRequest

Look = Callable[[Path, str], Interpreter | None]
"""Starts an interpreter at a path for a finder's name, as `interpreter.inspect` does."""

_Rank = tuple[Version, tuple[int, ...], int]


@dataclass(frozen=True, slots=True)
class Search:
    """What a search came to: the interpreter or None, all that could be seen, and what did not start."""

    interpreter: Interpreter | None
    candidates: tuple[Candidate, ...]
    broken: tuple[Candidate, ...]


def find(
    request: PythonRequest, machine: Machine | None = None, look: Look = interpreter.inspect
) -> Interpreter:
    """Return the newest installed interpreter that was asked for; the same on every run of one machine.

    Raises ``BootstrapError`` with the code ``python-missing``: never another version than was asked for.
    """
    machine = machine or installed.here()
    done = search(request, machine, look)
    if done.interpreter is None:
        raise missing.error(request, done.candidates, done.broken, managers.present(machine))
    return done.interpreter


def search(request: PythonRequest, machine: Machine, look: Look = interpreter.inspect) -> Search:
    """Look for an interpreter; starts only those whose names leave a question that matters."""
    seen = installed.candidates(machine)
    if machine.windows:
        seen = installed.unique([*seen, *launcher.listed(machine)])
    if request.system:
        first = installed.system_python(machine)
        return _newest(request, [first] if first else [], seen, look)
    return _newest(request, [one for one in seen if request.may_be(one.build)], seen, look)


def keeps(request: PythonRequest, current: Interpreter, machine: Machine | None = None) -> bool:
    """Say whether an environment whose interpreter is ``current`` still is what was asked for.

    For ``system`` that is a question of which file PATH leads to, and not of a version.
    """
    if not request.accepts(current):
        return False
    if not request.system:
        return True
    first = installed.system_python(machine or installed.here())
    return first is not None and first.path.resolve() == current.base


def _newest(
    request: PythonRequest, fitting: Iterable[Candidate], seen: list[Candidate], look: Look
) -> Search:
    """Start candidates from the one that can be newest, until none can be newer than the best."""
    best: tuple[_Rank, Interpreter] | None = None
    broken = []
    for candidate in sorted(fitting, key=lambda one: _bound(request, one), reverse=True):
        if best is not None and _bound(request, candidate) <= best[0]:
            break
        found = look(candidate.path, candidate.found_by)
        if found is None:
            broken.append(candidate)
        elif request.accepts(found) and (best is None or _rank(found) > best[0]):
            best = (_rank(found), found)
    return Search(best[1] if best else None, tuple(seen), tuple(broken))


def _bound(request: PythonRequest, candidate: Candidate) -> _Rank:
    """Return the highest rank a candidate can turn out to have."""
    exact = request.wanted if request.exact else None
    version = exact.newest if exact and exact.complete else candidate.build.newest
    return version, candidate.build.newest_own, _preference(candidate.found_by)


def _rank(found: Interpreter) -> _Rank:
    return Version(found.version), found.build.own_release, _preference(found.found_by)


def _preference(found_by: str) -> int:
    return -MANAGERS.index(found_by)
