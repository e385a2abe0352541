"""Where pip-tools runs: it resolves for the Python that runs it, so that must be the project's.

Where the tool's own Python is the same, the pip-tools beside this tool serves. Else an environment of its
own in the user's cache does, one per version of Python, installed from a hashed lock that ships here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib import resources
from pathlib import Path

from bootstrap.environments import create, environment, installers
from bootstrap.environments.environment import Environment, Kind
from bootstrap.locks import pip_tools
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.pythons import interpreter
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.setup.context import Context
from bootstrap.system import files, host, project_lock


def python_with_pip_tools(context: Context, pip: PipConfiguration) -> Path:
    """Return a Python that resolves for the project's and has pip-tools; made where it is missing."""
    wanted = context.python()
    if serves(wanted, cooldown=bool(context.project.settings.cooldown)):
        return host.own_interpreter()
    text = resources.files("bootstrap.locks").joinpath("compiler-environment.txt").read_bytes()
    path = host.cache_folder() / "compilers" / _name(wanted, text)
    made = environment.look(path, context.platform)
    if _whole(made):
        return made.python
    # It may run from what is replaced.
    context.head_start.end()
    with project_lock.held(path, _tell_waiting(context)):
        files.sweep(path.parent, path.name)
        return _make(context, path, text, pip)


def _make(context: Context, path: Path, lock_text: bytes, pip: PipConfiguration) -> Path:
    """Make the environment, unless another run has done so while this one waited for the lock."""
    made = environment.look(path, context.platform)
    if _whole(made):
        return made.python
    wanted = context.python()
    context.progress.update(f"installing pip-tools for Python {wanted} (once)")
    with create.replacing(path, context.platform), files.scratch_folder() as folder:
        installer = context.installer
        seed = installers.seed_of(installer)
        made = create.create(path, wanted.base, "pip-tools", context.platform, seed)
        lock = folder / "compiler-environment.txt"
        files.write_scratch(lock, lock_text)
        sources = installers.Sources((lock,), hashes=True, configuration=pip)
        installer.install(made, sources, context.progress.update)
    return made.python


def serves(wanted: Interpreter, *, cooldown: bool) -> bool:
    """Say whether this tool's own Python resolves as the wanted one does, with a pip that was tested."""
    from importlib import metadata  # 15 ms, and most runs lock nothing

    if cooldown and not pip_tools.knows_upload_times(metadata.version("pip")):
        return False
    tested = all(pip_tools.is_tested(name, metadata.version(name)) for name in ("pip", "pip-tools"))
    return tested and _is_like_own(wanted)


def _is_like_own(wanted: Interpreter) -> bool:
    if wanted.base == host.own_base():
        return True
    own = interpreter.own()
    return own is not None and (own.markers, own.free_threaded) == (wanted.markers, wanted.free_threaded)


def _whole(made: Environment) -> bool:
    return made.kind is Kind.ENVIRONMENT and environment.ailment(made) is None


def _tell_waiting(context: Context) -> Callable[[str], None]:
    return lambda owner: context.progress.note(f"waiting for pip-tools, which {owner} installs")


def _name(wanted: Interpreter, lock_text: bytes) -> str:
    """Name the environment by all that decides it: the Python behind it and what is installed."""
    digest = hashlib.sha256(lock_text + str(wanted.base).encode()).hexdigest()[:12]
    return f"{wanted.implementation}-{wanted.version}-{digest}"
