"""The step ``venv``: an environment that is whole and has the right Python."""

from __future__ import annotations

from pathlib import Path

from bootstrap.environments import create, installers
from bootstrap.environments.environment import Environment, Kind
from bootstrap.errors import BootstrapError
from bootstrap.pip import configuration
from bootstrap.setup import loading
from bootstrap.setup.context import Context, Plan
from bootstrap.system import files


def plan(context: Context) -> Plan:
    """Keep a healthy environment; make one where there is none; replace one that is ill.

    Raises ``BootstrapError`` where something else lies at its path: that is never deleted.
    """
    seen, project = context.environment, context.project
    if seen.kind is Kind.FOREIGN:
        raise BootstrapError(
            f"{project.settings.venv} is no environment: {seen.reason}",
            hint=f"move {project.settings.venv} out of the way, then run bootstrap again",
            code="venv-foreign",
            file=project.settings.venv,
        )
    if seen.kind is Kind.ENVIRONMENT and context.ailment is None:
        if create.left_aside(seen.path, context.platform):
            return Plan("remove what an interrupted run left", lambda: _tidy(context))
        return Plan(f"Python {context.python()}")
    if seen.kind is not Kind.ENVIRONMENT:
        return Plan(f"create with Python {context.python()}", lambda: _make(context, "created"))
    _refuse_own(context)
    return Plan(
        f"rebuild with Python {context.python()}: {context.ailment}",
        lambda: _make(context, f"rebuilt ({context.ailment})"),
    )


def _make(context: Context, done: str) -> str:
    path = context.project.venv
    context.progress.started("venv", f"making it with Python {context.python()}")
    context.undo.enter_context(create.replacing(path, context.platform))
    python = context.python()
    told = _told_to_its_pip(context)
    seed = installers.seed_of(context.installer)
    own = None if seed is None else _loading(seed)
    made = create.create(path, python.path, context.project.name, context.platform, own)
    if told is not None:
        files.write_atomic(configuration.own_file(path, context.platform), told, mode=0o600)
    context.environment = made
    context.created, context.made_from = True, python
    return f"{done} with Python {context.python()}"


def _told_to_its_pip(context: Context) -> bytes | None:
    """Return what the environment that was put aside tells its pip: without, another index might be asked."""
    old = create.aside(context.project.venv)
    try:
        return configuration.own_file(old, context.platform).read_bytes()
    except OSError:
        return None


def _loading(seed: create.Seed) -> create.Seed:
    def seeding(made: Environment, wheel: Path) -> None:
        with loading.ahead("bootstrap.setup.locks", "bootstrap.setup.install"):
            seed(made, wheel)

    return seeding


def _tidy(context: Context) -> str:
    files.remove_tree(create.aside(context.project.venv))
    return "removed what an interrupted run left"


def _refuse_own(context: Context) -> None:
    """Refuse to pull away the environment this tool runs from."""
    if context.runs_from_venv:
        raise BootstrapError(
            f"{context.project.venv.name} must be rebuilt ({context.ailment}), but bootstrap runs from it",
            hint="install bootstrap outside the project (pipx install bootstrap-cli), then run it again",
            code="venv-own",
        )
