"""The version managers on this machine, and how each is told to install a Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.pythons.builds import Build
from bootstrap.pythons.installed import Machine, is_file, pyenv_root
from bootstrap.pythons.request import PythonRequest
from bootstrap.pythons.specifiers import has_upper_bound, minors
from bootstrap.system import processes


@dataclass(frozen=True, slots=True)
class Manager:
    """A version manager that is present; ``command`` is what a user types to start it."""

    name: str
    executable: Path
    command: str

    def install_command(self, request: PythonRequest) -> list[str] | None:
        """Return the words that install what was asked for, or None where this manager cannot."""
        wanted = _buildable(request)
        arguments = _ARGUMENTS[self.name](wanted) if wanted else None
        return [str(self.executable), *arguments] if arguments else None

    def shown(self, request: PythonRequest) -> str | None:
        """Return the same command as a user types it."""
        words = self.install_command(request)
        return " ".join([self.command, *words[1:]]) if words else None


def present(machine: Machine) -> list[Manager]:
    """Return the managers on PATH or in their usual folder, in the order they are preferred."""
    home = machine.below_home
    usual: dict[str, tuple[Path | None, ...]] = {
        "pyenv": (pyenv_root(machine, "bin"),),
        "uv": (home(".local", "bin"), home(".cargo", "bin")),
        "mise": (home(".local", "bin"),),
        "asdf": (home(".asdf", "bin"),),
        "py": (),
    }
    found = (_locate(machine, name, folders) for name, folders in usual.items())
    return [manager for manager in found if manager is not None]


def install(
    request: PythonRequest, found: Sequence[Manager], on_line: Callable[[str], None] | None = None
) -> Manager:
    """Let the first manager that can install what was asked for, and return it; the caller looks again.

    Raises ``BootstrapError`` where no manager can, or where it fails.
    """
    able = next((manager for manager in found if manager.install_command(request)), None)
    if able is None:
        raise BootstrapError(
            f"nothing on this machine can install {request} (asked for by {request.asked.source})",
            hint="install pyenv or uv, then run bootstrap --install-python again",
            code="python-missing",
            file=request.asked.file,
            line=request.asked.line,
        )
    ended = processes.run(able.install_command(request) or (), on_line=on_line)
    if ended.returncode != 0:
        raise BootstrapError(
            f"{able.name} could not install {request}: {_last_line(ended.stderr or ended.stdout)}",
            hint=f"see what it says: {able.shown(request)}",
            code="python-missing",
            file=request.asked.file,
            line=request.asked.line,
            details=ended.stdout + ended.stderr,
        )
    return able


def _locate(machine: Machine, name: str, usual: tuple[Path | None, ...]) -> Manager | None:
    # The old launcher is py.exe too, but cannot install; the install manager has pymanager.exe beside it.
    stem = "pymanager" if name == "py" else name
    names = [f"{stem}.exe", f"{stem}.bat"] if machine.windows else [stem]
    if name == "py" and not machine.windows:
        return None
    for folder in machine.path():
        for each in names:
            if is_file(folder / each):
                return Manager(name, folder / each, name)
    places = (folder / each for folder in usual if folder for each in names)
    return next((Manager(name, path, str(path)) for path in places if is_file(path)), None)


def _buildable(request: PythonRequest) -> Build | None:
    """Return what to install for a request: managers take a version or its beginning, not specifiers."""
    if request.wanted is not None or request.specifiers is None:
        return request.wanted
    fitting = minors(request.specifiers)
    if not fitting:
        return None
    last = fitting[-1].split(".") if has_upper_bound(request.specifiers) else ["3"]
    return Build("cpython", tuple(map(int, last)))


def _pyenv(wanted: Build) -> list[str] | None:
    return ["install", str(wanted)]


def _uv(wanted: Build) -> list[str] | None:
    # uv has no builds of branches, and does not choose PyPy by PyPy's own version.
    return None if wanted.development or wanted.own_release else ["python", "install", str(wanted)]


def _mise(wanted: Build) -> list[str] | None:
    return None if wanted.free_threaded else ["install", f"python@{wanted}"]


def _asdf(wanted: Build) -> list[str] | None:
    whole = wanted.complete or wanted.own_release or wanted.development
    return ["install", "python", str(wanted) if whole else f"latest:{wanted}"]


def _py(wanted: Build) -> list[str] | None:
    plain = wanted.implementation == "cpython" and not wanted.development
    return ["install", str(wanted)] if plain else None


_ARGUMENTS: dict[str, Callable[[Build], list[str] | None]] = {
    "pyenv": _pyenv,
    "uv": _uv,
    "mise": _mise,
    "asdf": _asdf,
    "py": _py,
}


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else "it says nothing"
