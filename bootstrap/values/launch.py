"""``bootstrap run``: the environment of a program that is started inside ``.venv`` with the values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from bootstrap.environments import environment as environments
from bootstrap.environments.environment import Environment
from bootstrap.errors import BootstrapError
from bootstrap.values.place import Place
from bootstrap.values.view import View


def environment(place: Place, view: View) -> dict[str, str]:
    """Return the variables: the host's and the file's by the rule, and what ``activate`` sets.

    Raises ``BootstrapError`` for an environment that was moved.
    """
    variables = merged(place.environ, view, place.platform)
    venv = environments.look(place.project.venv, place.platform)
    if (venv.path / "pyvenv.cfg").is_file():
        _refuse_moved(venv)
        variables |= activation(venv.path, venv.scripts, variables)
        variables.pop("PYTHONHOME", None)
    return variables


def _refuse_moved(venv: Environment) -> None:
    """Refuse an environment whose scripts cannot start: another program of the same name would, from PATH."""
    elsewhere = environments.made_elsewhere(venv)
    if elsewhere is not None:
        raise BootstrapError(
            f"{venv.path.name} was made in another place: {elsewhere}",
            hint="run bootstrap: it makes a new one here",
            code="venv-moved",
        )


def merged(host: Mapping[str, str], view: View, platform: str) -> dict[str, str]:
    """Return the host's variables and the file's, as ``load_dotenv`` leaves them.

    On Windows ``path`` and ``PATH`` are one variable, which Python keeps in capitals.
    """
    if view.env is None:
        return dict(host)
    values = view.env.resolved(view.host, override=view.override)
    if platform == "win32":
        values = {key.upper(): value for key, value in values.items()}
    return {**host, **values} if view.override else {**values, **host}


def activation(venv: Path, scripts: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Return what ``source .venv/bin/activate`` sets."""
    path = variables.get("PATH", os.defpath)
    return {
        "VIRTUAL_ENV": str(venv),
        "VIRTUAL_ENV_PROMPT": venv.parent.name,
        "PATH": f"{scripts}{os.pathsep}{path}" if path else str(scripts),
    }
