"""The step ``env``: ``.env`` has every key of ``.env.example``, and every required value is filled."""

from __future__ import annotations

from bootstrap.envfiles import check, document, merge, names, schema
from bootstrap.envfiles.document import Document
from bootstrap.envfiles.merge import Merge
from bootstrap.report import Problem, Severity
from bootstrap.setup.context import Context, Plan
from bootstrap.system import files
from bootstrap.values import record
from bootstrap.wording import counted

# Only its owner may read it, whatever the umask.
_MODE = 0o600


def plan(context: Context) -> Plan:
    """Seed ``.env``, or merge new keys into it; check the values that will then be there.

    Raises ``UsageError`` where either file cannot be read, ``BootstrapError`` where ``.env`` is a link.
    """
    settings, project = context.project.settings, context.project
    if context.environ.get("CI"):
        context.summary.append(f"{settings.env_file} left to the host (CI)")
        return Plan("CI is set: values come from the host, checked by bootstrap env check", skipped=True)
    content = context.seen.read(project.env_example)
    if content is None:
        return Plan(f"no {settings.env_example}", skipped=True)
    example = document.parse(content, settings.env_example)
    existing = context.seen.read(project.env_file)
    own = None if existing is None else document.parse(existing, settings.env_file)
    merged = merge.merge(example, own, withhold=names.dangerous_keys(example))
    problems = _problems(context, example, document.parse(merged.content, settings.env_file))
    if merged.content == existing:
        return Plan(_state(problems), problems=problems)
    if settings.env_file in context.tracked:
        return Plan("not written, because git tracks it", problems=problems, failed=True)
    files.refuse_link(project.env_file)
    return Plan(_todo(merged, own), lambda: _write(context, example, merged, own), problems)


def _problems(context: Context, example: Document, env: Document) -> tuple[Problem, ...]:
    settings = context.project.settings
    read = schema.parse_schema(example)
    context.keys.update(variable.key for variable in read.variables)
    found = check.check(
        read, env, context.environ, env_name=settings.env_file, example_name=settings.env_example
    )
    # On a laptop the example's own value is often right: warnings are for bootstrap env check.
    risky = names.dangerous(example, env)
    withheld = {problem.key for problem in risky}
    found = [problem for problem in found if problem.code != "missing" or problem.key not in withheld]
    return tuple(problem for problem in [*found, *risky] if problem.severity is Severity.ERROR)


def _write(context: Context, example: Document, merged: Merge, own: Document | None) -> str:
    # First: a run that is killed in between does both again, and leaves nothing half-written in the cache.
    record.remember(context.project.root, example)
    files.write_atomic(context.project.env_file, merged.content, mode=_MODE if own is None else None)
    return _done(context, merged, own)


def _todo(merged: Merge, own: Document | None) -> str:
    return "create it" if own is None else f"add {', '.join(merged.added)}"


def _done(context: Context, merged: Merge, own: Document | None) -> str:
    generated = f", {len(merged.generated)} generated" if merged.generated else ""
    if own is None:
        keys = counted(len(merged.added), "key")
        return f"created from {context.project.settings.env_example}: {keys}{generated}"
    return f"added {', '.join(merged.added)}{generated}"


def _state(problems: tuple[Problem, ...]) -> str:
    return "complete" if not problems else f"{counted(len(problems), 'key')} to look at"
