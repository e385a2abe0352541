"""The step ``python``: which interpreter the project is for, kept with its environment or found anew."""

from __future__ import annotations

from dataclasses import replace

from bootstrap.environments import environment
from bootstrap.environments.environment import Kind
from bootstrap.errors import UsageError
from bootstrap.pythons import conflict, discovery, installed, interpreter, managers, request, version_file
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.pythons.request import Asked, Origin, PythonRequest
from bootstrap.report import PythonFacts
from bootstrap.setup.context import Context, Plan


def plan(context: Context) -> Plan:
    """Keep the environment's interpreter where it satisfies the request, else find one.

    Raises ``BootstrapError`` where none is installed, or ``requires-python`` excludes it.
    """
    wanted = _request(context)
    requires = _requires(context)
    forgotten = context.environ.get("PYENV_VERSION")
    if forgotten and forgotten != wanted.asked.text:
        context.progress.update(f"PYENV_VERSION={forgotten} is not obeyed: {wanted.asked.source} counts")
    conflict.check(wanted, requires)
    if wanted.system:
        context.watched.add("PATH")
    found = _kept(context, wanted)
    if found is None and _may_install(context) and not _is_installed(wanted):
        if context.options.only_looks:
            return Plan(f"would install {wanted}", apply=lambda: "")
        return Plan(f"install {wanted}", apply=lambda: _install(context, wanted, requires))
    found = found or _made_locks(context, wanted) or discovery.find(wanted)
    return Plan(_use(context, wanted, requires, found))


def _request(context: Context) -> PythonRequest:
    settings, options = context.project.settings, context.options
    asked = _from_version_file(context)
    if options.python:
        asked.append(Asked(options.python, Origin.OPTION))
    if context.environ.get("BOOTSTRAP_PYTHON"):
        asked.append(Asked(context.environ["BOOTSTRAP_PYTHON"], Origin.VARIABLE))
    if settings.python:
        asked.append(Asked(settings.python, Origin.SETTING, "pyproject.toml"))
    requires = _requires(context)
    return request.choose([*asked, requires] if requires else asked)


def _from_version_file(context: Context) -> list[Asked]:
    """Read the nearest ``.python-version``; those that are absent are noted, for one may appear."""
    root = context.project.root
    for path in version_file.candidates(root):
        content = context.seen.read(path)
        if content is not None:
            name = context.project.shown(path)
            words = version_file.parse(content, name)
            for text in version_file.notes(content, words, name):
                context.progress.note(text)
            return request.from_words(words, name)
    return []


def _requires(context: Context) -> Asked | None:
    context.seen.note(context.project.pyproject)
    text = context.project.requires_python
    return None if text is None else Asked(text, Origin.REQUIRES, "pyproject.toml")


def _kept(context: Context, wanted: PythonRequest) -> Interpreter | None:
    """Return the interpreter of a healthy environment, or None with the reason in ``context.ailment``."""
    seen = context.environment
    if seen.kind is not Kind.ENVIRONMENT:
        return None
    context.ailment = environment.ailment(seen)
    found = None
    if context.ailment is None:
        found = _interpreter_of(context)
        if found is None:
            context.ailment = "its Python does not run"
        elif not discovery.keeps(wanted, found):
            context.ailment = f"it has Python {found}, and {wanted.asked.source} asks for {wanted}"
    if context.ailment is None and context.options.rebuild:
        context.ailment = "--rebuild was given"
    return found if context.ailment is None else None


def _made_locks(context: Context, wanted: PythonRequest) -> Interpreter | None:
    """Return an interpreter like the one that the locks were made with, where nothing asks for one version.

    The newest would have a fresh clone compile good locks anew, on each machine for another version.
    """
    made_with = {lock.python for lock in context.locks.values()}
    if wanted.asked.origin not in (Origin.REQUIRES, Origin.DEFAULT) or len(made_with) != 1:
        return None
    try:
        like_them = request.parse(Asked(f"=={made_with.pop()}.*", Origin.DEFAULT))
    except UsageError:
        return None
    found = discovery.search(like_them, installed.here()).interpreter
    return found if found is not None and wanted.accepts(found) else None


def _interpreter_of(context: Context) -> Interpreter | None:
    path, base = context.environment.python, context.made_from
    return interpreter.inspect(path, ".venv") if base is None else replace(base, path=path, found_by=".venv")


def _may_install(context: Context) -> bool:
    asked = context.options.install_python or context.project.settings.install_python
    return asked and not context.options.offline and not context.options.check


def _is_installed(wanted: PythonRequest) -> bool:
    return discovery.search(wanted, installed.here()).interpreter is not None


def _install(context: Context, wanted: PythonRequest, requires: Asked | None) -> str:
    context.progress.started("python", f"installing {wanted}")
    managers.install(wanted, managers.present(installed.here()), context.progress.update)
    return _use(context, wanted, requires, discovery.find(wanted))


def _use(context: Context, wanted: PythonRequest, requires: Asked | None, found: Interpreter) -> str:
    conflict.check(wanted, requires, found)
    context.interpreter = found
    source = wanted.asked.source
    context.report.python = PythonFacts(found.version, str(found.base), source)
    context.summary.append(f"Python {found}")
    return f"Python {found} ({source}, {found.found_by})"
