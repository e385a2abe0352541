"""From the words of a command line to an exit code; every error of a run ends here."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bootstrap import __version__, unchanged
from bootstrap.cli import arguments, direct
from bootstrap.cli.commands import COMMANDS, GROUPS
from bootstrap.cli.session import Session
from bootstrap.errors import BootstrapError
from bootstrap.exit_codes import ExitCode
from bootstrap.report import Problem
from bootstrap.system import host, signals

if TYPE_CHECKING:
    from bootstrap.locks.head_start import HeadStart

_STOPPED = {
    signal.SIGINT: (ExitCode.INTERRUPTED, "interrupted"),
    signal.SIGTERM: (ExitCode.TERMINATED, "terminated"),
}


def run(words: Sequence[str], head_start: HeadStart | None = None) -> int:
    """Run the command that the words name and return the exit code; no exception leaves this.

    ``head_start`` may have the process that locks, where whoever calls has seen to that.
    """
    session = Session(json=arguments.wants_json(words), head_start=head_start)
    with_command = arguments.with_command(words, COMMANDS, GROUPS)
    session.report.command = _name(with_command)
    call = (None if _is_completing() else direct.call(with_command)) or _through_typer(with_command)
    try:
        with signals.heard():
            call(session)
    except BootstrapError as error:
        session.failed(error)
    except signals.Stopped as stopped:
        code, how = _STOPPED[signal.Signals(stopped.number)]
        command = session.report.command
        again = "bootstrap" if command in ("bootstrap", "setup") else f"bootstrap {command}"
        session.stopped(code, f"{how}; run {again} again to continue")
    except BrokenPipeError:
        return ExitCode.FAILED
    except Exception as error:  # noqa: BLE001 the last line of defence: a bug must not show as a traceback
        if isinstance(error, OSError) and "--install-completion" in words:
            session.failed(_not_installed(error))
        else:
            session.broke(_bug(error))
    return session.end()


def _name(words: Sequence[str]) -> str:
    """Return what the report calls the command, as in ``env check``."""
    if words[0] not in COMMANDS:
        return "bootstrap"
    own = words[1:2] if words[1:2] and words[1] in GROUPS.get(words[0], ()) else []
    return " ".join([words[0], *own])


def _through_typer(words: Sequence[str]) -> Callable[[Session], None]:
    """Return what runs the words by typer, which is loaded only here: not every command has need of it."""

    def call(session: Session) -> None:
        import typer

        from bootstrap.cli import app

        # typer exports no base class of its usage errors; this is BadParameter's.
        usage_error = typer.BadParameter.__bases__[0]
        program = app.program(_needed(words))
        try:
            program(list(words), prog_name="bootstrap", standalone_mode=False, obj=session)
        except usage_error as error:  # type: ignore[misc]
            session.misused(error.format_message())

    return call


def _needed(words: Sequence[str]) -> Sequence[str]:
    """Return the commands that must be known: one, where it is called; all for the help and for a shell."""
    named = _name(words)
    return COMMANDS if named == "bootstrap" or _is_completing() else (named,)


def _is_completing() -> bool:
    return unchanged.COMPLETING in host.environment()


def _not_installed(error: OSError) -> BootstrapError:
    return BootstrapError(
        f"cannot write {error.filename or 'the completion'}: {error.strerror}",
        hint="put what bootstrap --show-completion prints where your shell reads it",
        code="cannot-write",
    )


def _bug(error: Exception) -> Problem:
    """Write the traceback to a log file and return what the user is told of it.

    The log holds where it broke and the exception's type, not its text: that could quote a secret.
    """
    import traceback

    from bootstrap.system import files

    frames = "".join(traceback.format_tb(error.__traceback__))
    text = f"bootstrap {__version__}, Python {sys.version}\n{frames}{type(error).__name__}\n"
    try:
        log = host.log_folder() / "error.log"
        files.make_folder(log.parent)
        files.write_atomic(log, text.encode(), mode=0o600)
        where = f"the traceback is in {log}"
    except BootstrapError:
        where = f"it broke in:\n{frames}"
    return Problem(
        "bug",
        f"a bug in bootstrap ({type(error).__name__}); {where}",
        "please report it with that file; your project is as the last finished step left it",
    )
