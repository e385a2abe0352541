"""The step ``locks``: every layer has a lock that says what its requirement file says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bootstrap.locks import (
    adoption,
    agreement,
    changes,
    compiler,
    cooldown,
    lockable,
    lockfile,
    staleness,
)
from bootstrap.locks.adoption import Adoption
from bootstrap.locks.changes import Change, Locks
from bootstrap.locks.demands import demands
from bootstrap.locks.formats import NO_BINARY, ONLY_BINARY, Given
from bootstrap.locks.pip_tools import Moves, PipTools
from bootstrap.locks.reason import Reason
from bootstrap.report import Problem, Severity
from bootstrap.setup import asked, completeness, engine, memory, metadata, stale, unadopted
from bootstrap.setup.context import Context, Plan
from bootstrap.system import project_lock, together
from bootstrap.wording import counted


def plan(context: Context) -> Plan:
    """Compile the layers whose locks are stale; decided from content alone, so it needs no network.

    Raises ``DriftError`` for a stale lock under ``--locked``, ``UsageError`` for a ``-P`` that names nothing.
    """
    if not context.layers:
        return Plan("no requirement files", problems=unadopted.look(context), skipped=True)
    reasons = _stale(context)
    unwhole, warnings = completeness.look(context, reasons)
    reasons = asked.due(context, reasons | unwhole)
    if not reasons:
        context.head_start.end()
        return Plan(f"{counted(len(context.layers), 'lock')} fresh", problems=(*warnings, *_apart(context)))
    moves = asked.moves(context)
    lockable.refuse(context.inputs.values(), hashes=context.project.settings.generate_hashes)
    if not context.options.only_looks:
        stale.refuse_to_compile(context, reasons)
    context.stale = frozenset(reasons)
    return Plan(
        f"compile {', '.join(reasons)}: {stale.summary(reasons)}",
        lambda: _compile(context, reasons, moves),
        (*warnings, *stale.problems(context, reasons)),
    )


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
    context.watched |= {"PIP_CONFIG_FILE", "PIP_NO_BINARY", "PIP_ONLY_BINARY"}
    for path in context.pip_files:
        context.seen.note(path)
    values = context.pip_configuration().values
    return [(option, values[option[2:]]) for option in (NO_BINARY, ONLY_BINARY) if option[2:] in values]


def _compile(context: Context, reasons: Mapping[str, tuple[Reason, ...]], moves: Moves) -> str:
    context.progress.started("locks", f"compiling {', '.join(reasons)}: {stale.summary(reasons)}")
    pip = context.pip_configuration()
    before = dict(context.locks)
    context.locked_by = engine.python_with_pip_tools(context, pip)
    pip_tools = PipTools(
        context.locked_by,
        pip,
        hashes=context.project.settings.generate_hashes,
        on_work=context.progress.update,
        moves=moves,
        uploaded_before=cooldown.cut_off(context.began, context.project.settings.cooldown),
        warn=context.warn,
        head_start=context.head_start,
        metadata=metadata.kept_for(context.project.root),
    )
    markers = context.python().markers
    made = compiler.compile_stale(pip_tools, context.layers, frozenset(reasons), context.texts, markers)
    root = context.project.root
    together.write(project_lock.journal(root), {root / path: text.encode() for path, text in made.items()})
    context.locks |= {path: lockfile.parse_lock(text, str(path)) for path, text in made.items()}
    _tell_losses(context, before, moves)
    context.compiled = frozenset(reasons)
    memory.keep(context, [layer for layer in context.layers if layer.name in reasons])
    context.head_start.end()
    moved = changes.changes(_applying(context, before), _applying(context, context.locks), context.layers)
    return _done(reasons, moved, first=not before)


def _applying(context: Context, locks: Locks) -> Locks:
    return {path: lock.applying(context.python().markers) for path, lock in locks.items()}


def _tell_losses(context: Context, before: Locks, moves: Moves) -> None:
    """Name each line that could not be kept of a lock that was not made by the command it has now."""
    for layer in context.layers:
        old, new = before.get(layer.lock), context.locks.get(layer.lock)
        if old is None or new is None or old.command == new.command:
            continue
        text, markers = context.texts[layer.lock], context.python().markers
        asked_for = demands(layer.source, context.inputs, markers)
        case = Adoption(old, text, new, str(layer.source), markers, moves.allow, asked_for)
        for loss in adoption.losses(case):
            told = f"not kept of {layer.lock}: {loss.why}"
            place = (str(layer.lock), loss.line, loss.text)
            context.warn(Problem("not-kept", told, loss.hint, *place, severity=Severity.WARNING))


def _done(reasons: Iterable[str], moved: Sequence[Change], *, first: bool) -> str:
    done = f"compiled {', '.join(reasons)}"
    if first:
        return done
    return "\n".join([f"{done}: {changes.summary(moved)}", *map(str, moved)])
