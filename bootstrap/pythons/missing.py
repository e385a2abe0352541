"""The error for a Python that is not installed: what was asked and where, what there is, what to run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bootstrap.errors import BootstrapError
from bootstrap.pythons import builds
from bootstrap.pythons.installed import MANAGERS, Candidate
from bootstrap.pythons.managers import Manager
from bootstrap.pythons.request import Origin, PythonRequest


def error(
    request: PythonRequest,
    candidates: Iterable[Candidate],
    broken: Sequence[Candidate],
    managers: Sequence[Manager],
) -> BootstrapError:
    """Return the error: its message lists all that can be done, its hint is the first of it."""
    asked = request.asked
    by = "no version is asked for" if asked.origin is Origin.DEFAULT else f"asked for by {asked.source}"
    ways = _ways(request, managers)
    what = str(request)
    lines = [
        f"{what[0].upper()}{what[1:]} is not installed ({by})",
        f"  found: {_found(one for one in candidates if one not in broken)}",
        *(f"  found, but it does not start: {one.path} ({one.found_by})" for one in broken),
        *(f"  {'or: ' if index else 'run:'}   {way}" for index, way in enumerate(ways)),
    ]
    return BootstrapError(
        "\n".join(lines),
        hint=_hint(request, managers),
        code="python-missing",
        file=asked.file,
        line=asked.line,
    )


def _ways(request: PythonRequest, managers: Sequence[Manager]) -> list[str]:
    able = [manager for manager in managers if manager.install_command(request)]
    ways = [f"{manager.shown(request)}  then run bootstrap again" for manager in able]
    if able:
        ways.append(f"bootstrap --install-python  to let {able[0].name} do it now")
    prefix = _shorter(request)
    if prefix:
        ways.append(f"{request.asked.edit(prefix)} to accept any {prefix}")
    return ways


def _hint(request: PythonRequest, managers: Sequence[Manager]) -> str:
    first = next((shown for manager in managers if (shown := manager.shown(request))), None)
    if first:
        return first
    if request.system:
        return request.asked.edit("3.13")
    return f"install {request}, for instance with pyenv or uv, then run bootstrap again"


def _shorter(request: PythonRequest) -> str | None:
    """Return the minor version, where a patch release was asked for: most projects do not depend on one."""
    wanted = request.wanted
    if wanted is None or not wanted.complete or wanted.pre or wanted.implementation != "cpython":
        return None
    return builds.dotted(wanted.release[:2]) + ("t" if wanted.free_threaded else "")


def _found(candidates: Iterable[Candidate]) -> str:
    """List what is installed, the newest first, manager by manager; what is too old is no choice."""
    useful = [one for one in candidates if one.build.release and not one.build.below_floor]
    useful.sort(key=lambda one: one.build.newest, reverse=True)
    lists = []
    for manager in MANAGERS:
        names = dict.fromkeys(str(one.build) for one in useful if one.found_by == manager)
        if names:
            lists.append(f"{', '.join(names)} ({manager})")
    return "; ".join(lists) or "no Python that environments can be made for"
