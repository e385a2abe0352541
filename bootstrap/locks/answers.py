"""Whether a lock answers what the files of its layer say, line for line, and says nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from bootstrap.locks.addresses import fragment, same_address
from bootstrap.locks.demands import Asked, Demand
from bootstrap.locks.formats import Given, added_up
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile, Pin
from bootstrap.locks.platforms import OTHER_PLATFORM, tells_apart
from bootstrap.locks.reason import Reason
from bootstrap.locks.requirements import Direct, Requirement, shown


@dataclass(frozen=True, slots=True)
class Case:
    """A lock, the pins of it that apply, and what its layer asks for in the target environment.

    ``named`` holds each file with each package it asks for; ``locks`` are those of all layers. ``formats``
    are the options that say of which kind files may be, ``configured`` those of pip's own configuration.
    ``is_of_another_platform`` says that the lock was made on one.
    """

    layer: Layer
    lock: LockFile
    pins: tuple[Pin, ...]
    by_name: Mapping[str, list[Pin]]
    demands: tuple[Demand, ...]
    named: frozenset[tuple[str, str | None]]
    reads_remote: bool
    locks: frozenset[PurePosixPath]
    formats: tuple[Asked, ...] = ()
    configured: tuple[Given, ...] = ()
    is_of_another_platform: bool = False


def unmet(case: Case) -> Iterator[Reason]:
    """Tell each line that applies and that the lock does not answer."""
    for demand in case.demands:
        pins = _meant(case, demand.item)
        fault = _fault(case, demand, pins)
        if fault is not None:
            place = f"{demand.file.name}:{demand.item.number} {shown(demand.item)}"
            at = (str(demand.file), demand.item.number)
            if case.is_of_another_platform and not pins and tells_apart(demand.item.marker):
                yield Reason(OTHER_PLATFORM, f"{place} {fault}", *at, demand.item.name)
            else:
                yield Reason("stale-lock", f"{place} {fault}", *at)


def _fault(case: Case, demand: Demand, pins: list[Pin]) -> str | None:
    if not pins:
        is_unnamed = isinstance(demand.item, Direct) and _is_unnamed_line(case.lock, demand.item)
        return None if demand.limits or is_unnamed else f"has no pin in {case.lock.name}"
    # Another layer's pin that differs is told as a disagreement.
    if demand.file not in case.locks and not any(_satisfies(pin, demand.item) for pin in pins):
        return f"is not satisfied by {pins[0]}"
    # The lock's own words must name the file, or taking the line out of it again would go unseen.
    annotated = [pin for pin in pins if pin.via]
    if (
        not demand.limits
        and annotated
        and not any(("-r", str(demand.file)) in pin.sources for pin in annotated)
    ):
        return f"is not named as a source of {pins[0]} in {case.lock.name}"
    return None


def _meant(case: Case, item: Requirement | Direct) -> list[Pin]:
    """Return the pins for a line: those of its name, or of its address where that tells no name."""
    if item.name is not None:
        return case.by_name.get(item.name, [])
    return [pin for pin in case.pins if _satisfies(pin, item)]


def _is_unnamed_line(lock: LockFile, item: Direct) -> bool:
    return any(isinstance(line, Direct) and same_address(item.url, line.url) for line in lock.options)


def _satisfies(pin: Pin, item: Requirement | Direct) -> bool:
    """Judge as pip judges a pin: it may be a pre-release although nothing asks for one."""
    if item.hashes and pin.hashes and not item.hashes & pin.hashes:
        return False
    if isinstance(item, Direct):
        return pin.url is not None and same_address(item.url, pin.url) and _is_same_file(item.url, pin)
    if not pin.version:
        return True  # an address, or a line that is told as unpinned
    return item.specifier.contains(pin.version, prereleases=True)


def _is_same_file(url: str, pin: Pin) -> bool:
    """Say whether a pin allows the one file whose hash a URL tells, if it tells one."""
    digest = fragment(url, "sha256")
    locked = fragment(pin.url or "", "sha256")
    return digest is None or digest == locked or (locked is None and f"sha256:{digest}" in pin.hashes)


def left_over(case: Case) -> Iterator[Reason]:
    """Tell each pin that says of itself what the layer's files do not, or no longer, say."""
    # A lock that was put together for several platforms has several pins of one name.
    count = Counter(pin.name for pin in case.lock.pins)
    for pin in case.pins:
        asked = [demand.item for demand in case.demands if _asks_for(demand.item, pin)]
        found = [*_gone_sources(case, pin, count.keys())]
        if not case.reads_remote:
            found += _unasked(pin, asked)
        if asked and count[pin.name] == 1:
            found += _other_marker(pin, asked)
        yield from (Reason("stale-lock", why, case.lock.name, pin.line) for why in found)


def _asks_for(item: Requirement | Direct, pin: Pin) -> bool:
    return item.name == pin.name or (item.name is None and _satisfies(pin, item))


def _gone_sources(case: Case, pin: Pin, names: Collection[str]) -> Iterator[str]:
    for _, path in sorted(source for source in pin.sources if source[0] == "-r"):
        if not _still_names(case, path, pin):
            yield f"{pin.name} is pinned via {PurePosixPath(path).name}, which no longer names it"
    for parent in sorted(pin.parents - set(names)):
        yield f"{pin.name} is pinned via {parent}, which has no pin"


def _unasked(pin: Pin, asked: Collection[Requirement | Direct]) -> Iterator[str]:
    """Tell a pin that says not why it is there, and one to an address where all ask for the name alone."""
    if not (pin.via or asked):
        yield f"{pin} is pinned, and nothing asks for it"
    by_address = any(isinstance(item, Direct) for item in asked)
    if pin.url is not None and asked and not (by_address or pin.parents):
        yield f"{pin} is an address that no requirement file names"


def _other_marker(pin: Pin, asked: Iterable[Requirement | Direct]) -> Iterator[str]:
    """Tell a marker that is on no line for the package, or missing: pip-compile writes one of theirs."""
    markers = {str(item.marker) for item in asked if item.marker is not None}
    if str(pin.marker) not in (markers or {"None"}):
        has = f"the marker {pin.marker}" if pin.marker else "no marker"
        yield f"{pin} has {has}, and the requirement files say otherwise"


def _still_names(case: Case, path: str, pin: Pin) -> bool:
    if "://" in path:
        return case.reads_remote
    unnamed = (demand for demand in case.demands if demand.item.name is None and str(demand.file) == path)
    return (path, pin.name) in case.named or any(_satisfies(pin, demand.item) for demand in unnamed)


def other_formats(case: Case) -> Iterator[Reason]:
    """Tell the ``--no-binary`` and ``--only-binary`` that the lock lacks, or has for nothing.

    What pip's own configuration says may stand in a lock, and need not: the next machine may not say it.
    """
    in_lock = added_up(given for line in case.lock.options for given in getattr(line, "formats", ()))
    by_files = added_up(asked.given for asked in case.formats)
    here = added_up([*case.configured, *(asked.given for asked in case.formats)])
    if in_lock in (by_files, here) or case.reads_remote:
        return
    lacking = set(by_files.options()) - set(in_lock.options())
    for asked in case.formats:
        if lacking & set(added_up([asked.given]).options()):
            said = f"{asked.file.name}:{asked.line.number} {' '.join(asked.given)} is not in {case.lock.name}"
            yield Reason("stale-lock", said, str(asked.file), asked.line.number)
            return
    more = sorted(set(in_lock.options()) - set(by_files.options()))
    yield Reason("stale-lock", f"no requirement file says {', '.join(more)} any more", case.lock.name, 1)
