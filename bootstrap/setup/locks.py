"""The step ``locks``: every layer has a lock that says what its requirement file says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bootstrap.errors import BootstrapError, DriftError
from bootstrap.locks import (
    adoption,
    agreement,
    changes,
    compiler,
    cooldown,
    lockable,
    lockfile,
    platforms,
    staleness,
)
from bootstrap.locks.adoption import Adoption
from bootstrap.locks.changes import Change, Locks
from bootstrap.locks.formats import NO_BINARY, ONLY_BINARY, Given
from bootstrap.locks.pip_tools import Moves, PipTools
from bootstrap.locks.reason import Reason
from bootstrap.pip import configuration
from bootstrap.report import Problem, Severity
from bootstrap.setup import ahead, asked, completeness, engine, memory
from bootstrap.setup.context import Context, Plan
from bootstrap.system import host, project_lock, together
from bootstrap.wording import counted


def plan(context: Context) -> Plan:
    """Compile the layers whose locks are stale; decided from content alone, so it needs no network.

    Raises ``DriftError`` for a stale lock under ``--locked``, ``UsageError`` for a ``-P`` that names nothing.
    """
    if not context.layers:
        return Plan(_without_layers(context), skipped=True)
    reasons = _stale(context)
    unwhole, warnings = completeness.look(context, reasons)
    reasons = asked.due(context, reasons | unwhole)
    if not reasons:
        _remember(context)
        return Plan(f"{counted(len(context.layers), 'lock')} fresh", problems=(*warnings, *_apart(context)))
    moves = asked.moves(context)
    lockable.refuse(context.inputs.values(), hashes=context.project.settings.generate_hashes)
    if not context.options.only_looks:
        _refuse_to_compile(context, _told(reasons))
        _refuse_for_others(context, platforms.lacking(reasons))
    context.stale = frozenset(reasons)
    return Plan(
        f"compile {', '.join(reasons)}: {_summary(reasons)}",
        lambda: _compile(context, reasons, moves),
        (*warnings, *_problems(context, reasons)),
    )


def _without_layers(context: Context) -> str:
    """Say why nothing is locked; a project of requirements.txt alone would else wonder."""
    alone = (context.project.root / "requirements.txt").exists()
    return "requirements.txt has no requirements.in to be made from" if alone else "no requirement files"


def _stale(context: Context) -> dict[str, tuple[Reason, ...]]:
    """Return for each stale layer why it is so."""
    python, formats = context.python(), _configured_formats(context)
    reasons = staleness.stale_reasons(
        context.layers,
        context.inputs,
        context.locks,
        python=python.markers["python_version"],
        markers=python.markers,
        hashes=context.project.settings.generate_hashes,
        formats=formats,
    )
    both = {
        layer.name: (*reasons.get(layer.name, ()), *memory.other_extras(context, layer))
        for layer in context.layers
    }
    return {name: why for name, why in both.items() if why}


def _apart(context: Context) -> list[Problem]:
    """Return a warning where layers that do not build on each other have pins that differ."""
    found = agreement.differing(context.layers, _applying(context, context.locks))
    return [agreement.warning(found)] if found else []


def _configured_formats(context: Context) -> list[Given]:
    """Return what pip's own configuration says of the kinds of files, where a lock says such a thing."""
    if not any(getattr(line, "formats", ()) for lock in context.locks.values() for line in lock.options):
        return []
    values = configuration.read(context.environ, context.platform, host.home()).values
    return [(option, values[option[2:]]) for option in (NO_BINARY, ONLY_BINARY) if option[2:] in values]


def _compile(context: Context, reasons: Mapping[str, tuple[Reason, ...]], moves: Moves) -> str:
    context.progress.started("locks", f"compiling {', '.join(reasons)}: {_summary(reasons)}")
    pip = configuration.read(context.environ, context.platform, host.home())
    before = dict(context.locks)
    python = engine.python_with_pip_tools(context, pip)
    pip_tools = PipTools(
        python,
        pip,
        hashes=context.project.settings.generate_hashes,
        on_work=context.progress.update,
        moves=moves,
        uploaded_before=cooldown.cut_off(context.began, context.project.settings.cooldown),
        warn=context.warn,
        head_start=context.head_start,
    )
    markers = context.python().markers
    made = compiler.compile_stale(pip_tools, context.layers, frozenset(reasons), context.texts, markers)
    root = context.project.root
    together.write(project_lock.journal(root), {root / path: text.encode() for path, text in made.items()})
    context.locks |= {path: lockfile.parse_lock(text, str(path)) for path, text in made.items()}
    _tell_losses(context, before, moves)
    context.compiled = frozenset(reasons)
    memory.keep(context, [layer for layer in context.layers if layer.name in reasons])
    _remember(context, python)
    moved = changes.changes(_applying(context, before), _applying(context, context.locks), context.layers)
    return _done(reasons, moved, first=not before)


