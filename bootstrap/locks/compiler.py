"""Compiling layers with pip-tools, under the project's Python, so that all layers agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from bootstrap.errors import BootstrapError
from bootstrap.locks import agreement, failures, lockfile, outcome
from bootstrap.locks import bench as benches
from bootstrap.locks.bench import Texts
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile, parse_lock
from bootstrap.locks.pip_tools import WITHOUT_COOLDOWN, Moves, PipTools, UnsupportedError
from bootstrap.locks.preferences import Preferences, most_held
from bootstrap.system import files

Locks = Mapping[PurePosixPath, LockFile]
Made = dict[PurePosixPath, str]


def compile_stale(
    pip_tools: PipTools,
    layers: tuple[Layer, ...],
    stale: frozenset[str],
    texts: Texts,
    markers: Mapping[str, str] | None = None,
) -> Made:
    """Return the new text of every lock that must change; ``texts`` holds all inputs and the locks there are.

    ``markers`` is the environment that they are for (PEP 508): a pin for another one is none to keep.

    The union of all layers is resolved once, and each layer is the part of it that its requirements reach.
    A pin stays while its requirements allow it. Where the union has no solution, layers that do not build on
    each other are locked apart, with a warning that names the packages that differ.

    Raises ``BootstrapError`` where a layer cannot be resolved, or does not agree with one it builds on.
    """
    there = [layer.lock for layer in layers if layer.lock in texts]
    read = {path: lockfile.read(path, texts) for path in there}
    locks = read if markers is None else {path: lock.applying(markers) for path, lock in read.items()}
    with files.scratch_folder() as scratch:
        bench = benches.lay_out(scratch, texts)
        work = _Work(pip_tools, bench, layers, stale, texts, locks)
        try:
            made, because = _compiled(work)
        except BootstrapError as error:
            error.problem = failures.told(error, pip_tools, layers, texts)
            raise
    made = {path: outcome.portable(text, str(path), layers, texts) for path, text in made.items()}
    new = {path: parse_lock(text, str(path)) for path, text in made.items()}
    chosen = outcome.to_write(new, frozenset(layer.lock for layer in layers if layer.name in stale), locks)
    differing = agreement.differing(layers, {**locks, **{path: new[path] for path in chosen}})
    agreement.demand(differing, layers, {layer.name for layer in layers if layer.lock in chosen}, because)
    if differing:
        pip_tools.warn(agreement.warning(differing, because))
    return {path: made[path] for path in chosen if made[path] != texts.get(path)}


@dataclass(frozen=True, slots=True)
class _Work:
    """One compilation: where, of what, and the locks there are, with the pins alone that apply."""

    pip_tools: PipTools
    bench: Path
    layers: tuple[Layer, ...]
    stale: frozenset[str]
    texts: Texts
    locks: Locks

    def fresh_first(self, layers: Sequence[Layer]) -> list[LockFile]:
        """Return the locks there are of some layers, the fresh before the stale."""
        there = [layer for layer in layers if layer.lock in self.locks]
        return [self.locks[layer.lock] for layer in sorted(there, key=lambda layer: layer.name in self.stale)]

    def preferring(self, locks: Sequence[LockFile]) -> Preferences:
        """Return the pins of some locks that are to be held."""
        return Preferences.of(locks, self.pip_tools.moves.allow)


def _compiled(work: _Work) -> tuple[Made, str]:
    """Return the locks; where some may differ, with the lines that tell why."""
    try:
        return _as_one(work, work.layers, work.preferring(work.fresh_first(work.layers))), ""
    except BootstrapError as error:
        if error.problem.code != "conflict":
            raise
        made = _apart(work, error)
        told = failures.told(error, work.pip_tools, work.layers, work.texts).message
        return made, "".join(f"\n{line}" for line in told.splitlines()[1:])


def _apart(work: _Work, of_all: BootstrapError) -> Made:
    """Compile layers that have no solution together, in groups of those that build on each other.

    Where one of them has none by itself, raises ``of_all``: that names what the project asks for, a layer's
    own may name what another layer's lock pins.
    """
    # Layer by layer, a pin that is too young would go back.
    if work.pip_tools.uploaded_before:
        raise of_all
    groups = agreement.groups(work.layers)
    made: Made = {}
    for group in (group for group in groups if any(layer.name in work.stale for layer in group)):
        settled = [parse_lock(text, str(path)) for path, text in made.items()]
        try:
            made |= _group(work, group, settled) if len(groups) > 1 else _one_by_one(work, group, settled)
        except BootstrapError as error:
            raise (of_all if error.problem.code == "conflict" else error) from None
    return made


def _group(work: _Work, group: Sequence[Layer], settled: Sequence[LockFile]) -> Made:
    """Compile one group as one, or if that has no solution its layers one by one."""
    held = [*settled, *work.fresh_first(group), *work.fresh_first(work.layers)]
    try:
        return _as_one(work, group, work.preferring(held))
    except BootstrapError as error:
        if error.problem.code != "conflict" or len(group) == 1:
            raise
        return _one_by_one(work, group, settled)


def _as_one(work: _Work, layers: Sequence[Layer], held: Preferences) -> Made:
    """Resolve the union of some layers, and return their locks, but for those that are as they should be."""
    benches.lay_out_union(work.bench, layers, work.texts)
    locked = [pin for lock in work.locks.values() for pin in lock.pins]
    fresh = {layer.lock: work.locks[layer.lock].pins for layer in layers if _is_fresh(work, layer)}

    def compiled(holding: Preferences) -> Made:
        benches.prefer(work.bench, benches.UNION, holding.text())
        return work.pip_tools.compile_all(work.bench, layers, locked, fresh)

    try:
        return most_held(held, compiled)
    except UnsupportedError as reason:
        _refuse_cooldown(work.pip_tools, reason)
        work.pip_tools.on_work(f"plain pip-compile a layer: {reason}")
        return _as_one_plainly(work, layers, held)


def _as_one_plainly(work: _Work, layers: Sequence[Layer], held: Preferences) -> Made:
    """Resolve the union by pip-compile as it is, then each layer with the union's pins held."""
    union = parse_lock(_compile_one(work.pip_tools, work.bench, benches.UNION, held), "union")
    held = Preferences.of([union], lambda _: False)
    # What was yanked is told of the union already.
    holding = replace(work.pip_tools, moves=Moves(), warn=lambda _: None)
    return {layer.lock: _compile_one(holding, work.bench, layer, held) for layer in layers}


