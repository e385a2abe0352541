"""``bootstrap new``: a project from a template, set up and ready."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bootstrap.cli import options
from bootstrap.cli.session import Session


class Template(StrEnum):
    """What there are templates of."""

    DJANGO = "django"
    PLAIN = "plain"


def add_to(app: typer.Typer) -> None:
    """Make it a command of the program."""
    app.command("new")(new)


def new(
    context: typer.Context,
    template: Annotated[Template, typer.Argument(metavar="TEMPLATE", help="django or plain.")],
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, and that of its package.")],
    directory: Annotated[
        Path | None, typer.Option("--directory", metavar="D", help="Where it goes.", show_default="./NAME")
    ] = None,
    python: Annotated[
        str | None,
        typer.Option(metavar="VERSION", help="Its Python.", show_default="bootstrap's own, or the newest"),
    ] = None,
    feature: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="FEATURE",
            help="Of django: mypy, postgres-compose, celery-redis, sentry; may be given several times.",
        ),
    ] = None,
    no_docker: Annotated[bool, typer.Option("--no-docker", help="Without a Dockerfile.")] = False,
    no_ci: Annotated[bool, typer.Option("--no-ci", help="Without workflows for GitHub.")] = False,
    no_install: Annotated[
        bool, typer.Option("--no-install", help="Write the files; leave it to bootstrap to set them up.")
    ] = False,
    no_git: Annotated[bool, typer.Option("--no-git", help="Without a git repository.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Write nothing; print what would be written.")
    ] = False,
    folder: Annotated[
        Path,
        typer.Option(
            "-C", "--project", metavar="DIR", help="Start from DIR, not from here.", show_default=False
        ),
    ] = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Make a project from a template, set up and ready to run.

    Files, git, .venv, locks, packages, .env, and for Django a database.

    Nothing is asked and no service is needed. Every check comes before the first file; the files come all at
    once. If the set-up fails, the project stays and the message names the command that goes on.
    """
    session: Session = context.obj
    session.configure(quiet=quiet, verbose=verbose, color=color, json=json)
    from bootstrap.cli import creating

    asked = creating.Asked(
        template=template.value,
        name=name,
        folder=folder / (directory or name),
        python=python,
        features=tuple(feature or ()),
        docker=not no_docker,
        ci=not no_ci,
        install=not no_install,
        git=not no_git,
        dry_run=dry_run,
    )
    creating.create(session, asked)
