"""Making an environment with virtualenv, and replacing one so that the old one can come back."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from bootstrap.environments import environment
from bootstrap.environments.environment import Environment, Kind
from bootstrap.errors import BootstrapError
from bootstrap.system import files, host

# No network, no process left in the background, and no .venv file beside an environment of another name:
# virtualenv writes one (PEP 832) into every project that has a pyproject.toml.
_QUIETLY = ("--no-download", "--no-periodic-update", "--no-venv-redirect")

Seed = Callable[[Environment, Path], None]
"""Puts pip into an environment that has none, from a wheel of it."""


def create(
    path: Path, interpreter: Path, prompt: str, platform: str, seed: Seed | None = None
) -> Environment:
    """Make an environment at ``path`` from an interpreter at an absolute path; shells show ``prompt``.

    The mark of an unfinished change lies in it from before virtualenv starts; `replacing` takes it away.
    virtualenv's own configuration is left out: a setting there must not change what a project gets.
    Where there is a ``seed`` it installs the pip that virtualenv ships; else virtualenv copies it, which
    takes longer than all else that it does.

    Raises ``BootstrapError`` with virtualenv's words where it fails, and what ``seed`` raises.
    """
    from virtualenv import cli_run  # 110 ms, and most runs make no environment

    files.make_folder(path)
    made = environment.look(path, platform)
    begin(made)
    options = ["--python", str(interpreter), "--prompt", prompt, "--no-setuptools"]
    if seed is not None:
        options.append("--no-pip")
    try:
        with contextlib.redirect_stdout(None):
            cli_run([str(path), *options, *_QUIETLY], setup_logging=False, env=_variables())
        made = environment.look(path, platform)
        wheel = _wheel_of_pip(made) if seed is not None else None
    except (RuntimeError, OSError, SystemExit) as error:
        raise _failed(path, interpreter, error) from None
    if seed is not None and wheel is not None:
        seed(made, wheel)
    return made


def _wheel_of_pip(made: Environment) -> Path:
    """Return the wheel that virtualenv would copy; raises ``RuntimeError`` where it is damaged or missing."""
    from virtualenv.seed.wheels.embed import get_embed_wheel

    python = ".".join(made.config["version_info"].split(".")[:2])
    wheel = get_embed_wheel("pip", python)
    if wheel is None:
        raise RuntimeError(f"it has no pip for Python {python}")
    return wheel.path


def _failed(path: Path, interpreter: Path, error: BaseException) -> BootstrapError:
    """Return what to tell: of a RuntimeError the last line, for virtualenv puts whole tracebacks into it."""
    said = str(error).strip() or type(error).__name__
    number = re.search(r"\[Errno (\d+)\]", said)
    if number is not None:
        return files.cannot_write(path, OSError(int(number[1]), os.strerror(int(number[1]))), details=said)
    return BootstrapError(
        f"virtualenv could not make {path.name} from {interpreter}: {said.splitlines()[-1].strip()}",
        hint=f"try: virtualenv --python {interpreter} {path.name}",
        code="venv-failed",
        details=said,
    )


def _variables() -> dict[str, str]:
    """Return the variables for virtualenv: no option in one, and no ``virtualenv.ini``."""
    own = {
        name: value for name, value in host.child_environment().items() if not name.startswith("VIRTUALENV_")
    }
    return own | {"VIRTUALENV_CONFIG_FILE": os.devnull}


def begin(changing: Environment) -> None:
    """Mark an environment as unfinished: what a killed run leaves is then known for what it is."""
    files.put_mark(changing.marker)


def finish(changed: Environment) -> None:
    """Take the mark away: the environment is whole again."""
    files.remove_file(changed.marker)


def aside(path: Path) -> Path:
    """Return where an environment waits for its successor: in the same folder, so renames are atomic."""
    return path.with_name(f"{path.name}.bootstrap-old")


@contextlib.contextmanager
def replacing(path: Path, platform: str) -> Iterator[None]:
    """Put what lies at ``path`` aside; bring it back where the body fails, remove it where it succeeds.

    The body makes the new one with `create`; it stays marked as unfinished until the body has ended, for the
    mark decides which of the two a later run keeps, should this one be killed.

    Raises ``BootstrapError`` where something else lies in the place of the old one: it is not touched.
    """
    old = aside(path)
    _make_way(path, old, platform)
    try:
        yield
    except BaseException:
        _bring_back(path, old, platform)
        raise
    finish(environment.look(path, platform))
    if old.exists():
        files.remove_tree(old)


def left_aside(path: Path, platform: str) -> bool:
    """Say whether a killed run left an old environment aside.

    Raises ``BootstrapError`` where something else has its name.
    """
    found = environment.look(aside(path), platform)
    if found.kind is Kind.FOREIGN:
        raise BootstrapError(
            f"{found.path.name} is in the way, for an old environment goes there: {found.reason}",
            hint=f"move {found.path.name} out of the way, then run bootstrap again",
            code="venv-foreign",
            file=found.path.name,
        )
    return found.kind is not Kind.ABSENT


def _make_way(path: Path, old: Path, platform: str) -> None:
    """Leave nothing at ``path``, and at ``old`` the last environment that was whole, if there is one."""
    left = left_aside(path, platform)
    seen = environment.look(path, platform)
    if seen.kind is not Kind.ENVIRONMENT:
        return
    if left and seen.marker.exists():
        files.remove_tree(path)
        return
    if left:
        files.remove_tree(old)
    try:
        files.replace(path, old)
    except OSError as error:
        raise BootstrapError(
            f"cannot put {path.name} aside: {error.strerror}",
            hint=f"see that {path.parent} can be written and close the programs that use {path.name}, "
            "then run bootstrap again",
            code="venv-in-use",
        ) from None


def _bring_back(path: Path, old: Path, platform: str) -> None:
    if environment.look(path, platform).kind in (Kind.ENVIRONMENT, Kind.EMPTY):
        files.remove_tree(path)
    if old.exists():
        with files.telling(path):
            files.replace(old, path)
