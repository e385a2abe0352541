"""A new project: everything is checked before a file is written, then all files are there at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.specifiers import SpecifierSet

from bootstrap.errors import UsageError
from bootstrap.pythons import discovery, installed, interpreter, request
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.pythons.request import Asked, Origin
from bootstrap.pythons.specifiers import can_satisfy
from bootstrap.scaffold import names, record, target, templates
from bootstrap.scaffold.manifest import Manifest, Owner
from bootstrap.scaffold.record import Record
from bootstrap.scaffold.rendering import Answers, Rendered, render
from bootstrap.system import project_lock, trees
from bootstrap.system.trees import NewFile


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for; ``folder`` is where the project goes, absolute."""

    template: str
    name: str
    folder: Path
    python: str | None = None
    features: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A project ready to be written: ``files`` without those that lie there already, which are ``kept``."""

    template: Manifest
    answers: Answers
    folder: Path
    python: Interpreter
    files: tuple[NewFile, ...]
    kept: tuple[str, ...]


def plan(wanted: Wanted, environ: Mapping[str, str]) -> Plan:
    """Check all that was asked for and render it; nothing is written.

    Raises ``UsageError`` for a template, a name, a feature or a folder that cannot be, and ``BootstrapError``
    where no Python is installed that the template runs on.
    """
    template = templates.load(wanted.template)
    names.check(wanted.name, template.taken)
    features = _known_features(template, wanted.features)
    staying = target.kept(wanted.folder)
    text, python = _python(template, wanted.python or environ.get("BOOTSTRAP_PYTHON"))
    values = {**template.values, "python": text, "python-minor": ".".join(python.version.split(".")[:2])}
    answers = Answers(wanted.name, features, wanted.without, values)
    rendered = files(template, answers)
    mine = [NewFile(one.path, one.content, one.executable) for one in rendered if one.path not in staying]
    mine.append(NewFile(record.NAME, record.text(recorded(template, answers, rendered)).encode()))
    kept = tuple(one.path for one in rendered if one.path in staying)
    return Plan(template, answers, wanted.folder, python, tuple(mine), kept)


def files(template: Manifest, answers: Answers) -> tuple[Rendered, ...]:
    """Return all files of a project with these answers."""
    return render(
        template, templates.texts(template, template.sources(answers.features, answers.without)), answers
    )


def recorded(template: Manifest, answers: Answers, rendered: Iterable[Rendered]) -> Record:
    """Return what is to be remembered of a project."""
    digests = {one.path: record.digest(one.content) for one in rendered if one.owner is not Owner.USER}
    return Record(template.name, template.version, answers, digests)


def write(made: Plan) -> None:
    """Write the files; raises ``BootstrapError`` where that cannot be done, and the folder is as it was."""
    with project_lock.held(made.folder, lambda _owner: None):
        target.kept(made.folder)
        trees.put(made.folder, made.files)


def _known_features(template: Manifest, asked: Iterable[str]) -> tuple[str, ...]:
    for name in asked:
        if name not in template.features:
            known = ", ".join(template.features)
            raise UsageError(
                f"the template {template.name} has no feature called {name}",
                hint=f"its features are: {known}" if known else "leave --with out",
                code="unknown-feature",
            )
    return tuple(sorted(set(asked)))


def _python(template: Manifest, asked: str | None) -> tuple[str, Interpreter]:
    """Return what ``.python-version`` is to say, and the interpreter that it will lead to."""
    if asked is not None:
        return _asked_python(template, asked)
    own = interpreter.own()
    # Where it serves, its pip-tools need not be installed a second time.
    if own is not None and _fits(template, own) and not own.build.pre:
        minor = own.markers["python_version"]
        found = discovery.search(request.parse(Asked(minor, Origin.FILE)), installed.here()).interpreter
        if found is not None and _fits(template, found):
            return minor, found
    found = discovery.find(request.parse(Asked(template.python, Origin.REQUIRES)))
    return found.markers["python_version"], found


def _asked_python(template: Manifest, asked: str) -> tuple[str, Interpreter]:
    wanted = request.parse(Asked(asked, Origin.OPTION))
    if wanted.wanted and not can_satisfy(SpecifierSet(template.python), wanted.wanted.version):
        raise _unfit(template, f"Python {wanted.wanted}")
    found = discovery.find(wanted)
    if not _fits(template, found):
        raise _unfit(template, f"{asked}, which is Python {found} here")
    exact = wanted.wanted is not None and len(wanted.wanted.release) > 1
    return asked.strip() if exact else found.markers["python_version"], found


def _unfit(template: Manifest, asked: str) -> UsageError:
    return UsageError(
        f"the template {template.name} needs Python {template.python}, not {asked}",
        hint=f"pass --python {template.python.removeprefix('>=')}, or a later one",
        code="python-conflict",
    )


def _fits(template: Manifest, found: Interpreter) -> bool:
    return found.implementation == "cpython" and SpecifierSet(template.python).contains(
        found.version, prereleases=True
    )
