"""Where pip-tools runs: it resolves for the Python that runs it, so that must be the project's.

Where the tool's own Python is the same, the pip-tools beside this tool serves. Else an environment of its
own in the user's cache does, one per version of Python, installed from a hashed lock that ships here.
"""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

from bootstrap.environments import create, environment, installers
from bootstrap.environments.environment import Kind
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.pythons import interpreter
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.setup.context import Context
from bootstrap.system import files, host, project_lock


def python_with_pip_tools(context: Context, pip: PipConfiguration) -> Path:
    """Return a Python that resolves for the project's and has pip-tools; made where it is missing."""
    wanted = context.python()
    own = interpreter.inspect(host.own_interpreter(), "own")
    if own is not None and own.markers == wanted.markers and own.free_threaded == wanted.free_threaded:
        return host.own_interpreter()
    text = resources.files("bootstrap.locks").joinpath("compiler-environment.txt").read_bytes()
    path = host.cache_folder() / "compilers" / _name(wanted, text)
    made = environment.look(path, context.platform)
    if made.kind is Kind.ENVIRONMENT and environment.ailment(made) is None:
        return made.python
    with project_lock.held(path, context.progress.note):
        return _make(context, path, text, pip)


def _make(context: Context, path: Path, lock_text: bytes, pip: PipConfiguration) -> Path:
    """Make the environment, unless another run has done so while this one waited for the lock."""
    made = environment.look(path, context.platform)
    if made.kind is Kind.ENVIRONMENT and environment.ailment(made) is None:
        return made.python
    wanted = context.python()
    context.progress.update(f"installing pip-tools for Python {wanted} (once)")
    with create.replacing(path, context.platform), files.scratch_folder() as folder:
        made = create.create(path, wanted.base, "pip-tools", context.platform)
        lock = folder / "compiler-environment.txt"
        files.write_scratch(lock, lock_text)
        sources = installers.Sources((lock,), hashes=True, configuration=pip)
        installer = installers.choose(context.installer, context.environ.get("PATH"))
        installer.install(made, sources, context.progress.update)
        create.finish(made)
    return made.python


def _name(wanted: Interpreter, lock_text: bytes) -> str:
    """Name the environment by all that decides it: the Python behind it and what is installed."""
    digest = hashlib.sha256(lock_text + str(wanted.base).encode()).hexdigest()[:12]
    return f"{wanted.implementation}-{wanted.version}-{digest}"
