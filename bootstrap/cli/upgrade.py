"""``bootstrap upgrade``: newer pins, tried by the project's own tests; what breaks is held back."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import completion, options
from bootstrap.cli.session import Session
from bootstrap.errors import UsageError
from bootstrap.upgrades.options import UpgradeOptions

_UNITS = {"s": 1, "m": 60, "h": 3600}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("upgrade")(upgrade)


class Host(StrEnum):
    """Where the monthly job runs."""

    GITHUB = "github"
    GITLAB = "gitlab"


def upgrade(
    context: typer.Context,
    package: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PACKAGE]...", help="Only these: django, 'django<6'.", show_default=False),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Try and change nothing; print what could move.")
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Try and change nothing; exit 3 if anything could move.")
    ] = False,
    test: Annotated[
        str | None,
        typer.Option(metavar="COMMAND", help="What tests the project; else test-command, else pytest."),
    ] = None,
    no_test: Annotated[bool, typer.Option("--no-test", help="Only see that all can be installed.")] = False,
    cooldown: Annotated[
        int | None,
        typer.Option(metavar="DAYS", min=0, max=3650, help="Take nothing that is younger than this."),
    ] = None,
    layer: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only packages of this layer; may be given several times.",
            autocompletion=completion.layers,
        ),
    ] = None,
    max_runs: Annotated[
        int | None, typer.Option(metavar="N", min=2, help="Run the tests at most so often.")
    ] = None,
    time_budget: Annotated[
        str | None, typer.Option(metavar="TIME", help="Stop searching in time: 90s, 45m, 2h.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Only go on with an upgrade that was interrupted.")
    ] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Forget one that was interrupted.")] = False,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report to this file, as Markdown.")
    ] = None,
    advisories: Annotated[
        Path | None, typer.Option(metavar="PATH", help="OSV files: a folder, a zip archive or a file.")
    ] = None,
    write_workflow: Annotated[
        Host | None, typer.Option(help="Write a monthly CI job that does this, and nothing else.")
    ] = None,
    python: Annotated[str | None, typer.Option(metavar="VERSION", help="Use this Python instead.")] = None,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Upgrade the locks to what your tests pass with.

    Newer pins are resolved once and tried in a copy of the project. What breaks the tests is found and held
    back, all else is proven in fresh environments; then all locks are replaced together. An interrupted
    upgrade goes on when it is run again.

    Exit codes: 0 upgraded or nothing to do, 1 nothing was written (the tests fail already, or nothing
    satisfies all requirements), 2 wrong usage or configuration, 3 --check found newer versions.
    """
    session: Session = context.obj
    session.configure(quiet=quiet, verbose=verbose, color=color, json=json)
    if write_workflow is not None:
        session.write_workflow(folder, write_workflow.value)
        return
    if resume and restart:
        raise UsageError("--resume and --restart exclude each other", hint="give one of them")
    asked = UpgradeOptions(
        packages=tuple(package or ()),
        layers=tuple(layer or ()),
        check=check,
        dry_run=dry_run,
        test=test,
        no_test=no_test,
        cooldown=cooldown,
        max_runs=max_runs,
        time_budget=_seconds(time_budget),
        resume=resume,
        restart=restart,
        report=report,
        advisories=advisories,
    )
    session.upgrade(folder, asked, python)


def _seconds(text: str | None) -> float | None:
    """Read a time: a number of seconds, or one with its unit."""
    if text is None:
        return None
    match = re.fullmatch(r"(\d+(?:\.\d+)?) ?([smh]?)(?:in|ours?|r)?", text.strip().lower())
    if match is None:
        raise UsageError(f"--time-budget {text} is no time", hint="give it as 90s, 45m or 2h")
    return float(match[1]) * _UNITS[match[2] or "s"]
