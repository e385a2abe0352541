"""Layers agree on each package with those they build on, and with all others where that can be."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from bootstrap.errors import BootstrapError
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile
from bootstrap.report import Problem, Severity

Locks = Mapping[PurePosixPath, LockFile]
Differing = Mapping[str, Mapping[str, str]]
"""Packages that layers pin differently: the version, or the address, by the name of each layer."""


def differing(layers: Iterable[Layer], locks: Locks) -> Differing:
    """Return the packages that some layers pin differently, by name."""
    seen: dict[str, dict[str, str]] = {}
    for layer in layers:
        for pin in locks[layer.lock].pins if layer.lock in locks else ():
            seen.setdefault(pin.name, {})[layer.name] = pin.version or str(pin).partition(" @ ")[2]
    return {name: seen[name] for name in sorted(seen) if len(set(seen[name].values())) > 1}


def among_related(found: Differing, layers: Sequence[Layer], chosen: Collection[str]) -> Differing:
    """Return those that a layer pins otherwise than one it builds on, where one of both is ``chosen``."""
    below = [(layer.name, other) for layer in layers for other in (*layer.includes, *layer.constrained_by)]
    pairs = [pair for pair in below if not set(pair).isdisjoint(chosen)]
    return {
        name: versions
        for name, versions in found.items()
        if any({one, other} <= versions.keys() and versions[one] != versions[other] for one, other in pairs)
    }


def demand(found: Differing, layers: Sequence[Layer], chosen: Collection[str], because: str = "") -> None:
    """Raise ``BootstrapError`` where a ``chosen`` layer and one that builds on the other do not agree.

    It names the packages that differ; ``because`` are lines that tell why.
    """
    apart = among_related(found, layers, chosen)
    if apart:
        raise BootstrapError(
            f"each layer can be locked alone, but not with those it builds on ({told(apart)}){because}",
            hint=f"loosen what the layers say of {', '.join(apart)}",
            code="layers-disagree",
        )


def warning(found: Differing, because: str = "") -> Problem:
    """Return what is to be said of layers that differ and do not build on each other."""
    move = " ".join(f"-P {name}" for name in found)
    return Problem(
        "layers-disagree",
        f"layers that do not build on each other differ ({told(found)}){because}",
        f"to bring them together, loosen what they say of {', '.join(found)}, then: bootstrap lock {move}",
        severity=Severity.WARNING,
    )


def told(found: Differing) -> str:
    """Return which packages differ, in words: ``util: 2.0 in base and dev, 1.0 in docs``."""
    return "; ".join(f"{name}: {_by_version(versions)}" for name, versions in found.items())


def _by_version(versions: Mapping[str, str]) -> str:
    layers: dict[str, list[str]] = {}
    for layer, version in versions.items():
        layers.setdefault(version, []).append(layer)
    return ", ".join(f"{version} in {' and '.join(names)}" for version, names in layers.items())


def groups(layers: Sequence[Layer]) -> list[tuple[Layer, ...]]:
    """Return the layers in groups, of which none builds on another; each in the order they had."""
    found: list[set[str]] = []
    for layer in layers:
        own = {layer.name, *layer.includes, *layer.constrained_by}
        touching = [group for group in found if group & own]
        found = [group for group in found if group not in touching] + [own.union(*touching)]
    members = [tuple(layer for layer in layers if layer.name in group) for group in found]
    return sorted(members, key=lambda group: layers.index(group[0]))
