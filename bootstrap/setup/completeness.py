"""Whether fresh locks are whole: what is installed tells what each package needs.

The text of a lock cannot tell that ``redis`` became ``redis[hiredis]``; the metadata of the installed redis
can. So this is known for installed packages alone, and for a fresh clone only after the first installation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from bootstrap.environments import packages
from bootstrap.locks import closure, platforms
from bootstrap.locks.closure import Closure, InstalledMetadata
from bootstrap.locks.demands import applies, roots
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile
from bootstrap.locks.reason import Reason
from bootstrap.locks.requirements import Direct, Line, Reference, Requirement, shown
from bootstrap.report import Problem, Severity
from bootstrap.setup import memory
from bootstrap.setup.context import Context


def look(
    context: Context, stale: Mapping[str, tuple[Reason, ...]]
) -> tuple[dict[str, tuple[Reason, ...]], tuple[Problem, ...]]:
    """Return why each fresh layer is not whole after all, and the extras asked for that do not exist.

    A layer that was compiled in this run is left out: pip-compile has answered, and asking again would only
    bring the same answer.
    """
    reasons: dict[str, tuple[Reason, ...]] = {}
    problems: dict[Problem, None] = {}
    metadata = _metadata(context)
    for layer in context.layers if metadata else ():
        lock = context.locks.get(layer.lock)
        if lock is None or layer.name in stale:
            continue
        found = _closure(context, layer, lock, metadata)
        problems |= dict.fromkeys(_unknown_extras(context, layer, found))
        why = [
            *_built_on(layer, reasons),
            *_faults(context, layer, lock, found),
            *_addresses(context, lock, metadata),
        ]
        if why and layer.name not in context.compiled:
            reasons[layer.name] = tuple(why)
    return reasons, tuple(problems)


def _metadata(context: Context) -> dict[str, InstalledMetadata]:
    site_packages = context.environment.site_packages
    if site_packages is None or (context.ailment is not None and not context.created):
        return {}
    return {
        name: InstalledMetadata(one.version, one.requires, one.extras)
        for name, one in packages.metadata(site_packages).items()
    }


def _closure(
    context: Context,
    layer: Layer,
    lock: LockFile,
    metadata: Mapping[str, InstalledMetadata],
) -> Closure:
    markers = context.python().markers
    pins = {pin.name: pin.version for pin in lock.applying(markers).pins}
    return closure.check_closure(roots(layer.source, context.inputs, markers), metadata, pins, markers)


def _faults(context: Context, layer: Layer, lock: LockFile, found: Closure) -> Iterator[Reason]:
    for one in found.missing:
        by = one.needed_by or "a requirement file"
        told = f"{lock.name} has no pin for {one.name}, which {by} needs"
        # What this machine lacks of its own lock is new, as a Python of another patch may be.
        if platforms.tells_apart(one.requirement) and memory.recall(lock) is None:
            marker = one.requirement.rpartition(";")[2].strip()
            told = f"{told} on this platform ({marker})"
            yield Reason(platforms.OTHER_PLATFORM, told, lock.name, package=one.name)
        else:
            yield Reason("stale-lock", told, lock.name)
    # Lines for another system may need what nothing here asks for.
    if not _has_lines_for_others(context, layer, lock):
        lines = {pin.name: pin.line for pin in lock.pins}
        for name in found.unneeded:
            yield Reason(
                "stale-lock", f"{lock.name} pins {name}, which nothing needs", lock.name, lines[name]
            )


def _addresses(
    context: Context, lock: LockFile, metadata: Mapping[str, InstalledMetadata]
) -> Iterator[Reason]:
    """Tell each pin of an address that neither a line asks for nor any of the packages that need it.

    Lines and packages of any layer count: all layers are resolved together.
    """
    at_address = [pin for pin in lock.applying(context.python().markers).pins if pin.url is not None]
    if not at_address:
        return
    lines = [line for file in context.inputs.values() for line in file.lines]
    by_address = {line.name for line in lines if isinstance(line, Direct)}
    if None in by_address or any(isinstance(line, Reference) and line.is_remote for line in lines):
        return
    everywhere = [pin for each in context.locks.values() for pin in each.pins]
    known = {
        pin.name: metadata[pin.name]
        for pin in everywhere
        if pin.name in metadata and packages.same_version(metadata[pin.name].version, pin.version)
    }
    for pin in (pin for pin in at_address if pin.name not in by_address):
        parents = {name for each in everywhere if each.name == pin.name for name in each.parents}
        is_known = parents and parents <= known.keys()
        if is_known and not any(closure.asks_by_address(known[name], pin.name) for name in parents):
            told = f"{pin} is an address that nothing asks for"
            yield Reason("stale-lock", told, lock.name, pin.line)


def _lines(context: Context, layer: Layer) -> Iterator[Line]:
    for path in layer.files:
        yield from context.inputs[path].lines


def _has_lines_for_others(context: Context, layer: Layer, lock: LockFile) -> bool:
    markers = context.python().markers
    asked = (line for line in _lines(context, layer) if isinstance(line, Requirement | Direct))
    lines = [*lock.pins, *asked]
    return not all(applies(line.marker, markers) for line in lines)


def _built_on(layer: Layer, reasons: Mapping[str, tuple[Reason, ...]]) -> Iterator[Reason]:
    """Let a layer follow those it includes: it may not be installed itself, so nothing is known of it."""
    for name in layer.includes:
        if name in reasons:
            first = reasons[name][0]
            yield Reason(platforms.code_of(reasons[name]), first.message, str(layer.source))


def _unknown_extras(context: Context, layer: Layer, found: Closure) -> Iterator[Problem]:
    """Tell the extras that a requirement file asks for and the installed version does not have."""
    for path in layer.files:
        for line in context.inputs[path].lines:
            if isinstance(line, Requirement | Direct) and applies(line.marker, context.python().markers):
                absent = [one for one in sorted(line.extras) if f"{line.name}[{one}]" in found.no_such_extra]
                yield from (_no_such_extra(path, line, extra) for extra in absent)


def _no_such_extra(path: PurePosixPath, line: Requirement | Direct, extra: str) -> Problem:
    return Problem(
        "no-such-extra",
        f"{shown(line)}: the installed {line.name} has no extra called {extra}",
        f"correct the extra in {path.name}, or take it out",
        str(path),
        line.number,
        severity=Severity.WARNING,
    )
