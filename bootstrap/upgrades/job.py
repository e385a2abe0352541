"""The job: newer pins are resolved once, tried, and applied when they are proven."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bootstrap.errors import BootstrapError
from bootstrap.exit_codes import ExitCode
from bootstrap.report import StepStatus
from bootstrap.setup.context import Context
from bootstrap.system import files, project_lock
from bootstrap.upgrades import (
    applying,
    gathering,
    holds,
    index,
    osv,
    preparing,
    report,
    resolving,
    steps,
    trying,
)
from bootstrap.upgrades.findings import Findings
from bootstrap.upgrades.gathering import Known
from bootstrap.upgrades.journal import Journal, read
from bootstrap.upgrades.options import UpgradeOptions
from bootstrap.upgrades.preparing import Prepared
from bootstrap.wording import counted

NO_RESOLUTION = "no resolution"
_UNRESOLVED = ("conflict", "not-found", "layers-disagree")


@dataclass(frozen=True, slots=True)
class Job:
    """One upgrade under way; ``scratch`` is a folder that goes with it, ``folder`` one that stays."""

    context: Context
    options: UpgradeOptions
    prepared: Prepared
    folder: Path
    scratch: Path


def run(context: Context, options: UpgradeOptions) -> None:
    """Upgrade the project, or say what would move; the outcome is in ``context.report``.

    Raises ``BootstrapError`` where it cannot go on; nothing was written then.
    """
    preparing.with_cooldown(context, options.cooldown)
    folder = preparing.job_folder(context)
    files.make_folder(folder)
    with project_lock.held(folder, _tell_waiting(context)):
        if not options.only_looks and _completed(context, folder):
            return
        with steps.step(context, "python") as step:
            prepared = preparing.prepare(context)
            step.detail = f"Python {context.python()}"
        with files.scratch_folder() as scratch, steps.step(context, "upgrade") as step:
            job = Job(context, options, prepared, folder, scratch)
            step.status, step.detail = _look(job) if options.only_looks else _upgrade(job)
            context.summary.append(step.detail.partition("\n")[0])


def _look(job: Job) -> tuple[StepStatus, str]:
    """Say what would move."""
    journal = Journal(job.folder / "unsaved.json", "", job.context.began)
    known = _known(job, journal, _resolved(job, journal, keep=False), keep=False)
    if not known.moves:
        return StepStatus.UNCHANGED, _nothing_newer(job)
    findings = gathering.before_tests(known)
    report.write(findings, job.options.report)
    job.context.report.facts["upgrade"] = report.as_data(findings)
    if job.options.check:
        job.context.report.exit_code = ExitCode.DRIFT
    told = "\n".join([counted(len(known.moves), "package"), *map(str, known.moves)])
    return StepStatus.WOULD_CHANGE, told


def _upgrade(job: Job) -> tuple[StepStatus, str]:
    """Try what could move, and apply what is proven."""
    copy, journal = trying.begin(job)
    known = _known(job, journal, _resolved(job, journal, keep=True), keep=True)
    if not known.moves:
        journal.finish()
        return StepStatus.UNCHANGED, _nothing_newer(job)
    known, hunt = trying.tried(job, known, copy)
    findings = gathering.after_tests(known, hunt)
    report.write(findings, job.options.report)
    job.context.report.facts["upgrade"] = report.as_data(findings)
    told = _told(findings, trying.told(known, hunt))
    journal.keep("outcome", {"facts": job.context.report.facts["upgrade"], "told": told})
    held = holds.written(job.prepared.holds_text, gathering.new_holds(known, findings))
    return _applied(job, journal, hunt.final.locks if hunt.final else {}, held), told


def _completed(context: Context, folder: Path) -> bool:
    """Complete what a killed job had begun to write, and tell its outcome; say whether there was any."""
    plan, journal = folder / "apply.json", read(folder / "journal.json")
    if not plan.exists():
        return False
    with project_lock.held(context.project.root, _tell_waiting(context)):
        is_complete = applying.complete(context.project.root, plan)
        if journal is not None:
            journal.finish()
        files.remove_file(plan)
    if not is_complete:
        context.progress.note("an interrupted upgrade was dropped: its files were changed since")
        return False
    with steps.step(context, "upgrade") as step:
        outcome = journal.facts.get("outcome", {}) if journal else {}
        context.report.facts["upgrade"] = outcome.get("facts")
        told = outcome.get("told", "an upgrade")
        step.status, step.detail = StepStatus.CHANGED, f"completed what was interrupted: {told}"
    return True


def _resolved(job: Job, journal: Journal, *, keep: bool) -> dict[str, str]:
    """Return the text of every lock with newer pins, by path; a job that dies resolves no second time."""
    if "target" in journal.facts:
        return dict(journal.facts["target"])
    job.context.progress.started("upgrade", "looking for newer versions")
    project = job.prepared.project
    moves = resolving.asked_moves(job.options, project)
    tools = preparing.pip_tools(job.context, job.prepared.pip, journal.began)
    try:
        made = resolving.resolve(tools, project, moves)
    except BootstrapError as error:
        if error.problem.code in _UNRESOLVED:
            job.context.report.outcome = NO_RESOLUTION
        raise
    target = {str(path): text for path, text in made.items()}
    if keep:
        journal.keep("target", target)
    return target


def _known(job: Job, journal: Journal, target: dict[str, str], *, keep: bool) -> Known:
    """Return what the locks, the index and the advisories tell of the packages."""
    context, project = job.context, job.prepared.project
    texts = {PurePosixPath(path): text for path, text in target.items()}
    versions = gathering.versions(project, texts)
    database = osv.load(job.options.advisories) if job.options.advisories else None
    if "index" not in journal.facts:
        context.progress.update("asking the index about them")
        python = preparing.pip_tools(context, job.prepared.pip, journal.began).python
        names = sorted({name for name, _ in versions})
        answer = gathering.trimmed(index.ask(python, job.prepared.pip, names, versions), project)
        journal.facts["index"] = answer
        if keep:
            journal.save()
    return Known(
        context.project.name,
        project,
        tuple(context.inputs.values()),
        texts,
        journal,
        index.understand(journal.facts["index"], versions),
        database,
        context.python().version,
        context.python().markers,
        context.project.settings.cooldown,
        _left(job, {name for name, _ in versions}),
        holds=job.prepared.holds,
    )


def _left(job: Job, names: set[str]) -> frozenset[str]:
    """Return the packages that were not asked to move."""
    moves = resolving.asked_moves(job.options, job.prepared.project)
    return frozenset(name for name in names if not moves.allow(name))


def _applied(job: Job, journal: Journal, texts: Mapping[str, str], holds_text: str) -> StepStatus:
    """Replace the locks that differ, all together, and the holds with them."""
    context = job.context
    before = {str(path): text for path, text in context.texts.items()}
    before[preparing.holds_path(context)] = job.prepared.holds_text
    after = {path: text for path, text in texts.items() if before.get(path) != text}
    if holds_text != job.prepared.holds_text:
        after[preparing.holds_path(context)] = holds_text
    plan = job.folder / "apply.json"
    if after:
        with project_lock.held(context.project.root, _tell_waiting(context)):
            applying.apply(context.project.root, plan, before, after)
    # While the plan lies there, the next run knows that this job is the one to tell of.
    journal.finish()
    files.remove_file(plan)
    return StepStatus.CHANGED if after else StepStatus.UNCHANGED


def _nothing_newer(job: Job) -> str:
    count = len(job.prepared.holds)
    return "no package can be newer" + (f", {count} held back" if count else "")


def _told(findings: Findings, tests: str) -> str:
    parts = [f"upgraded {counted(len(findings.moves), 'package')}" if findings.moves else "upgraded nothing"]
    count = sum(len(held.moves) + len(held.dragged) for held in findings.held)
    parts += [f"held back {count}"] if count else []
    lines = [f"{', '.join(parts)}; {tests}", *map(str, findings.moves)]
    for held in findings.held:
        names = ", ".join(f"{move.name} {move.old}" for move in (*held.moves, *held.dragged))
        wanted = ", ".join(f"{move.new}" for move in held.moves)
        lines.append(f"held back: {names} (wanted {wanted}): fails {held.why}")
        lines += [f"  {line}" for line in held.excerpt[:1]]
    if findings.untried:
        lines.append(f"not tried: {', '.join(move.name for move in findings.untried)}")
    return "\n".join(lines)


def _tell_waiting(context: Context) -> Callable[[str], None]:
    return lambda owner: context.progress.note(f"waiting for another upgrade of this project ({owner})")
