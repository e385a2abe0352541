"""Which locks are compiled, and which pins may move, as the command line asks."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from bootstrap.errors import UsageError
from bootstrap.locks.pip_tools import Moves
from bootstrap.locks.reason import Reason
from bootstrap.locks.requirements import Requirement as Line
from bootstrap.setup.context import Context

UPGRADE = "upgrade"
"""The code of a reason that was given on the command line: it is no fault of a lock."""

Reasons = Mapping[str, tuple[Reason, ...]]


def due(context: Context, stale: Reasons) -> dict[str, tuple[Reason, ...]]:
    """Return why each layer is to be compiled, in order: of those asked for the stale ones, or all."""
    options = context.options
    wanted = _with_what_they_build_on(context, options.to_lock)
    reasons = dict(stale)
    if options.upgrade or options.upgrade_packages:
        option = "--upgrade" if options.upgrade else f"-P {' -P '.join(options.upgrade_packages)}"
        for layer in context.layers:
            reasons.setdefault(layer.name, (Reason(UPGRADE, f"{option} was given", str(layer.source)),))
    return {
        layer.name: reasons[layer.name]
        for layer in context.layers
        if layer.name in reasons and layer.name in wanted
    }


def moves(context: Context) -> Moves:
    """Return which pins may move although their requirements allow them.

    Where only some layers are to be upgraded, what no lock of them pins stays.

    Raises ``UsageError`` for what is no requirement, and for a package that no layer has.
    """
    known = {pin.name for lock in context.locks.values() for pin in lock.pins}
    known |= {line.name for file in context.inputs.values() for line in file.lines if isinstance(line, Line)}
    named = {_name(text, known): text for text in context.options.upgrade_packages}
    if context.options.upgrade and context.options.to_lock:
        wanted = _with_what_they_build_on(context, context.options.to_lock)
        locks = [context.locks.get(layer.lock) for layer in context.layers if layer.name in wanted]
        return Moves(packages={pin.name: pin.name for lock in locks if lock for pin in lock.pins} | named)
    return Moves(everything=context.options.upgrade, packages=named)


def _with_what_they_build_on(context: Context, names: tuple[str, ...]) -> set[str]:
    by_name = {layer.name: layer for layer in context.layers}
    chosen = [by_name[name] for name in names] or list(context.layers)
    return {name for layer in chosen for name in (layer.name, *layer.includes, *layer.constrained_by)}


def _name(text: str, known: set[str]) -> str:
    try:
        name = canonicalize_name(Requirement(text).name)
    except InvalidRequirement:
        raise UsageError(
            f"-P {text} is no requirement", hint="name a package, as in -P django or -P 'django<6'"
        ) from None
    if name not in known:
        raise UsageError(
            f"-P {text}: no layer has {name}",
            hint="see that its name is right; add a new package to a .in file",
        )
    return name
