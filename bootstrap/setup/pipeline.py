"""The steps in order: each looks, plans and, where that is allowed, applies."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace

from bootstrap.environments import environment
from bootstrap.environments.environment import Kind
from bootstrap.exit_codes import ExitCode
from bootstrap.progress import waiting
from bootstrap.report import Report, Severity, StepResult, StepStatus
from bootstrap.setup import foresight, loading, memory, requirements, stamp
from bootstrap.setup.context import Context, Plan
from bootstrap.setup.options import Options
from bootstrap.system import files, host, project_lock, together
from bootstrap.wording import counted

_STEPS = ("python", "venv", "locks", "install", "gitignore", "env")
"""In order; each is a module with a function ``plan``, loaded when it is needed."""

# Until this step has ended, an environment that is being replaced can come back.
_LAST_TO_UNDO = "install"


def run(context: Context, as_document: Callable[[Report], Mapping[str, object]]) -> None:
    """Set the project up, or only say what would be done; the outcome is in ``context.report``.

    What was changed is looked at once more: only what is installed tells whether a lock is whole, so there
    may be a second round. The stamp stands for a run that found nothing to do, and holds that run's report,
    as ``as_document`` turns it into JSON.

    Raises ``BootstrapError`` where a step cannot go on; the steps up to there are in the report.
    """
    _load_all_from_own_environment(context)
    if context.options.only_looks:
        _run_steps(context)
        return
    with project_lock.held(context.project.root, waiting(context.progress)):
        _take_over(context)
        _run_steps(context)
        settled = _settled(context)
        _remember(settled, context.options)
        if context.report.exit_code is ExitCode.OK and context.options.plain:
            stamp.write(settled, as_document)


def lock(context: Context) -> None:
    """Compile the locks alone, or only say which are stale; the outcome is in ``context.report``.

    Raises ``BootstrapError`` as `run` does.
    """
    with contextlib.ExitStack() as stack:
        if not context.options.only_looks:
            stack.enter_context(project_lock.held(context.project.root, waiting(context.progress)))
            _take_over(context)
        _read_requirements(context)
        for name in ("python", "locks"):
            _run_step(context, name)
        _remember(context, context.options)
    context.summary.append(counted(len(context.layers), "lock"))
    context.report.exit_code = _exit_code(context)


def _settled(context: Context) -> Context:
    """Return the last look at the project; where it finds more to lock, that is done once."""
    if all(step.status is not StepStatus.CHANGED for step in context.report.steps):
        return context
    seen = _looked_at(context)
    if not seen.stale:
        return seen
    more = context.once_more()
    try:
        _run_steps(more)
    finally:
        context.take_over(more)
    return _looked_at(more)


def _looked_at(context: Context) -> Context:
    seen = context.again()
    _run_steps(seen)
    return seen


def _take_over(context: Context) -> None:
    """See what the run before left, which may have ended, or been killed, while this one waited for it."""
    project = context.project
    finished = together.recover(project_lock.journal(project.root))
    if finished:
        names = ", ".join(map(project.shown, finished))
        context.progress.note(f"replaced what an interrupted run had ready: {names}")
    for folder in {project.root, project.env_file.parent, project.venv}:
        files.sweep(folder)
    memory.sweep()
    context.environment = environment.look(project.venv, context.platform)


def _read_requirements(context: Context) -> None:
    """Read them, and see what was left beside the locks of layers in other folders."""
    requirements.read(context)
    if not context.options.only_looks:
        for folder in {(context.project.root / layer.lock).parent for layer in context.layers}:
            files.sweep(folder)


def _run_steps(context: Context) -> None:
    if not context.options.skip >= {"locks", "install"}:
        _read_requirements(context)
    try:
        with context.undo:
            with _loading_virtualenv(context):
                _run_step(context, "python")
            for name in _STEPS[1 : _STEPS.index(_LAST_TO_UNDO) + 1]:
                _run_step(context, name)
    except BaseException:
        _tell_taken_back(context)
        raise
    for name in _STEPS[_STEPS.index(_LAST_TO_UNDO) + 1 :]:
        _run_step(context, name)
    context.report.exit_code = _exit_code(context)


def _tell_taken_back(context: Context) -> None:
    """Let the report say what became of an environment that the failure of a later step undid."""
    if not context.created:
        return
    context.created = False
    now = "not kept" if context.ailment is None else "as it was"
    detail = f"{now}, because {context.report.steps[-1].name} failed"
    context.report.steps = [
        replace(step, status=StepStatus.UNCHANGED, detail=detail) if step.name == "venv" else step
        for step in context.report.steps
    ]


def _run_step(context: Context, name: str) -> None:
    begin = host.seconds()
    status, detail = StepStatus.FAILED, "failed"
    try:
        if name in context.options.skip:
            status, detail = StepStatus.SKIPPED, "skipped by --skip"
        else:
            status, detail = _carry_out(context, _plan_of(name)(context))
    finally:
        result = StepResult(name, status, detail, round(host.seconds() - begin, 3))
        context.report.steps.append(result)
        context.progress.finished(result)


def _load_all_from_own_environment(context: Context) -> None:
    """Load every step where this tool runs from the environment it changes: its files may be replaced."""
    if context.runs_from_venv:
        for step in _STEPS:
            _plan_of(step)


def _loading_virtualenv(context: Context) -> AbstractContextManager[None]:
    """Load it while the interpreter answers, where there is an environment to be made."""
    options, there = context.options, context.environment.kind is Kind.ENVIRONMENT
    if there or options.only_looks or "venv" in options.skip:
        return contextlib.nullcontext()
    return loading.ahead("virtualenv")


def _remember(seen: Context, options: Options) -> None:
    """Keep what a next run is to compare before it starts the process that locks ahead."""
    if not (options.only_looks or options.to_lock or "locks" in options.skip):
        paths = [seen.project.root / path for path in {*seen.inputs, *seen.locks}]
        foresight.remember(seen.project.root, paths, seen.locked_by)


def _plan_of(step: str) -> Callable[[Context], Plan]:
    plan: Callable[[Context], Plan] = importlib.import_module(f"bootstrap.setup.{step}").plan
    return plan


def _carry_out(context: Context, plan: Plan) -> tuple[StepStatus, str]:
    context.report.problems.extend(plan.problems)
    if plan.skipped:
        return StepStatus.SKIPPED, plan.detail
    if plan.apply is None:
        return (StepStatus.FAILED if plan.failed else StepStatus.UNCHANGED), plan.detail
    if context.options.only_looks:
        return StepStatus.WOULD_CHANGE, plan.detail
    stamp.remove(context)
    detail = plan.apply()
    return (StepStatus.FAILED if plan.failed else StepStatus.CHANGED), detail


def _exit_code(context: Context) -> ExitCode:
    steps = {step.name: step.status for step in context.report.steps}
    if StepStatus.FAILED in steps.values():
        return ExitCode.FAILED
    if context.options.check and StepStatus.WOULD_CHANGE in steps.values():
        return ExitCode.DRIFT
    missing = any(problem.severity is Severity.ERROR for problem in context.report.problems)
    return ExitCode.VALUES_MISSING if missing and not context.options.dry_run else ExitCode.OK
