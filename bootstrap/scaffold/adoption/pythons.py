"""Which Python an existing project is for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from bootstrap.environments import environment
from bootstrap.pythons import discovery, installed, interpreter, request, version_file
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.pythons.request import Asked, Origin
from bootstrap.scaffold.adoption.detect import ENVIRONMENTS

_RUNTIME = re.compile(r"python-(\d+\.\d+)")
_OLDEST = SpecifierSet(">=3.9")


@dataclass(frozen=True, slots=True)
class Choice:
    """``text`` is for ``.python-version``, None where that is there or nothing can be said."""

    text: str | None
    markers: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def choose(root: Path, wanted: str | None, platform: str) -> Choice:
    """Return the Python of a project; ``wanted`` is what its files ask for, as specifiers.

    What is asked for comes first, then Heroku's ``runtime.txt``, the environment that is there, and this
    tool's own Python. Of several that serve, the one of the environment: the pins of old work there.
    """
    specifiers = _specifiers(wanted or _runtime(root))
    found = _of_environment(root, platform, specifiers) or _own(specifiers) or _installed(specifiers)
    if version_file.find(root) is not None:
        return Choice(None, _of_file(root) or (found.markers if found else {}))
    if found is None:
        note = f"no Python is installed that satisfies {specifiers}: write one into .python-version"
        return Choice(None, notes=(note,))
    return Choice(found.markers["python_version"], found.markers)


def _specifiers(wanted: str | None) -> SpecifierSet:
    try:
        return SpecifierSet(wanted or "") & _OLDEST
    except InvalidSpecifier:
        return _OLDEST


def _runtime(root: Path) -> str | None:
    try:
        match = _RUNTIME.match((root / "runtime.txt").read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError):
        return None
    return f"=={match[1]}.*" if match else None


def _of_environment(root: Path, platform: str, specifiers: SpecifierSet) -> Interpreter | None:
    for name in ENVIRONMENTS:
        made = environment.look(root / name, platform)
        found = interpreter.inspect(made.python, name) if made.site_packages else None
        if found is not None and specifiers.contains(found.version, prereleases=True):
            return found
    return None


def _own(specifiers: SpecifierSet) -> Interpreter | None:
    found = interpreter.own()
    return found if found is not None and specifiers.contains(found.version) else None


def _installed(specifiers: SpecifierSet) -> Interpreter | None:
    asked = request.parse(Asked(str(specifiers), Origin.REQUIRES))
    return discovery.search(asked, installed.here()).interpreter


def _of_file(root: Path) -> Mapping[str, str] | None:
    path = version_file.find(root)
    words = version_file.parse(path.read_bytes(), path.name) if path else ()
    asked = request.choose(request.from_words(words, version_file.NAME)) if words else None
    found = discovery.search(asked, installed.here()).interpreter if asked else None
    return found.markers if found else None
