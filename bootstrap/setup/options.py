"""What may be asked of a set-up; apart from the rest, as the command line needs it for its help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Installer(StrEnum):
    """What can install packages."""

    AUTO = "auto"
    PIP = "pip"
    UV = "uv"


class Step(StrEnum):
    """What can be left out."""

    PYTHON = "python"
    VENV = "venv"
    LOCKS = "locks"
    INSTALL = "install"
    GITIGNORE = "gitignore"
    ENV = "env"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks of a set-up.

    ``layers`` are those to install, ``to_lock`` those to compile (none named: all). ``upgrade`` moves every
    pin, ``upgrade_packages`` those of a package each, as ``django`` or ``django<6``. ``for_this_platform``
    says that locks may be made anew for this platform alone.
    """

    layers: tuple[str, ...] = ()
    check: bool = False
    dry_run: bool = False
    locked: bool = False
    skip: frozenset[str] = frozenset()
    python: str | None = None
    rebuild: bool = False
    install_python: bool = False
    offline: bool = False
    installer: str | None = None
    to_lock: tuple[str, ...] = ()
    upgrade: bool = False
    upgrade_packages: tuple[str, ...] = ()
    for_this_platform: bool = False

    @property
    def only_looks(self) -> bool:
        """Whether nothing may be changed."""
        return self.check or self.dry_run

    @property
    def plain(self) -> bool:
        """Whether this is the run that the no-op route stands for."""
        return self == Options()
