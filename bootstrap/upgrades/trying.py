"""The part of a job that runs the tests: its work copy, its environments, the search, and what came of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bootstrap.errors import BootstrapError
from bootstrap.locks.lockfile import Pin
from bootstrap.system import host
from bootstrap.upgrades import (
    gathering,
    hunt,
    metadata,
    pins,
    preparing,
    progress,
    resolving,
    testing,
    workcopy,
    workshop,
)
from bootstrap.upgrades.gathering import Known
from bootstrap.upgrades.hunt import Budget, Hunt, Order
from bootstrap.upgrades.journal import Journal
from bootstrap.upgrades.search import Kind
from bootstrap.upgrades.testing import Suite
from bootstrap.upgrades.trials import BaselineError, Trials
from bootstrap.upgrades.units import Mixture
from bootstrap.upgrades.workshop import Workshop
from bootstrap.wording import counted

if TYPE_CHECKING:
    from bootstrap.upgrades.job import Job

BASELINE_RED = "baseline red"
_SECONDS = 60.0


def words(job: Job) -> tuple[str, ...]:
    """Return the words of the test command; none where nothing is to be tested.

    Raises ``UsageError`` where no command is known.
    """
    if job.options.no_test:
        return ()
    settings = job.context.project.settings
    locked = pins.together(job.prepared.project.locks, job.prepared.project.layers)
    return testing.command(job.options.test, settings.test_command, locked, job.context.platform)


def begin(job: Job) -> tuple[Path, Journal]:
    """Copy the project's files, and open the journal of a job that starts from exactly these.

    Raises ``UsageError`` where there is no test command, and none to go on with where one must be.
    """
    context, settings = job.context, job.context.project.settings
    test = words(job)
    context.progress.started("upgrade", "copying the project's files")
    copy = job.scratch / "pristine"
    digest = workcopy.take(
        context.project.root,
        copy,
        search_path=context.environ.get("PATH"),
        venv=settings.venv,
        extra=settings.copy,
        leave=job.options.report,
    )
    key = preparing.key(context, job.prepared, job.options, test, digest)
    journal = preparing.open_journal(job.folder, key, job.options, context.began)
    if journal.resumed:
        context.progress.note(
            f"going on with the upgrade that was interrupted, after {counted(journal.tested, 'run')}"
        )
    return copy, journal


def tried(job: Job, known: Known, copy: Path) -> tuple[Known, Hunt]:
    """Search for what can be upgraded; returns what the packages say of themselves with the outcome.

    Raises ``BootstrapError`` where what is locked cannot be installed, or a run says nothing of the pins.
    """
    began = host.seconds()
    trials = _trials(job, known, copy)
    job.context.progress.started("upgrade", "installing what is locked now, and all that is newer")
    known = _with_metadata(job, known, trials)
    order = Order(
        {move.name: move for move in known.moves},
        frozenset(hold.package for hold in known.holds),
        gathering.mending(known),
    )
    found = hunt.hunt(
        trials,
        _mixture(job, known),
        order,
        Budget(job.options.max_runs, job.options.time_budget),
        tell=lambda text: job.context.progress.started("upgrade", text),
        elapsed=lambda: host.seconds() - began,
    )
    if found.outcome.baseline_red:
        job.context.report.outcome = BASELINE_RED
        raise _baseline_red(known)
    return known, found


def told(known: Known, found: Hunt) -> str:
    """Return how the tests went, in words."""
    runs = [run for run in known.journal.runs if run.tested]
    if not runs:
        return "no tests were run"
    seconds = progress.duration(sum(run.seconds for run in runs))
    flaky = f", {len(found.outcome.flaky)} failed by chance" if found.outcome.flaky else ""
    return f"{counted(len(runs), 'run')} of the tests, {seconds}{flaky}"


def _baseline_red(known: Known) -> BootstrapError:
    """Return what to tell where the tests fail with what is locked now."""
    run = next(run for run in reversed(known.journal.runs) if run.kind == Kind.BASELINE)
    said = "\n".join(run.excerpt) or f"exit code {run.exit}"
    how = {"timeout": "do not end", "cannot-judge": "cannot be judged (exit code 125)"}.get(
        run.reason, "fail"
    )
    return BootstrapError(
        f"the tests {how} with what is locked now, so no upgrade can be judged:\n{said}",
        hint=f"mend them first; they run in a copy of the project with CI=1: {' '.join(known.words)}",
        code="baseline-red",
    )


def _trials(job: Job, known: Known, copy: Path) -> Trials:
    context, project = job.context, job.prepared.project
    timeout = context.project.settings.test_timeout
    tools = preparing.pip_tools(context, job.prepared.pip, known.journal.began)
    return Trials(
        project,
        known.target,
        _workshop(job, known),
        _tests(job, copy),
        known.journal,
        lambda chosen: {str(path): text for path, text in resolving.pinned(tools, project, chosen).items()},
        timeout * _SECONDS if timeout else None,
    )


def _workshop(job: Job, known: Known) -> Workshop:
    context = job.context
    locks = [*job.prepared.project.locks.values(), *resolving.parsed(known.target).values()]
    return Workshop(
        job.scratch,
        context.python().base,
        context.platform,
        context.installer,
        job.prepared.pip,
        context.project.settings.generate_hashes,
        workshop.lines_of(*locks),
        workshop.head_of(*locks),
        frozenset(pin.name for lock in locks for pin in lock.pins if pin.url is not None),
        lambda _: None,
    )


def _tests(job: Job, copy: Path) -> Suite | None:
    test = words(job)
    if not test:
        return None
    context = job.context
    return Suite(
        test, copy, job.scratch / "work", context.environ, preparing.secrets(context), lambda _: None
    )


def _with_metadata(job: Job, known: Known, trials: Trials) -> Known:
    """Add what the packages say of themselves, which is asked once in a job."""
    facts = known.journal.facts
    if "metadata" not in facts:
        try:
            sides = trials.both_sides()
        except BaselineError:
            job.context.report.outcome = BASELINE_RED
            raise
        known.journal.keep(
            "metadata", [{name: one.as_data() for name, one in side.items()} for side in sides]
        )
    old, new = ({name: metadata.from_data(one) for name, one in side.items()} for side in facts["metadata"])
    return dataclasses.replace(known, old=old, new=new, words=words(job))


def _mixture(job: Job, known: Known) -> Mixture:
    project = job.prepared.project
    before = pins.together(project.locks, project.layers)
    after = pins.together(resolving.parsed(known.target), project.layers)
    return hunt.mixture(
        (pins.versions(before), pins.versions(after)),
        (known.old, known.new),
        (_needed(before), _needed(after)),
        preparing.roots(job.context),
        known.markers,
    )


def _needed(found: Mapping[str, Pin]) -> dict[str, tuple[str, ...]]:
    """Return what each package needs, as the annotations of those that are needed tell it."""
    needed: dict[str, list[str]] = {}
    for name, pin in found.items():
        for parent in pin.parents:
            needed.setdefault(parent, []).append(name)
    return {name: tuple(sorted(names)) for name, names in needed.items()}
