"""The stamp: what a run that found or left all in order saw, for the no-op route to compare."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bootstrap import __version__, unchanged
from bootstrap.environments.environment import Kind, look
from bootstrap.report import ExitCode
from bootstrap.setup.context import Context
from bootstrap.system import files


def remove(context: Context) -> None:
    """Take the stamp away before the first change."""
    stamp = look(context.project.venv, context.platform).stamp
    if stamp.parent.is_dir() and not context.project.venv.is_symlink():
        files.remove_file(stamp)


def write(context: Context, next_time: Mapping[str, object]) -> None:
    """Write the stamp where all is in order and nothing moved meanwhile; else the next run looks again.

    ``next_time`` is the JSON document of a run that finds all as this one left it.
    """
    environment = look(context.project.venv, context.platform)
    in_order = context.report.exit_code is ExitCode.OK and not context.report.problems
    # A value that the host gives is a secret: it can be neither kept nor compared, so each run looks at it.
    from_host = any(key in context.environ for key in context.keys)
    settled = in_order and context.options.plain and not context.seen.torn and not from_host
    if not settled or environment.kind is not Kind.ENVIRONMENT:
        return
    site_packages = environment.site_packages
    if site_packages is None:
        return
    for path in (environment.python, environment.path / "pyvenv.cfg", environment.marker):
        context.seen.note(path)
    content = {
        "tool": __version__,
        "root": str(context.project.root),
        "summary": "up to date: " + ", ".join(context.summary),
        "report": next_time,
        "variables": unchanged.variables(context.environ),
        "keys": sorted(context.keys),
        "watched": {name: context.environ.get(name) for name in sorted(context.watched)},
        "files": {str(path): state for path, state in context.seen.files.items()},
        "requirement_files": unchanged.requirement_files(str(context.project.root)),
        "site_packages": str(site_packages),
        "distributions": unchanged.distributions(str(site_packages)),
    }
    files.write_atomic(environment.stamp, json.dumps(content).encode())
