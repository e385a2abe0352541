"""Compiling layers with pip-tools, under the project's Python, so that all layers agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath

from bootstrap.errors import BootstrapError
from bootstrap.locks import addresses, failures, lockable, lockfile
from bootstrap.locks import bench as benches
from bootstrap.locks.bench import Texts
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile, Pin, parse_lock
from bootstrap.locks.pip_tools import WITHOUT_COOLDOWN, PipTools, UnsupportedError
from bootstrap.locks.requirements import shown
from bootstrap.pip import messages
from bootstrap.system import files

Locks = Mapping[PurePosixPath, LockFile]


def compile_stale(
    pip_tools: PipTools,
    layers: tuple[Layer, ...],
    stale: frozenset[str],
    texts: Texts,
    markers: Mapping[str, str],
) -> dict[PurePosixPath, str]:
    """Return the new text of every lock that must change; ``texts`` holds all inputs and the locks there are.

    ``markers`` is the environment that they are for (PEP 508): a pin for another one is none to keep.

    The union of all layers is resolved once, and each layer is the part of it that its requirements reach.
    A pin stays while its requirements allow it. Where the union has no solution the layers are compiled one
    by one, each with the pins of those before it as its preference.

    Raises ``BootstrapError`` where a layer cannot be resolved, or the layers cannot agree.
    """
    there = [layer.lock for layer in layers if layer.lock in texts]
    locks = {path: lockfile.read(path, texts).applying(markers) for path in there}
    try:
        made = _compile(pip_tools, layers, stale, texts, locks)
    except BootstrapError as error:
        error.problem = failures.told(error, pip_tools, layers, texts)
        raise
    made = {path: _portable(text, str(path), layers, texts) for path, text in made.items()}
    new = _parsed(made)
    demand_agreement(layers, {**locks, **new})
    due = frozenset(layer.lock for layer in layers if layer.name in stale)
    return {path: made[path] for path in _to_write(new, due, locks) if made[path] != texts.get(path)}


def _compile(
    pip_tools: PipTools, layers: tuple[Layer, ...], stale: frozenset[str], texts: Texts, locks: Locks
) -> dict[PurePosixPath, str]:
    with files.scratch_folder() as bench:
        benches.lay_out(bench, texts)
        one_by_one = partial(_one_by_one, pip_tools, bench, layers, stale, locks)
        try:
            return _as_one(pip_tools, bench, layers, texts, _fresh_first(layers, stale, locks))
        except UnsupportedError as reason:
            _refuse_cooldown(pip_tools, reason)
            pip_tools.on_work(f"plain pip-compile a layer: {reason}")
        except BootstrapError as error:
            # Layer by layer, a pin that is too young would go back.
            if error.problem.code != "conflict" or pip_tools.uploaded_before:
                raise
            return _instead(one_by_one, error)
        return one_by_one()


def _instead(
    one_by_one: Callable[[], dict[PurePosixPath, str]], of_all: BootstrapError
) -> dict[PurePosixPath, str]:
    """Compile layers that have no solution together; where one of them has none by itself, raise ``of_all``.

    That one names what the project asks for; a layer's own may name what another layer's lock pins.
    """
    try:
        return one_by_one()
    except BootstrapError as error:
        raise (of_all if error.problem.code == "conflict" else error) from None


def _refuse_cooldown(pip_tools: PipTools, reason: UnsupportedError) -> None:
    """Raise where files that are too young must be left out: plain pip-compile lets pins go back for it."""
    if pip_tools.uploaded_before:
        raise BootstrapError(
            f"the cooldown cannot be kept with this pip and pip-tools: {reason}",
            hint=f"to lock without it, {WITHOUT_COOLDOWN}",
            code="cooldown",
        ) from None


def _portable(text: str, name: str, layers: Iterable[Layer], texts: Texts) -> str:
    """Return a lock's text with a variable in the place of each secret.

    Raises ``BootstrapError`` where something is left that may stand in no lock.
    """
    for path in sorted({path for layer in layers for path in layer.files}):
        text = addresses.with_variables(text, texts[path])
    lines = parse_lock(text, name).file.lines
    faults = [f"{shown(line)} {fault}" for line in lines if (fault := lockable.portability_fault(line))]
    if not faults and addresses.has_credentials(text):
        faults = ["an annotation holds a password or a token"]
    if faults:
        raise BootstrapError(
            f"{name} is not written: {faults[0]}",
            hint="take what brings it in out of the requirement files",
            code="not-portable",
            file=name,
        )
    return text


def demand_agreement(layers: Iterable[Layer], locks: Locks) -> None:
    """Raise ``BootstrapError`` where two layers pin one package differently, naming all that differ."""
    seen: dict[str, dict[str, str]] = {}
    for layer in layers:
        for pin in locks[layer.lock].pins if layer.lock in locks else ():
            seen.setdefault(pin.name, {})[layer.name] = pin.version
    apart = {name: versions for name, versions in seen.items() if len(set(versions.values())) > 1}
    if apart:
        told = "; ".join(
            f"{name}: " + ", ".join(f"{layer} needs {version}" for layer, version in versions.items())
            for name, versions in sorted(apart.items())
        )
        raise BootstrapError(
            f"each layer can be locked alone, but not all together ({told})",
            hint=f"loosen what the layers say of {', '.join(sorted(apart))}",
            code="layers-disagree",
        )


def _as_one(
    pip_tools: PipTools, bench: Path, layers: Sequence[Layer], texts: Texts, preferred: Iterable[LockFile]
) -> dict[PurePosixPath, str]:
    benches.lay_out_union(bench, layers, texts)
    preferred = tuple(preferred)
    locked = [pin for lock in preferred for pin in lock.pins]
    pins = _kept(pip_tools, benches.preferences(preferred))
    while True:
        benches.prefer(bench, benches.UNION, pins)
        try:
            return pip_tools.compile_all(bench, layers, locked)
        except BootstrapError as error:
            pins = _without_those_in_the_way(pins, error)


def _one_by_one(
    pip_tools: PipTools, bench: Path, layers: Sequence[Layer], stale: frozenset[str], locks: Locks
) -> dict[PurePosixPath, str]:
    """Compile the stale layers in order; a pin of one that is settled is preferred by all after it."""
    settled = [locks[layer.lock] for layer in layers if layer.name not in stale and layer.lock in locks]
    made: dict[PurePosixPath, str] = {}
    for layer in (layer for layer in layers if layer.name in stale):
        own = [locks[layer.lock]] if layer.lock in locks else []
        pins = _kept(pip_tools, benches.preferences([*settled, *own, *locks.values()]))
        made[layer.lock] = _compile_one(pip_tools, bench, layer, pins)
        settled.append(parse_lock(made[layer.lock], str(layer.lock)))
    return made


def _compile_one(pip_tools: PipTools, bench: Path, layer: Layer, pins: dict[str, Pin]) -> str:
    while True:
        benches.prefer(bench, layer, pins)
        try:
            return pip_tools.compile(bench, layer)
        except BootstrapError as error:
            pins = _without_those_in_the_way(pins, error)


def _kept(pip_tools: PipTools, pins: dict[str, Pin]) -> dict[str, Pin]:
    return {name: pin for name, pin in pins.items() if not pip_tools.moves.allow(name)}


def _without_those_in_the_way(pins: dict[str, Pin], error: BootstrapError) -> dict[str, Pin]:
    """Return the pins that take no part in a conflict; raises the error where none of them does.

    pip-compile lets go of a pin only where all that takes part in the conflict is such a pin.
    """
    in_the_way = messages.held_pins(error.details or "") & pins.keys()
    if not in_the_way:
        raise error
    return {name: pin for name, pin in pins.items() if name not in in_the_way}


def _fresh_first(layers: Iterable[Layer], stale: frozenset[str], locks: Locks) -> list[LockFile]:
    there = [layer for layer in layers if layer.lock in locks]
    return [locks[layer.lock] for layer in sorted(there, key=lambda layer: layer.name in stale)]


def _to_write(new: Locks, due: frozenset[PurePosixPath], old: Locks) -> list[PurePosixPath]:
    """Return the locks that are due, and the others that would no longer agree with these."""
    chosen = due & new.keys()
    while True:
        pins = {name: version for path in chosen for name, version in _versions(new[path]).items()}
        apart = {
            path
            for path in new.keys() & old.keys() - chosen
            if any(pins.get(name, version) != version for name, version in _versions(old[path]).items())
        }
        if not apart:
            return [path for path in new if path in chosen]
        chosen |= apart


def _versions(lock: LockFile) -> dict[str, str]:
    return {pin.name: pin.version for pin in lock.pins}


def _parsed(made: Mapping[PurePosixPath, str]) -> dict[PurePosixPath, LockFile]:
    return {path: parse_lock(text, str(path)) for path, text in made.items()}
