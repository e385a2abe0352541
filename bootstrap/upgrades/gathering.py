"""Putting together what the report tells, from the locks, the journal, the index and the advisories."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bootstrap.locks import cooldown
from bootstrap.locks.requirements import RequirementFile
from bootstrap.upgrades import advisories, newest, pins, resolving
from bootstrap.upgrades.advisories import Audit
from bootstrap.upgrades.findings import Findings, HeldBack, Tried
from bootstrap.upgrades.holds import Hold
from bootstrap.upgrades.hunt import Hunt
from bootstrap.upgrades.index import Told
from bootstrap.upgrades.journal import Journal, Run
from bootstrap.upgrades.metadata import Metadata
from bootstrap.upgrades.newest import Limits, NotNewest
from bootstrap.upgrades.osv import Database
from bootstrap.upgrades.pins import Move, is_older
from bootstrap.upgrades.resolving import Layered, Texts
from bootstrap.upgrades.search import Held, Kind
from bootstrap.upgrades.trials import digest

_SECOND = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Known:
    """What a report is made of, besides the outcome of the search.

    ``old`` and ``new`` are what the packages say of themselves before and after, ``left`` those that were not
    asked to move, ``python`` the full version. ``cooldown`` is in days.
    """

    name: str
    project: Layered
    inputs: tuple[RequirementFile, ...]
    target: Texts
    journal: Journal
    told: Told
    database: Database | None
    python: str
    markers: Mapping[str, str]
    cooldown: int | None
    left: frozenset[str]
    words: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()
    old: Mapping[str, Metadata] = field(default_factory=dict)
    new: Mapping[str, Metadata] = field(default_factory=dict)

    @property
    def day(self) -> str:
        """The day of the job's start (ISO 8601)."""
        return datetime.fromtimestamp(self.journal.began // _SECOND, UTC).date().isoformat()

    @property
    def moves(self) -> tuple[Move, ...]:
        """All that could move."""
        return pins.moves(self.project.locks, resolving.parsed(self.target), self.project.layers)


def versions(project: Layered, target: Texts) -> list[tuple[str, str]]:
    """Return each package in each version that it may have in the end; sorted."""
    return sorted({*project.pins().items(), *_versions(project, target).items()})


def trimmed(answer: dict[str, Any], project: Layered) -> dict[str, Any]:
    """Return what the index told without releases that are older than what is locked."""
    old = project.pins()
    releases = {
        name: [each for each in listed if not is_older(each["version"], old.get(name, "0"))]
        for name, listed in answer["releases"].items()
    }
    return {**answer, "releases": releases}


def mending(known: Known) -> frozenset[str]:
    """Return the packages whose upgrade ends a known vulnerability."""
    audit = _audit(known, {move.name: move.new for move in known.moves if move.new})
    return frozenset(name for name, _ in audit.fixed())


def before_tests(known: Known) -> Findings:
    """Return what would move, where nothing was tried."""
    return _findings(known, known.moves, _versions(known.project, known.target))


def after_tests(known: Known, hunt: Hunt) -> Findings:
    """Return what a search came to."""
    chosen = hunt.pins(hunt.outcome.chosen)
    moved = [move for move in known.moves if chosen.get(move.name) == move.new != move.old]
    held = tuple(_held(known, hunt, each) for each in hunt.outcome.held)
    by_name = {move.name: move for move in known.moves}
    untried = tuple(by_name[name] for name in hunt.names(hunt.outcome.untried))
    why = {move.name: _told(each) for each in held for move in (*each.moves, *each.dragged)}
    why |= dict.fromkeys((move.name for move in untried), "not tried: no more runs were allowed")
    return _findings(
        known, tuple(moved), chosen, held=held, untried=untried, tests=_tests(known, hunt), why=why
    )


def new_holds(known: Known, findings: Findings) -> tuple[Hold, ...]:
    """Return what is to be remembered: what is held now, and what was held and could not be tried."""
    days = {hold.package: hold.since for hold in known.holds}
    made = []
    for held in findings.held:
        first, *others = sorted(held.moves, key=lambda move: (not move.place.direct, move.name))
        together = tuple(sorted(move.name for move in (*others, *held.dragged)))
        reason = f"{held.why}: {held.excerpt[0]}" if held.excerpt else held.why
        since = days.get(first.name) or held.since
        made.append(Hold(first.name, first.old or "", first.new or "", since, reason, together))
    names = {hold.package for hold in made}
    untried = {move.name for move in findings.untried}
    kept = [hold for hold in known.holds if hold.package in untried - names]
    return tuple(sorted([*made, *kept], key=lambda hold: hold.package))


def _versions(project: Layered, target: Texts) -> dict[str, str]:
    return pins.versions(pins.together(resolving.parsed(target), project.layers))


def _findings(
    known: Known,
    moves: tuple[Move, ...],
    after: Mapping[str, str],
    *,
    held: tuple[HeldBack, ...] = (),
    untried: tuple[Move, ...] = (),
    tests: Tried | None = None,
    why: Mapping[str, str] | None = None,
) -> Findings:
    released = {move.name: known.told.uploaded(move.name, move.new) for move in moves if move.new}
    return Findings(
        known.name,
        known.day,
        known.python,
        moves,
        held,
        untried,
        tests,
        {move.name: known.old[move.name] for move in moves if move.name in known.old},
        {move.name: known.new[move.name] for move in moves if move.name in known.new},
        {name: day for name, day in released.items() if day is not None},
        _not_newest(known, after, why or {}),
        _audit(known, after),
        tuple(_notes(known)),
    )


def _held(known: Known, hunt: Hunt, held: Held) -> HeldBack:
    by_name = {move.name: move for move in known.moves}
    own = hunt.names({held.position})
    run = _witness(known, hunt, held)
    hold = next((hold for hold in known.holds if hold.package in own), None)
    excerpt = run.excerpt if run else ()
    return HeldBack(
        tuple(by_name[name] for name in own),
        held.why,
        hunt.names(held.among),
        tuple(by_name[name] for name in hunt.names(set(held.dragged))),
        run.reason if run else "tests",
        excerpt or ((hold.reason,) if hold else ()),
        hold.since if hold and hold.since else known.day,
    )


def _witness(known: Known, hunt: Hunt, held: Held) -> Run | None:
    """Return the red run that tells most of a culprit: alone, else with the fewest others."""
    unit = {held.position, *hunt.units[held.position].needs}
    alone = digest(hunt.pins(unit))
    red = [run for run in known.journal.runs if not run.green and run.kind != Kind.BASELINE]
    own = [run for run in red if run.pins == alone]
    with_others = digest(hunt.pins({*held.among, *unit}))
    together = [run for run in red if run.pins == with_others]
    return next(iter([*own, *together, *reversed(red)]), None)


def _told(held: HeldBack) -> str:
    names = ", ".join(move.name for move in held.moves)
    return f"held back: the tests fail with {names}"


def _tests(known: Known, hunt: Hunt) -> Tried:
    runs = [run for run in known.journal.runs if run.tested]
    imported = hunt.final.imported if hunt.final else None
    seconds = round(sum(run.seconds for run in runs), 1)
    first = round(runs[0].seconds, 1) if runs else 0.0
    return Tried(known.words, len(runs), seconds, first, len(hunt.outcome.flaky), imported)


def _audit(known: Known, after: Mapping[str, str]) -> Audit:
    old = known.project.pins()
    before = advisories.check(old, known.database, known.told.checked)
    return Audit(before, advisories.check(after, known.database, known.told.checked))


def _not_newest(known: Known, final: Mapping[str, str], why: Mapping[str, str]) -> tuple[NotNewest, ...]:
    said = {**known.old, **known.new}
    target = resolving.parsed(known.target)
    limits = Limits(
        known.inputs,
        {name: _requires(known, name, version) for name, version in final.items() if name in said},
        why,
        known.left,
        cooldown.cut_off(known.journal.began, known.cooldown),
        known.python,
        known.markers,
        {name: place.parents for name, place in pins.places(target, known.project.layers).items()},
    )
    found = (
        newest.why_not(name, version, known.told.releases.get(name, ()), limits)
        for name, version in sorted(final.items())
        if version
    )
    return tuple(each for each in found if each is not None)


def _requires(known: Known, name: str, version: str) -> tuple[str, ...]:
    for said in (known.new, known.old):
        if name in said and said[name].version == version:
            return said[name].requires
    return ()


def _notes(known: Known) -> Iterable[str]:
    if known.database is not None and known.database.unreadable:
        yield f"{known.database.unreadable} advisory files could not be read."
    elsewhere = _for_others(known)
    if elsewhere:
        yield f"Not tried here, as they are for another system or Python: {', '.join(elsewhere)}."


def _for_others(known: Known) -> Sequence[str]:
    """Return what moves although it is not installed here."""
    moved = {move.name for move in known.moves}
    target = pins.together(resolving.parsed(known.target), known.project.layers)
    return sorted(
        name
        for name, pin in target.items()
        if name in moved and pin.marker is not None and not pin.marker.evaluate(dict(known.markers))
    )
