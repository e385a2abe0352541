"""What lies at ``.venv``: nothing, an environment, or something that is not ours to touch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

UNFINISHED = ".bootstrap-unfinished"
"""Lies in an environment from before the first change to it until after the last."""

STAMP = ".bootstrap.json"
"""What the last run left behind; written when all is in order."""

# A place that is written out, in quotes or without; what the script finds out itself begins with a "$".
_ACTIVATED = re.compile(
    r"""^[ \t]*(?:export )?VIRTUAL_ENV=(['"]?)([^$'"\n][^'"\n]*)\1[ \t]*$""", re.MULTILINE
)


class Kind(StrEnum):
    """What lies at the path of the environment."""

    ABSENT = "absent"
    EMPTY = "empty"
    FOREIGN = "foreign"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class Environment:
    """What a look at the path found; ``reason`` says why something FOREIGN is not an environment."""

    path: Path
    kind: Kind
    reason: str = ""
    config: Mapping[str, str] = field(default_factory=dict)
    windows: bool = False

    @property
    def python(self) -> Path:
        """The environment's own interpreter."""
        return self.path / ("Scripts/python.exe" if self.windows else "bin/python")

    @property
    def scripts(self) -> Path:
        """The folder that activation puts first on PATH."""
        return self.python.parent

    @property
    def site_packages(self) -> Path | None:
        """Where packages are installed, or None in an environment that has no such folder."""
        if self.windows:
            found = [self.path / "Lib" / "site-packages"]
        else:
            found = sorted(self.path.glob("lib/*/site-packages"))
        return found[0] if len(found) == 1 and found[0].is_dir() else None

    @property
    def stamp(self) -> Path:
        """Where the last run's stamp lies."""
        return self.path / STAMP

    @property
    def marker(self) -> Path:
        """Where the mark of an unfinished change lies."""
        return self.path / UNFINISHED


def look(path: Path, platform: str) -> Environment:
    """Say what lies at ``path``; starts nothing, follows no link and no redirect file (PEP 832)."""
    config = None if path.is_symlink() else _read_config(path / "pyvenv.cfg")
    kind, reason = _without_config(path) if config is None else (Kind.ENVIRONMENT, "")
    return Environment(path, kind, reason, config or {}, windows=platform == "win32")


def _without_config(path: Path) -> tuple[Kind, str]:
    """Say what lies where no ``pyvenv.cfg`` can be read, and why something FOREIGN is not an environment."""
    if path.is_symlink():
        return Kind.FOREIGN, "it is a symbolic link"
    if not path.exists():
        return Kind.ABSENT, ""
    if not path.is_dir():
        return Kind.FOREIGN, "it is a file, not a folder"
    try:
        names = {entry.name for entry in path.iterdir()}
    except OSError as error:
        return Kind.FOREIGN, f"it cannot be read: {error.strerror}"
    if UNFINISHED in names:
        return Kind.ENVIRONMENT, ""
    return (Kind.FOREIGN, "it is a folder without pyvenv.cfg") if names else (Kind.EMPTY, "")


def ailment(environment: Environment) -> str | None:
    """Return why an environment must be rebuilt, as far as files can tell, or None."""
    if environment.marker.exists():
        return "an earlier run was interrupted while it changed it"
    if not _exists(environment.python):
        return "its interpreter is gone"
    # On Windows the interpreter is a copy, so there only pyvenv.cfg tells that its base has vanished.
    config = environment.config
    base = config.get("base-executable") or config.get("executable") or config.get("home")
    if base and not _exists(Path(base)):
        return f"the Python it was made from is gone: {base}"
    site_packages = environment.site_packages
    if site_packages is None:
        return "it has no site-packages folder"
    elsewhere = made_elsewhere(environment)
    if elsewhere is not None:
        return f"it was made in another place: {elsewhere}"
    from bootstrap.environments import packages  # `bootstrap run` has no need of it

    return packages.fault(site_packages)


def made_elsewhere(environment: Environment) -> Path | None:
    """Return where an environment was made, if that is another place, as its ``activate`` tells.

    The project was moved or copied then, and the scripts start what is there, or nothing.
    """
    try:
        text = (environment.scripts / "activate").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    found = [Path(match[2]) for match in _ACTIVATED.finditer(text)]
    if not found or any(_is_same(path, environment.path) for path in found):
        return None
    return found[0]


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one == other or one.samefile(other)
    except OSError:
        return False


def _exists(path: Path) -> bool:
    """Say whether a file can be used: no link into nowhere, nor into a folder that is closed to this user."""
    try:
        return path.exists()
    except OSError:
        return False


def _read_config(path: Path) -> dict[str, str] | None:
    """Read ``pyvenv.cfg`` as site.py does: ``key = value`` lines."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key.strip().lower(): value.strip() for key, _, value in pairs}
