"""``py -0p`` on Windows: the interpreters that are registered (PEP 514), whoever installed them."""

from __future__ import annotations

import re
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.pythons import builds
from bootstrap.pythons.builds import Build
from bootstrap.pythons.installed import Candidate, Machine, is_file
from bootstrap.system import processes

_TIMEOUT = 30.0

# " -V:3.12 *        C:\...\python.exe" of launchers since 3.11 and of the install manager, which writes
# "3.14[-64]"; " -3.7-64        C:\...\python.exe *" of those before. No tag: the active environment.
_LINE = re.compile(
    r"""
    \s* - (?:V:)? (?P<tag> \S+ ) (?: \s+ \* )?
    \s+ (?P<path> (?: [A-Za-z]: | \\\\ ) .*? \.exe )
    (?: \s+ \* )? \s*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OTHER_MACHINE = ("-32", "-arm64")


def listed(machine: Machine) -> list[Candidate]:
    """Ask the launcher; where there is none, or it fails, it knows of nothing."""
    program = next((path for path in (folder / "py.exe" for folder in machine.path()) if is_file(path)), None)
    if program is None:
        return []
    try:
        ended = processes.run([program, "-0p"], timeout=_TIMEOUT)
    except BootstrapError:
        return []
    return parse(ended.stdout) if ended.returncode == 0 else []


def parse(text: str) -> list[Candidate]:
    """Return the interpreters in the launcher's list; 32-bit and emulated builds are left out."""
    found = []
    for line in text.splitlines():
        match = _LINE.fullmatch(line)
        build = _read(match["tag"]) if match else None
        if match and build:
            found.append(Candidate(Path(match["path"]), "py", build))
    return found


def _read(tag: str) -> Build | None:
    r"""Read a tag: ``3.12``, ``3.13t``, ``3.14[-64]``, ``Astral\CPython3.12.1``, ``PyPy\3.10``."""
    company, _, name = tag.replace("[", "").replace("]", "").rpartition("\\")
    if name.endswith(_OTHER_MACHINE):
        return None
    name = name.removesuffix("-64").removesuffix("-dev").lower()
    build = builds.read(name)
    if build and company.lower() == "pypy" and build.implementation == "cpython":
        return Build("pypy", build.release)
    return build
