"""``bootstrap env fill``: ask for the values that are still to come."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bootstrap.cli import completion, options
from bootstrap.cli.env.options import InPlace
from bootstrap.cli.session import Session
from bootstrap.exit_codes import ExitCode
from bootstrap.progress import waiting
from bootstrap.report import Problem, StepResult, StepStatus
from bootstrap.wording import counted

if TYPE_CHECKING:
    from bootstrap.envfiles.schema import Variable
    from bootstrap.values.place import Place


def add_to(group: typer.Typer) -> None:
    """Make it a command of ``bootstrap env``."""
    group.command("fill")(fill)


def fill(
    context: typer.Context,
    key: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY]...", help="Ask for these, filled or not.", autocompletion=completion.keys
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Ask for empty optional values too.")] = False,
    in_place: InPlace = False,
    folder: options.Folder = Path(),
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    color: options.Colored = options.Color.AUTO,
    json: options.Json = False,
) -> None:
    """Ask on the terminal for each value that is missing or wrong.

    Placeholders are asked for too; Enter skips one.

    What is typed is hidden unless the key is @public, checked, and written at once. Values are never taken
    from the command line. Exit code 1 where values are still to come.
    """
    session: Session = context.obj
    session.configure(quiet=quiet, verbose=verbose, color=color, json=json)
    from bootstrap.values import fill as fills
    from bootstrap.values import place as places

    fills.chosen(key or ())
    place = places.find(folder)
    session.report.project = str(place.project.root)
    _update(session, place, in_place=in_place)
    asked_for = fills.unfilled(place, key or (), every=every)
    if asked_for and (place.environ.get("CI") or not sys.stdin.isatty()):
        session.report.problems += [_unasked(place, variable) for variable in asked_for]
        session.report.exit_code = ExitCode.FAILED
        return
    written = sum(_fill(session, place, variable, in_place=in_place) for variable in asked_for)
    left = fills.unfilled(place)
    status = StepStatus.CHANGED if written else StepStatus.UNCHANGED
    done = f"{counted(written, 'value')} written"
    session.report.steps.append(StepResult("env", status, done, 0.0))
    session.report.exit_code = ExitCode.FAILED if left else ExitCode.OK
    closing = f"{place.env_name}: {done}"
    still = f"; still to come: {', '.join(variable.key for variable in left)}" if left else ""
    session.told = "" if session.verbosity < 0 and not left else f"{closing}{still}\n"
    session.report.problems += [_to_come(place, variable) for variable in left]


def _update(session: Session, place: Place, *, in_place: bool) -> None:
    """Bring missing keys in first: a value goes where its key stands in the example."""
    from bootstrap.system import project_lock
    from bootstrap.values import fill as fills
    from bootstrap.values import update as updates

    with project_lock.held(place.project.root, waiting(session.progress)):
        fills.sweep(place)
        updates.apply(place, updates.plan(place), in_place=in_place)


def _fill(session: Session, place: Place, variable: Variable, *, in_place: bool) -> bool:
    """Ask until a value fits or none is given; return whether one was written."""
    from bootstrap.ui import ask
    from bootstrap.values import fill as fills

    for line in [*variable.description, *(f"see {address}" for address in variable.docs)]:
        ask.say(f"  {line}")
    if variable.example:
        ask.say(f"  for example {variable.example}")
    kind = "" if variable.type.name == "string" else f"{variable.type.name}, "
    hidden = "hidden, " if variable.sensitive else ""
    while value := ask.ask(f"{variable.key} ({kind}{hidden}Enter to skip): ", hidden=variable.sensitive):
        found = fills.refusal(variable, value)
        if found is None:
            fills.store(place, variable.key, value, waiting(session.progress), in_place=in_place)
            return True
        ask.say(f"  {found}")
    return False


def _unasked(place: Place, variable: Variable) -> Problem:
    message = f"{variable.key} is still to come, and there is no terminal to ask on"
    hint = f"run bootstrap env fill on a terminal, or set {variable.key} in the host environment"
    return Problem("missing", message, hint, place.example_name, variable.line, variable.key)


def _to_come(place: Place, variable: Variable) -> Problem:
    hint = f"run bootstrap env fill {variable.key}"
    message = f"{variable.key} is still to come"
    return Problem("missing", message, hint, place.example_name, variable.line, variable.key)
