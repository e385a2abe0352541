"""How the environment is activated in the shell in use."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import PurePath, PurePosixPath, PureWindowsPath


class Shell(StrEnum):
    """A family of shells that activate alike."""

    POSIX = "sh"
    BASH = "bash"
    FISH = "fish"
    CSH = "csh"
    NU = "nu"
    POWERSHELL = "powershell"
    CMD = "cmd"


# In uv's order; the first that is set tells the shell.
_VARIABLES = {
    "NU_VERSION": Shell.NU,
    "FISH_VERSION": Shell.FISH,
    "BASH_VERSION": Shell.BASH,
    "ZSH_VERSION": Shell.BASH,
    "KSH_VERSION": Shell.POSIX,
}
_PROGRAMS = {
    "bash": Shell.BASH,
    "zsh": Shell.BASH,
    "sh": Shell.POSIX,
    "ash": Shell.POSIX,
    "dash": Shell.POSIX,
    "ksh": Shell.POSIX,
    "mksh": Shell.POSIX,
    "fish": Shell.FISH,
    "csh": Shell.CSH,
    "tcsh": Shell.CSH,
    "nu": Shell.NU,
    "pwsh": Shell.POWERSHELL,
    "powershell": Shell.POWERSHELL,
    "cmd": Shell.CMD,
}
# As virtualenv names them: PowerShell's in lower case.
_SCRIPTS = {
    Shell.POSIX: "activate",
    Shell.BASH: "activate",
    Shell.FISH: "activate.fish",
    Shell.CSH: "activate.csh",
    Shell.NU: "activate.nu",
    Shell.POWERSHELL: "activate.ps1",
    Shell.CMD: "activate.bat",
}


def activation_hint(
    venv: str, environ: Mapping[str, str], platform: str, parent_process: str | None, *, root: PurePath
) -> str | None:
    """Return the command that activates the environment ``venv`` (relative to ``root``) in the shell in use.

    ``parent_process`` is the name or path of the program that started this one, where it is known. None with
    CI set, and where that environment is active already.
    """
    if environ.get("CI") or _is_active(venv, environ, platform, root):
        return None
    shell = shell_in_use(environ, platform, parent_process)
    folder = "Scripts" if platform == "win32" else "bin"
    path = f"{venv}/{folder}/{_SCRIPTS[shell]}"
    if platform == "win32" and shell in (Shell.CMD, Shell.NU, Shell.POWERSHELL):
        path = path.replace("/", "\\")
    return _command(shell, path)


def shell_in_use(environ: Mapping[str, str], platform: str, parent_process: str | None) -> Shell:
    """Return the shell: by its own variable, PowerShell's, ``SHELL``, the parent process; else the usual one.

    On Windows ``PSModulePath`` is set for every program, so there the parent process, Git for Windows'
    ``MSYSTEM`` and cmd's ``PROMPT`` come before it.
    """
    for variable, shell in _VARIABLES.items():
        if environ.get(variable):
            return shell
    if platform == "win32":
        return _on_windows(environ, parent_process)
    if environ.get("PSModulePath"):
        return Shell.POWERSHELL
    return _program(environ.get("SHELL")) or _program(parent_process) or Shell.BASH


def _on_windows(environ: Mapping[str, str], parent_process: str | None) -> Shell:
    known = _program(parent_process)
    if known is not None:
        return known
    if environ.get("MSYSTEM"):
        return Shell.BASH
    if environ.get("PROMPT"):
        return Shell.CMD
    return _program(environ.get("SHELL")) or Shell.POWERSHELL


def _program(path: str | None) -> Shell | None:
    """Return the shell that a program is; a login shell's name begins with ``-``."""
    name = re.split(r"[/\\]", path or "")[-1].lower().removesuffix(".exe").removeprefix("-")
    return _PROGRAMS.get(name)


def _is_active(venv: str, environ: Mapping[str, str], platform: str, root: PurePath) -> bool:
    active = environ.get("VIRTUAL_ENV")
    flavour = PureWindowsPath if platform == "win32" else PurePosixPath
    return bool(active) and flavour(str(active)) == flavour(str(root)) / venv


def _command(shell: Shell, path: str) -> str:
    plain = re.fullmatch(r"[\w./\\:+-]+", path) is not None
    match shell:
        case Shell.POSIX:
            return f". {shlex.quote(path)}"
        case Shell.NU:
            return f"overlay use {path if plain else _double_quoted(path)}"
        case Shell.POWERSHELL:
            return path if plain else "& '" + path.replace("'", "''") + "'"
        case Shell.CMD:
            return path if plain else f'"{path}"'
    return f"source {shlex.quote(path)}"


def _double_quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def in_folder(
    folder: str, words: Sequence[str], environ: Mapping[str, str], platform: str, parent_process: str | None
) -> str:
    """Return one line that runs ``words`` in ``folder``, in the shell in use; in ``.`` we are already."""
    shell = shell_in_use(environ, platform, parent_process)
    command = " ".join(words)
    # Windows PowerShell 5 and nu know no "&&".
    joint = "; " if shell in (Shell.POWERSHELL, Shell.NU) else " && "
    return command if folder == "." else f"cd {_quoted(shell, folder)}{joint}{command}"


def environment_python(platform: str, *, from_inside: bool = False) -> str:
    """Return the way to the Python of ``.venv`` from the project, or from a folder in it."""
    words = [*([".."] if from_inside else []), ".venv"]
    words += ["Scripts", "python"] if platform == "win32" else ["bin", "python"]
    return ("\\" if platform == "win32" else "/").join(words)


def _quoted(shell: Shell, path: str) -> str:
    if re.fullmatch(r"[\w./\\:+-]+", path):
        return path
    match shell:
        case Shell.NU:
            return _double_quoted(path)
        case Shell.POWERSHELL:
            return "'" + path.replace("'", "''") + "'"
        case Shell.CMD:
            return f'"{path}"'
    return shlex.quote(path)
