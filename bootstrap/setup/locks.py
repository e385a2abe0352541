"""The step ``locks``: every layer has a lock that says what its requirement file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from bootstrap.errors import BootstrapError, DriftError, UsageError
from bootstrap.locks import compiler, layers, lockfile, staleness
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile
from bootstrap.locks.requirements import RequirementFile
from bootstrap.locks.staleness import Reason
from bootstrap.pip import configuration
from bootstrap.report import Problem
from bootstrap.setup import engine
from bootstrap.setup.context import Context, Plan
from bootstrap.system import files, host


@dataclass(frozen=True, slots=True)
class Read:
    """The requirement files and locks of a project as a run found them."""

    layers: tuple[Layer, ...]
    inputs: Mapping[PurePosixPath, RequirementFile]
    texts: Mapping[PurePosixPath, str]
    locks: Mapping[PurePosixPath, LockFile]


def plan(context: Context) -> Plan:
    """Compile the layers whose locks are stale; decided from content alone, so it needs no network.

    Raises ``DriftError`` for a stale lock under ``--locked``.
    """
    found = read(context)
    if not found.layers:
        return Plan("no requirement files", skipped=True)
    reasons = stale(context, found)
    if not reasons:
        return Plan(f"{_layers(len(found.layers))} fresh")
    told = "; ".join(one.message for one in _first_of_each(reasons))
    if context.options.locked:
        first = next(iter(reasons.values()))[0]
        raise DriftError(
            f"a lock is stale, and --locked forbids to compile it: {told}",
            hint="run bootstrap without --locked and commit the locks",
            code=first.code,
            file=first.file,
            line=first.line,
        )
    if context.options.offline and not context.options.only_looks:
        raise BootstrapError(
            f"a lock must be compiled, and --offline forbids it: {told}",
            hint="run bootstrap once without --offline",
            code="offline",
        )
    context.stale = frozenset(reasons)
    problems = tuple(_problem(one) for one in _first_of_each(reasons)) if context.options.only_looks else ()
    return Plan(f"compile {', '.join(reasons)} ({told})", lambda: _compile(context, found, reasons), problems)


def read(context: Context) -> Read:
    """Read all requirement files and locks.

    Raises ``UsageError`` for one that cannot be understood.
    """
    settings, root = context.project.settings, context.project.root
    folder = PurePosixPath(settings.requirements)
    context.seen.note(root / folder)
    listed = [*root.glob("*.in"), *(root / folder).glob("*.in")]
    paths = [PurePosixPath(path.relative_to(root).as_posix()) for path in listed if path.is_file()]
    texts: dict[PurePosixPath, str] = {}

    def text_of(path: PurePosixPath) -> str | None:
        if path not in texts:
            content = context.seen.read(root / path)
            if content is None:
                return None
            texts[path] = _decode(content, path)
        return texts[path]

    order = layers.discover(paths, text_of, folder=folder, only=settings.layers)
    inputs = layers.read_inputs(order, text_of)
    locks = {}
    for layer in order:
        text = text_of(layer.lock)
        if text is not None:
            locks[layer.lock] = lockfile.parse_lock(text, str(layer.lock))
    context.layers, context.locks = order, locks
    return Read(order, inputs, texts, locks)


def stale(context: Context, found: Read) -> dict[str, tuple[Reason, ...]]:
    """Return for each stale layer why it is so."""
    python = context.python()
    reasons = {
        layer.name: staleness.stale_reasons(
            layer,
            found.inputs,
            found.locks,
            layers=found.layers,
            python=python.markers["python_version"],
            markers=python.markers,
            hashes=context.project.settings.generate_hashes,
        )
        for layer in found.layers
    }
    return {name: why for name, why in reasons.items() if why}


def _compile(context: Context, found: Read, reasons: Mapping[str, tuple[Reason, ...]]) -> str:
    context.progress.started("locks", f"compiling {', '.join(reasons)}")
    pip = configuration.read(context.environ, context.platform, host.home())
    pip_tools = compiler.Compiler(
        engine.python_with_pip_tools(context, pip),
        pip,
        hashes=context.project.settings.generate_hashes,
        on_layer=lambda name: context.progress.update(f"compiling {name}"),
    )
    made = compiler.compile_stale(pip_tools, found.layers, frozenset(reasons), found.texts)
    for path, text in made.items():
        files.write_atomic(context.project.root / path, text.encode())
        context.locks[path] = lockfile.parse_lock(text, str(path))
    return f"compiled {', '.join(reasons)}"


def _first_of_each(reasons: Mapping[str, tuple[Reason, ...]]) -> list[Reason]:
    return [why[0] for why in reasons.values()]


def _problem(reason: Reason) -> Problem:
    return Problem(
        reason.code, reason.message, "run bootstrap and commit the locks", reason.file, reason.line
    )


def _layers(count: int) -> str:
    return "1 lock" if count == 1 else f"{count} locks"


def _decode(content: bytes, path: PurePosixPath) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            f"{path} is not UTF-8 text", hint=f"save {path} as UTF-8", code="unparsable", file=str(path)
        ) from None
