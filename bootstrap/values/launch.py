"""``bootstrap run``: the environment of a program that is started inside ``.venv`` with the values."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from bootstrap.values.place import Place
from bootstrap.values.view import View


def environment(place: Place, view: View) -> dict[str, str]:
    """Return the variables: the host's and the file's by the rule, and what ``activate`` sets."""
    variables = merged(place.environ, view, place.platform)
    venv = place.project.venv
    scripts = venv / ("Scripts" if place.platform == "win32" else "bin")
    if (venv / "pyvenv.cfg").is_file():
        variables |= activation(venv, scripts, variables)
        variables.pop("PYTHONHOME", None)
    return variables


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
