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
    windows = platform == "win32"
    if path.is_symlink():
        return Environment(path, Kind.FOREIGN, "it is a symbolic link", windows=windows)
    if not path.exists():
        return Environment(path, Kind.ABSENT, windows=windows)
    if not path.is_dir():
        return Environment(path, Kind.FOREIGN, "it is a file, not a folder", windows=windows)
    config = _read_config(path / "pyvenv.cfg")
    if config is not None or (path / UNFINISHED).is_file():
        return Environment(path, Kind.ENVIRONMENT, config=config or {}, windows=windows)
    if not any(path.iterdir()):
        return Environment(path, Kind.EMPTY, windows=windows)
    return Environment(path, Kind.FOREIGN, "it is a folder without pyvenv.cfg", windows=windows)


def ailment(environment: Environment) -> str | None:
    """Return why an environment must be rebuilt, as far as files can tell, or None."""
    if environment.marker.exists():
        return "an earlier run was interrupted while it changed it"
    # os.path answers False for a link whose target is gone; virtualenv copies the executable on Windows, so
    # there only pyvenv.cfg tells that the base has vanished.
    if not environment.python.exists():
        return "its interpreter is gone"
    base = environment.config.get("base-executable") or environment.config.get("executable")
    if base and not Path(base).exists():
        return f"the Python it was made from is gone: {base}"
    site_packages = environment.site_packages
    if site_packages is None:
        return "it has no site-packages folder"
    if not any(site_packages.glob("pip-*.dist-info/RECORD")):
        return "pip is missing in it"
    return None


def _read_config(path: Path) -> dict[str, str] | None:
    """Read ``pyvenv.cfg`` as site.py does: ``key = value`` lines."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    pairs = re.findall(r"^\s*([^=\n]+?)\s*=\s*(.*?)\s*$", text, re.MULTILINE)
    return {key.lower(): value for key, value in pairs}
