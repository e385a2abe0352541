"""Which interpreters this machine has, told from names alone: nothing is started here.

python-discovery does not list the folders of pyenv, and it starts every shim on PATH, which costs 0.1 s each
and fails where ``.python-version`` names a missing version.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.pythons import builds
from bootstrap.pythons.builds import Build
from bootstrap.system import host

MANAGERS = ("pyenv", "uv", "mise", "asdf", "PATH", "py")
"""Who may have brought an interpreter; among equal ones the earlier is taken."""

_PROGRAM = re.compile(
    r"(?P<implementation>python|pypy)(?P<release>[0-9](?:\.[0-9]+)?)?(?P<threads>t)?(?:\.exe)?"
)
_MINOR = 2  # how many numbers the name of a program such as python3.12 has
# Without the developer tools, /usr/bin/python3 of macOS opens a dialogue to install them.
_XCODE = (Path("/Library/Developer/CommandLineTools"), Path("/Applications/Xcode.app"))


@dataclass(frozen=True, slots=True)
class Machine:
    """What a search depends on; ``platform`` as in ``sys.platform``, ``home`` None where there is none."""

    environ: Mapping[str, str]
    platform: str
    home: Path | None

    @property
    def windows(self) -> bool:
        """Whether programs end with ``.exe`` and PATH is divided by semicolons."""
        return self.platform == "win32"

    def folder(self, variable: str, *parts: str) -> Path | None:
        """Return an absolute folder that a variable names, with ``parts`` below it."""
        value = self.environ.get(variable, "")
        return Path(value, *parts) if value and Path(value).is_absolute() else None

    def below_home(self, *parts: str) -> Path | None:
        """Return a folder in the user's home."""
        return Path(self.home, *parts) if self.home else None

    def path(self) -> list[Path]:
        """Return the folders on PATH without shims; relative ones would depend on where one stands."""
        entries = self.environ.get("PATH", "").split(";" if self.windows else ":")
        folders = [Path(entry.strip('"')) for entry in entries if entry]
        return [folder for folder in folders if folder.is_absolute() and folder.name != "shims"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """An interpreter that was not started yet, and what its name says of it."""

    path: Path
    found_by: str
    build: Build

    @property
    def version(self) -> str | None:
        """The version as far as the name tells it."""
        return self.build.version or None


def here() -> Machine:
    """Return the machine this process runs on."""
    try:
        home = host.home()
    except BootstrapError:
        home = None
    return Machine(host.environment(), host.platform(), home)


def candidates(machine: Machine) -> list[Candidate]:
    """Return what the managers and PATH have, in order of preference, each interpreter once."""
    managed = [
        *_store(machine, "pyenv", (pyenv_root(machine, "versions"),), builds.read),
        *_store(machine, "uv", _uv_folders(machine), _read_uv),
        *_store(machine, "mise", (_mise_folder(machine),), _read_complete),
        *_store(machine, "asdf", (_asdf_folder(machine),), _read_complete),
    ]
    return unique([*managed, *_on_path(machine)])


def unique(found: list[Candidate]) -> list[Candidate]:
    """Keep the first of those that are one and the same file."""
    by_file: dict[Path, Candidate] = {}
    for candidate in found:
        by_file.setdefault(candidate.path.resolve(), candidate)
    return list(by_file.values())


def system_python(machine: Machine) -> Candidate | None:
    """Return what pyenv's ``system`` means: the first ``python3``, else ``python``, outside pyenv."""
    folders = [folder for folder in _program_folders(machine) if not _below(folder, pyenv_root(machine))]
    for name in ("python3", "python"):
        for folder in folders:
            path = folder / (f"{name}.exe" if machine.windows else name)
            if _runnable(path):
                return Candidate(path, "PATH", _named(path) or Build("cpython", ()))
    return None


def pyenv_root(machine: Machine, *parts: str) -> Path | None:
    """Return pyenv's folder, or one below it; pyenv-win keeps its own in ``.pyenv/pyenv-win``."""
    default = ("pyenv-win",) if machine.windows else ()
    return machine.folder("PYENV_ROOT", *parts) or machine.below_home(".pyenv", *default, *parts)


def _uv_folders(machine: Machine) -> tuple[Path | None, ...]:
    chosen = machine.folder("UV_PYTHON_INSTALL_DIR")
    if chosen:
        return (chosen,)
    if machine.windows:
        return machine.folder("APPDATA", "uv", "python"), machine.folder("APPDATA", "uv", "data", "python")
    data = machine.folder("XDG_DATA_HOME", "uv", "python")
    return (data or machine.below_home(".local", "share", "uv", "python"),)


def _mise_folder(machine: Machine) -> Path | None:
    below = ("installs", "python")
    chosen = machine.folder("MISE_DATA_DIR", *below)
    if machine.windows:
        return chosen or machine.folder("LOCALAPPDATA", "mise", *below)
    data = chosen or machine.folder("XDG_DATA_HOME", "mise", *below)
    return data or machine.below_home(".local", "share", "mise", *below)


def _asdf_folder(machine: Machine) -> Path | None:
    below = ("installs", "python")
    return machine.folder("ASDF_DATA_DIR", *below) or machine.below_home(".asdf", *below)


def _store(
    machine: Machine, manager: str, folders: tuple[Path | None, ...], read: Callable[[str], Build | None]
) -> Iterator[Candidate]:
    """List a manager's folder, which has one folder for each version; names that tell none are left out."""
    programs = ("python.exe",) if machine.windows else ("bin/python", "bin/python3")
    for folder in folders:
        for name in _names(folder):
            build = read(name)
            if folder is None or build is None or _is_environment(folder / name):
                continue
            found = next(
                (path for path in (folder / name / each for each in programs) if _runnable(path)), None
            )
            if found:
                yield Candidate(found, manager, build)


def _read_complete(name: str) -> Build | None:
    """Read a name that is a whole version: mise's ``3.12`` and ``latest`` are links to one of these."""
    build = builds.read(name)
    return build if build and (build.complete or build.own_release) else None


def _read_uv(name: str) -> Build | None:
    """Read a name such as ``cpython-3.13.0+freethreaded-linux-x86_64-gnu``."""
    return _read_complete("-".join(name.split("-")[:2]))


def _on_path(machine: Machine) -> Iterator[Candidate]:
    for folder in _program_folders(machine):
        # The longest name tells most, and a link that is found twice keeps its first name.
        for name in sorted(_names(folder, ("python", "pypy")), key=len, reverse=True):
            if name.endswith(".exe") != machine.windows:
                continue
            path = folder / name
            build = _named(path) if _runnable(path) else None
            if build:
                yield Candidate(path, "PATH", build)


def _program_folders(machine: Machine) -> list[Path]:
    """Return the folders on PATH whose Pythons are no stubs and belong to no environment."""
    folders = [folder for folder in machine.path() if "windowsapps" not in map(str.casefold, folder.parts)]
    if machine.platform == "darwin" and not any(tools.exists() for tools in _XCODE):
        folders = [folder for folder in folders if folder != Path("/usr/bin")]
    return [folder for folder in folders if not (_is_environment(folder) or _is_environment(folder.parent))]


def _named(path: Path) -> Build | None:
    """Read the name of a program, and where it says too little, that of the file it is a link to."""
    found = _PROGRAM.fullmatch(path.name)
    if found is None:
        return None
    numbers = tuple(map(int, found["release"].split("."))) if found["release"] else ()
    if len(numbers) < _MINOR and path.is_symlink() and _PROGRAM.fullmatch(path.resolve().name):
        return _named(path.resolve())
    implementation = "cpython" if found["implementation"] == "python" else found["implementation"]
    return Build(implementation, numbers, free_threaded=found["threads"] is not None)


def _names(folder: Path | None, beginnings: tuple[str, ...] = ("",)) -> list[str]:
    if folder is None:
        return []
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.name.startswith(beginnings))
    except OSError:
        return []


def is_file(path: Path) -> bool:
    """Say whether there is a file; PATH may name folders that nobody may enter or that cannot exist."""
    try:
        return path.is_file()
    except OSError:
        return False


def _runnable(path: Path) -> bool:
    return is_file(path) and os.access(path, os.X_OK)


def _is_environment(folder: Path) -> bool:
    return is_file(folder / "pyvenv.cfg")


def _below(folder: Path, root: Path | None) -> bool:
    return root is not None and folder.is_relative_to(root)
