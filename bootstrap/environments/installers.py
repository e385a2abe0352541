"""Installing locks: one small protocol, pip and uv behind it, the same result from both."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bootstrap.environments.environment import Environment
from bootstrap.errors import BootstrapError, UsageError
from bootstrap.pip import messages
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.pip.masking import mask
from bootstrap.system import files, processes

OnLine = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sources:
    """What is to be installed and from where: the locks, whether each line must have a hash, the indexes."""

    locks: tuple[Path, ...]
    hashes: bool
    configuration: PipConfiguration
    offline: bool = False


class Installer(Protocol):
    """Puts the distributions of locks into an environment, and takes others out."""

    @property
    def name(self) -> str:
        """The program behind it, as messages name it."""

    def install(self, into: Environment, sources: Sources, on_line: OnLine) -> None:
        """Install what the locks name, nothing else, each file checked against its hashes.

        Raises ``BootstrapError`` with the one useful line of what the installer said.
        """

    def remove(self, out_of: Environment, names: Sequence[str], on_line: OnLine) -> None:
        """Remove distributions; raises ``BootstrapError`` as `install` does."""


@dataclass(frozen=True, slots=True)
class Pip:
    """The environment's own pip; it hashes every archive again each time it installs it."""

    name: str = "pip"

    def install(self, into: Environment, sources: Sources, on_line: OnLine) -> None:
        """Install from the index with the environment's pip."""
        extra = sources.configuration.for_pip() | ({"PIP_NO_INDEX": "1"} if sources.offline else {})
        # Bytecode is two thirds of the time; Python writes it at the first import, as it does behind uv.
        command = [str(into.python), "-I", "-m", "pip", "install", "--no-compile", *_what(sources)]
        with files.scratch_folder() as folder:
            log = folder / "pip.log"
            done = processes.run(command, extra=extra | {"PIP_LOG": str(log)}, on_line=on_line)
            _check(done, "pip", offline=sources.offline, unsaid=_unfetched(log))

    def remove(self, out_of: Environment, names: Sequence[str], on_line: OnLine) -> None:
        """Uninstall without asking."""
        command = [str(out_of.python), "-I", "-m", "pip", "uninstall", "--yes", *names]
        _check(processes.run(command, extra=PipConfiguration({}).for_pip(), on_line=on_line), "pip")


@dataclass(frozen=True, slots=True)
class Uv:
    """uv: many times faster; it checks hashes when it downloads and trusts its cache from then on."""

    executable: Path
    name: str = "uv"

    def install(self, into: Environment, sources: Sources, on_line: OnLine) -> None:
        """Install by pip's rules and from pip's indexes.

        First from uv's cache alone: a lock names its files by their hashes, so no index can tell anything
        new, and asking one takes longer than installing.
        """
        command = [*self._pip("install", into), *sources.configuration.uv_options(), *_what(sources)]
        variables = sources.configuration.for_uv()
        done = processes.run([*command, "--offline"], extra=variables)
        if done.returncode != 0 and not sources.offline:
            done = processes.run(command, extra=variables, on_line=on_line)
        _check(done, "uv", offline=sources.offline)

    def remove(self, out_of: Environment, names: Sequence[str], on_line: OnLine) -> None:
        """Uninstall; uv never asks."""
        _check(processes.run([*self._pip("uninstall", out_of), *names], on_line=on_line), "uv")

    def seed(self, into: Environment, wheel: Path) -> None:
        """Install pip from a wheel; by its folder, for a distribution that comes from a path names that path.

        Raises ``BootstrapError`` as `install` does.
        """
        source = ["--offline", "--no-deps", "--no-index", f"--find-links={wheel.parent}"]
        pin = "==".join(wheel.name.split("-")[:2])
        _check(processes.run([*self._pip("install", into), *source, pin]), "uv")

    def _pip(self, verb: str, target: Environment) -> list[str | Path]:
        # --no-config: a uv.toml of the project or the user is not what pip's users configured.
        return [self.executable, "--no-config", "pip", verb, "--python", target.python]


def _what(sources: Sources) -> list[str]:
    """Return the options both share; without ``--no-deps`` a package that the lock lacks could slip in."""
    options = ["--no-deps", *(["--require-hashes"] if sources.hashes else [])]
    return options + [word for lock in sources.locks for word in ("--requirement", str(lock))]


def seed_of(installer: Installer) -> Callable[[Environment, Path], None] | None:
    """Return what puts pip into a new environment faster than virtualenv does, or None."""
    return installer.seed if isinstance(installer, Uv) else None


def choose(wanted: str, search_path: str | None) -> Installer:
    """Return the installer for ``pip``, ``uv`` or ``auto``, which takes uv where it is found.

    Raises ``UsageError`` where uv is wanted and is not there.
    """
    uv = None if wanted == "pip" else _find_uv(search_path)
    if uv is not None:
        return Uv(uv)
    if wanted == "uv":
        raise UsageError(
            "the installer uv was asked for, and there is none",
            hint="install it: pip install 'bootstrap-cli[fast]', or take --installer pip",
            code="no-installer",
        )
    return Pip()


def _find_uv(search_path: str | None) -> Path | None:
    """Find uv beside this tool (the extra ``fast``), else on PATH; a version manager's shim is no uv."""
    if importlib.util.find_spec("uv") is not None:
        from uv import find_uv_bin  # an optional package

        try:
            return Path(find_uv_bin())
        except FileNotFoundError:
            pass
    found = shutil.which("uv", path=search_path)
    return None if found is None or Path(found).parent.name == "shims" else Path(found)


def _unfetched(log: Path) -> str:
    """Return what pip wrote of pages it could not fetch: aloud it only says that there is no such package."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(re.findall(r"Could not fetch URL .* - skipping$", text, re.MULTILINE))


def _check(done: processes.Completed, program: str, *, offline: bool = False, unsaid: str = "") -> None:
    if done.returncode == 0:
        return
    output = done.stdout + done.stderr + unsaid
    finding = messages.explain(output, offline=offline)
    raise BootstrapError(
        f"{program}: {finding.message}",
        hint=finding.hint,
        code=finding.code,
        details=mask(output),
    )