def _remember(context: Context, python: Path | None = None) -> None:
    """Keep what a next run is to compare before it starts the process that locks ahead."""
    if not context.options.only_looks:
        paths = {*context.inputs, *context.locks}
        ahead.remember(context.project.root, [context.project.root / path for path in paths], python)


def _applying(context: Context, locks: Locks) -> Locks:
    return {path: lock.applying(context.python().markers) for path, lock in locks.items()}


def _tell_losses(context: Context, before: Locks, moves: Moves) -> None:
    """Name each line that could not be kept of a lock that was not made by the command it has now."""
    for layer in context.layers:
        old, new = before.get(layer.lock), context.locks.get(layer.lock)
        if old is None or new is None or old.command == new.command:
            continue
        text, markers = context.texts[layer.lock], context.python().markers
        case = Adoption(old, text, new, str(layer.source), markers, moves.allow)
        for loss in adoption.losses(case):
            told = f"not kept of {layer.lock}: {loss.why}"
            place = (str(layer.lock), loss.line, loss.text)
            context.warn(Problem("not-kept", told, loss.hint, *place, severity=Severity.WARNING))


def _done(reasons: Iterable[str], moved: Sequence[Change], *, first: bool) -> str:
    done = f"compiled {', '.join(reasons)}"
    if first:
        return done
    return "\n".join([f"{done}: {changes.summary(moved)}", *map(str, moved)])


def _refuse_to_compile(context: Context, told: list[Reason]) -> None:
    """Raise where an option forbids to compile; the error stands where the first reason is seen."""
    first = told[0]
    if context.options.locked:
        raise DriftError(
            f"a lock is stale, and --locked forbids to compile it: {_joined(told)}",
            hint="run bootstrap without --locked and commit the locks",
            code=first.code,
            file=first.file,
            line=first.line,
        )
    if context.options.offline:
        raise BootstrapError(
            f"a lock must be compiled, and --offline forbids it: {_joined(told)}",
            hint="run bootstrap once without --offline",
            code="offline",
            file=first.file,
            line=first.line,
        )


def _refuse_for_others(context: Context, lacking: Sequence[Reason]) -> None:
    """Raise where locks lack only what this platform needs: made here, they would lack what others need."""
    if not lacking or context.options.for_this_platform:
        return
    python, first = context.python(), lacking[0]
    names = ", ".join(dict.fromkeys(reason.package for reason in lacking if reason.package))
    raise BootstrapError(
        f"the locks were made on another platform than this one ({python.platform}, Python {python}) "
        f"and lack {names}: {_joined(lacking)}",
        hint=f"name {names} in a .in file without a marker, so that the locks of all platforms have it; "
        "or, if only this platform counts, make the locks for it: bootstrap lock",
        code=platforms.OTHER_PLATFORM,
        file=first.file,
        line=first.line,
    )


def _told(reasons: Mapping[str, tuple[Reason, ...]]) -> list[Reason]:
    """Return the first reason of each layer; where a line or a message stands for several, once."""
    told: dict[tuple[str, int | None] | str, Reason] = {}
    for first, *_ in reasons.values():
        told.setdefault(first.message if first.line is None else (first.file, first.line), first)
    return list(told.values())


def _problems(context: Context, reasons: Mapping[str, tuple[Reason, ...]]) -> list[Problem]:
    """Return the reasons as problems where this run may not mend them itself."""
    if not context.options.only_looks:
        return []
    severity = Severity.ERROR if context.options.check else Severity.WARNING
    hint = "run bootstrap and commit the locks"
    return [
        Problem(one.code, one.message, hint, one.file, one.line, severity=severity)
        for one in _told(reasons)
        if one.code != asked.UPGRADE
    ]


def _summary(reasons: Mapping[str, tuple[Reason, ...]]) -> str:
    first, *others = _told(reasons)
    return f"{first.message}, and {len(others)} more" if others else first.message


def _joined(told: Sequence[Reason]) -> str:
    return "; ".join(one.message for one in told)
