"""The environments in which pins are tried: made in a scratch folder, filled from the locks' own lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bootstrap.environments import create, installers, packages
from bootstrap.environments.environment import Environment
from bootstrap.environments.installers import Installer
from bootstrap.errors import BootstrapError
from bootstrap.locks.lockfile import LockFile
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.system import files, processes

_PIP_CHECK_SECONDS = 300.0


@dataclass(slots=True)
class Workshop:
    """Makes environments in ``folder`` from the Python ``interpreter`` and installs pins into them.

    ``lines`` are the lines of the locks by package and version, hashes included; ``head`` those that are no
    pins, ``addresses`` the packages that stay at an address. ``on_line`` is told what the installer says.
    """

    folder: Path
    interpreter: Path
    platform: str
    installer: Installer
    configuration: PipConfiguration
    hashes: bool
    lines: Mapping[tuple[str, str], str]
    head: str
    addresses: frozenset[str]
    on_line: Callable[[str], None]
    _made: int = field(default=0, init=False)

    def fresh(self, pins: Mapping[str, str]) -> Environment:
        """Make an environment that holds the pins and nothing else.

        Raises ``BootstrapError`` where they cannot be installed.
        """
        made = self.empty()
        wanted = {**dict.fromkeys(self.addresses, ""), **pins}
        if wanted:
            self._install(made, wanted, "pins.txt")
        return made

    def from_locks(self, texts: Sequence[str]) -> Environment:
        """Make an environment from whole locks, as a colleague does; raises as `fresh`."""
        made = self.empty()
        locks = tuple(self._write(f"lock-{number}.txt", text) for number, text in enumerate(texts))
        self._install_from(made, locks)
        return made

    def switch(self, environment: Environment, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """Turn an environment with the pins ``before`` into one with the pins ``after``: only what differs.

        Raises ``BootstrapError`` where that fails; the environment may then hold anything.
        """
        changed = {name: version for name, version in after.items() if before.get(name) != version}
        if changed:
            self._install(environment, changed, "changed.txt")
        site_packages = environment.site_packages
        there = packages.installed(site_packages).versions if site_packages else {}
        gone = sorted((before.keys() - after.keys()) & there.keys())
        if gone:
            self.installer.remove(environment, gone, self.on_line)

    def check(self, environment: Environment) -> tuple[str, ...]:
        """Return what ``pip check`` finds wrong; nothing where all requirements are met."""
        command: list[str | Path] = [environment.python, "-I", "-m", "pip", "check"]
        done = processes.run(command, extra=PipConfiguration({}).for_pip(), timeout=_PIP_CHECK_SECONDS)
        said = (done.stdout + done.stderr).strip().splitlines()
        return () if done.returncode == 0 else tuple(said) or ("pip check failed and said nothing",)

    def discard(self, environment: Environment) -> None:
        """Remove an environment that is no longer needed."""
        files.remove_tree(environment.path)

    def empty(self) -> Environment:
        """Make an environment that holds nothing."""
        self._made += 1
        path = self.folder / f"env-{self._made}"
        seed = installers.seed_of(self.installer)
        made = create.create(path, self.interpreter, "upgrade", self.platform, seed)
        create.finish(made)
        return made

    def _install(self, into: Environment, pins: Mapping[str, str], name: str) -> None:
        wanted = [self.lines[name, version] for name, version in sorted(pins.items())]
        self._install_from(into, (self._write(name, "\n".join([self.head, *wanted]) + "\n"),))

    def _install_from(self, into: Environment, locks: tuple[Path, ...]) -> None:
        sources = installers.Sources(locks, self.hashes, self.configuration)
        self.installer.install(into, sources, self.on_line)

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        files.write_scratch(path, text.encode())
        return path


def lines_of(*locks: LockFile) -> dict[tuple[str, str], str]:
    """Return the lines of each pin by package and version; of an address by package and nothing."""
    return {(pin.name, pin.version): pin.text for lock in locks for pin in lock.pins}


def head_of(*locks: LockFile) -> str:
    """Return the lines that are options of all, such as ``--pre``."""
    return "\n".join(dict.fromkeys(line.text for lock in locks for line in lock.options))


def site_packages_of(environment: Environment) -> Path:
    """Return where an environment's packages lie; raises ``BootstrapError`` where it has no such place."""
    if environment.site_packages is None:
        raise BootstrapError(f"{environment.path} has no site-packages folder", hint="run it again")
    return environment.site_packages