def _one_by_one(work: _Work, layers: Sequence[Layer], settled: Sequence[LockFile]) -> Made:
    """Compile the stale layers in order; a pin of one that is settled is preferred by all after it."""
    done = [*(work.locks[layer.lock] for layer in layers if _is_fresh(work, layer)), *settled]
    made: Made = {}
    for layer in (layer for layer in layers if layer.name in work.stale):
        own = [work.locks[layer.lock]] if layer.lock in work.locks else []
        held = work.preferring([*done, *own, *work.locks.values()])
        made[layer.lock] = _compile_one(work.pip_tools, work.bench, layer, held)
        done.append(parse_lock(made[layer.lock], str(layer.lock)))
    return made


def _is_fresh(work: _Work, layer: Layer) -> bool:
    return layer.name not in work.stale and layer.lock in work.locks


def _compile_one(pip_tools: PipTools, bench: Path, layer: Layer, held: Preferences) -> str:
    def compiled(holding: Preferences) -> str:
        benches.prefer(bench, layer, holding.text())
        return pip_tools.compile(bench, layer)

    return most_held(held, compiled)


def _refuse_cooldown(pip_tools: PipTools, reason: UnsupportedError) -> None:
    """Raise where files that are too young must be left out: plain pip-compile lets pins go back for it."""
    if pip_tools.uploaded_before:
        raise BootstrapError(
            f"the cooldown cannot be kept with this pip and pip-tools: {reason}",
            hint=f"to lock without it, {WITHOUT_COOLDOWN}",
            code="cooldown",
        ) from None
