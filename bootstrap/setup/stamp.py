"""The stamp: what a run that found or left all in order saw, for the no-op route to compare."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bootstrap import __version__, unchanged
from bootstrap.environments import create
from bootstrap.environments.environment import Kind
from bootstrap.report import Report
from bootstrap.setup.context import Context
from bootstrap.system import files
from bootstrap.wording import counted


def remove(context: Context) -> None:
    """Take the stamp away before the first change."""
    if context.environment.kind is Kind.ENVIRONMENT:
        files.remove_file(context.environment.stamp)


def write(context: Context, as_document: Callable[[Report], Mapping[str, object]]) -> None:
    """Write the stamp for a run that found all in order; where anything moved meanwhile, write none."""
    site_packages = context.environment.site_packages
    in_order = context.report.status == "unchanged" and not context.report.problems
    # A value that the host gives is a secret: it can be neither kept nor compared, so each run looks at it.
    from_host = any(key in context.environ for key in context.keys)
    for path in (
        context.environment.python,
        context.environment.path / "pyvenv.cfg",
        context.environment.marker,
        create.aside(context.environment.path),
    ):
        context.seen.note(path)
    if site_packages is None or not in_order or from_host or context.seen.torn:
        return
    report = replace(context.report, steps=[replace(step, seconds=0.0) for step in context.report.steps])
    of_locks = [step for step in report.steps if step.name in ("python", "locks")]
    content = {
        "tool": __version__,
        "root": str(context.project.root),
        "runs": {
            "setup": _run(context.summary, as_document(report)),
            "lock": _run(
                [*context.summary[:1], counted(len(context.layers), "lock")],
                as_document(replace(report, command="lock", steps=of_locks)),
            ),
        },
        "variables": unchanged.variables(context.environ),
        "keys": sorted(context.keys),
        "watched": {name: context.environ.get(name) for name in sorted(context.watched)},
        "files": {str(path): state for path, state in context.seen.files.items()},
        "requirement_files": unchanged.requirement_files(str(context.project.root)),
        "site_packages": str(site_packages),
        "distributions": unchanged.distributions(str(site_packages)),
    }
    files.write_atomic(context.environment.stamp, json.dumps(content).encode())


def _run(summary: Sequence[str], report: Mapping[str, object]) -> dict[str, object]:
    return {"summary": f"up to date: {', '.join(summary)}", "report": report}
