"""The step ``install``: the environment holds what the chosen layers' locks name, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bootstrap.environments import create, installers, packages
from bootstrap.environments.environment import Environment
from bootstrap.environments.packages import Difference, Installed
from bootstrap.errors import BootstrapError
from bootstrap.locks import agreement
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile
from bootstrap.setup import loading, requirements
from bootstrap.setup.context import Context, Plan
from bootstrap.wording import counted

_OWN = "bootstrap-cli"


def plan(context: Context) -> Plan:
    """Compare the environment with the locks; install what is missing or different, remove the rest.

    Raises ``BootstrapError`` where there is no environment to install into or a lock is missing.
    """
    if not context.layers:
        return Plan("no requirement files", skipped=True)
    taken = requirements.chosen(context)
    if context.stale & {layer.name for layer in taken} and context.options.only_looks:
        return Plan("known after the locks are compiled", lambda: "")
    pins = _pins(context, taken)
    _refuse_apart(context, taken)
    found = _installed(context)
    difference = packages.difference(pins, found, context.project.root)
    context.summary.append(counted(len(pins), "package"))
    if not difference:
        return Plan(counted(len(pins), "package"))
    _refuse_own(context, difference)
    return Plan(_told(difference), lambda: _install(context, taken, pins, difference))


def _refuse_own(context: Context, difference: Difference) -> None:
    """Refuse to take this tool away from under itself."""
    if _OWN in difference.remove and context.runs_from_venv:
        raise BootstrapError(
            f"bootstrap runs from {context.project.venv.name} and would be removed: no lock names it",
            hint="install bootstrap outside the project (pipx install bootstrap-cli), then run it again",
            code="venv-own",
        )


def _pins(context: Context, taken: Sequence[Layer]) -> dict[str, str]:
    """Return what must be installed: the pins whose markers hold for the project's Python."""
    markers = context.python().markers
    applying = (pin for layer in taken for pin in _lock(context, layer).applying(markers).pins)
    return {pin.name: pin.url or pin.version for pin in applying}


def _refuse_apart(context: Context, taken: Sequence[Layer]) -> None:
    """Refuse layers that pin one package differently: pip would only say that it cannot install both."""
    locks = {layer.lock: _lock(context, layer).applying(context.python().markers) for layer in taken}
    found = agreement.differing(taken, locks)
    if found:
        names = " and ".join(layer.name for layer in taken)
        raise BootstrapError(
            f"the layers {names} cannot be installed together ({agreement.told(found)})",
            hint=f"install fewer layers, or loosen what they say of {', '.join(found)} and lock them again",
            code="layers-disagree",
        )


def _lock(context: Context, layer: Layer) -> LockFile:
    lock = context.locks.get(layer.lock)
    if lock is None:
        raise BootstrapError(
            f"{layer.lock} is missing, so nothing can be installed",
            hint="run bootstrap without --skip locks",
            code="stale-lock",
            file=str(layer.lock),
        )
    return lock


def _installed(context: Context) -> Installed:
    """Return what the environment holds; one that is still to be made or rebuilt holds nothing."""
    site_packages = context.environment.site_packages
    if site_packages is None or (context.ailment is not None and not context.created):
        return Installed({})
    return packages.installed(site_packages)


def _install(context: Context, taken: Sequence[Layer], pins: dict[str, str], difference: Difference) -> str:
    environment = context.environment
    if environment.site_packages is None:
        raise BootstrapError(
            f"there is no environment at {context.project.settings.venv} to install into",
            hint="run bootstrap without --skip venv",
        )
    installer = context.installer
    context.progress.started("install", f"{_told(difference)} with {installer.name}")
    unfinished = environment.marker.exists()
    before = packages.listing(environment.site_packages)
    create.begin(environment)
    try:
        with loading.ahead("bootstrap.setup.gitignore", "bootstrap.setup.env"):
            _change(context, installer, environment, taken, difference)
    except BaseException:
        # Where nothing was touched yet, the environment is as whole as it was.
        if not unfinished and packages.listing(environment.site_packages) == before:
            create.finish(environment)
        raise
    _verify(context, environment.site_packages, pins)
    if not unfinished:
        create.finish(environment)
    return _done(difference)


def _change(
    context: Context,
    installer: installers.Installer,
    environment: Environment,
    taken: Sequence[Layer],
    difference: Difference,
) -> None:
    if difference.install:
        sources = installers.Sources(
            tuple(context.project.root / layer.lock for layer in taken),
            hashes=context.project.settings.generate_hashes,
            configuration=context.pip_configuration(),
            offline=context.options.offline,
        )
        installer.install(environment, sources, context.progress.update)
    if difference.remove:
        installer.remove(environment, difference.remove, context.progress.update)


def _verify(context: Context, site_packages: Path, pins: dict[str, str]) -> None:
    """Compare the environment with the locks by name and version once more."""
    left = packages.difference(pins, packages.installed(site_packages), context.project.root)
    if left:
        raise BootstrapError(
            f"after installing, the environment still differs from the locks: {_told(left)}",
            hint="run bootstrap --rebuild",
            code="not-verified",
        )


def _told(difference: Difference) -> str:
    parts = []
    if difference.install:
        parts.append(f"install {counted(len(difference.install), 'package')}")
    if difference.remove:
        parts.append(f"remove {len(difference.remove)} ({', '.join(difference.remove)})")
    return ", ".join(parts)


def _done(difference: Difference) -> str:
    return _told(difference).replace("install ", "installed ", 1).replace("remove ", "removed ", 1)
