"""Compiling layers with pip-tools, under the project's Python, so that all layers agree.

pip-compile runs on a bench: a scratch folder with copies of the requirement files at the same relative
paths. There ``-r base.txt`` finds the new base, the annotations name the paths of the project, a ``pip.py``
of the project is out of reach, and the locks of the project stay as they are until all are done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bootstrap.errors import BootstrapError
from bootstrap.locks.layers import Layer
from bootstrap.locks.lockfile import LockFile, Pin, header_command, parse_lock
from bootstrap.locks.requirements import Reference, parse
from bootstrap.pip import messages
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.system import files, processes

# The options of the contract's header, and those which keep the machine out of the lock. --no-config: a
# [tool.pip-tools] table is taken from whatever folder pip-compile is started in.
_OPTIONS = (
    "--no-config",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
    "--strip-extras",
    "--newline=lf",
)

Texts = Mapping[PurePosixPath, str]


@dataclass(frozen=True, slots=True)
class Compiler:
    """A Python of the project's version that has pip-tools, and how it is to be run."""

    python: Path
    configuration: PipConfiguration
    hashes: bool
    on_layer: Callable[[str], None]

    def compile(self, bench: Path, layer: Layer) -> str:
        """Compile one layer on the bench and return the lock's text.

        Raises ``BootstrapError`` with the one useful message of what pip-compile said.
        """
        options = [*_OPTIONS, *(["--generate-hashes"] if self.hashes else ["--no-generate-hashes"])]
        self.on_layer(layer.name)
        command = [str(self.python), "-I", "-m", "piptools", "compile", *options]
        header = header_command(layer.source, layer.lock, hashes=self.hashes)
        done = processes.run(
            [*command, f"--output-file={layer.lock}", str(layer.source)],
            cwd=bench,
            extra=self.configuration.for_pip() | {"CUSTOM_COMPILE_COMMAND": header},
        )
        if done.returncode != 0:
            raise _failed(layer, done.stdout + done.stderr)
        return (bench / layer.lock).read_text(encoding="utf-8")


def compile_stale(
    compiler: Compiler, layers: tuple[Layer, ...], stale: frozenset[str], texts: Texts
) -> dict[PurePosixPath, str]:
    """Return the new text of every lock that must change; ``texts`` holds all inputs and the locks there are.

    A pin stays while its requirements allow it, and what one layer pins the others take over. Where that
    leaves two layers with different pins, the union of all is resolved once and every layer follows it.

    Raises ``BootstrapError`` where a layer cannot be resolved, or the layers cannot agree.
    """
    with files.scratch_folder() as bench:
        _lay_out(bench, texts)
        locks = _parsed({layer.lock: texts[layer.lock] for layer in layers if layer.lock in texts})
        made = _compile_each(compiler, bench, layers, stale, locks)
        if disagreements(layers, {**locks, **_parsed(made)}):
            union = _resolve_union(compiler, bench, layers, texts, list(locks.values()))
            everything = frozenset(layer.name for layer in layers)
            made = _compile_each(compiler, bench, layers, everything, {PurePosixPath("union"): union})
            _demand_agreement(layers, _parsed(made))
    return {path: text for path, text in made.items() if text != texts.get(path)}


def disagreements(
    layers: Iterable[Layer], locks: Mapping[PurePosixPath, LockFile]
) -> dict[str, dict[str, str]]:
    """Return each package that two layers pin differently: its name, and for each layer the version."""
    seen: dict[str, dict[str, str]] = {}
    for layer in layers:
        for pin in locks[layer.lock].pins if layer.lock in locks else ():
            seen.setdefault(pin.name, {})[layer.name] = pin.version
    return {name: versions for name, versions in seen.items() if len(set(versions.values())) > 1}


def _compile_each(
    compiler: Compiler,
    bench: Path,
    layers: tuple[Layer, ...],
    stale: frozenset[str],
    locks: Mapping[PurePosixPath, LockFile],
) -> dict[PurePosixPath, str]:
    """Compile the stale layers in order, each with the pins of the settled ones as its preference."""
    settled = [locks[layer.lock] for layer in layers if layer.name not in stale and layer.lock in locks]
    made: dict[PurePosixPath, str] = {}
    for layer in (layer for layer in layers if layer.name in stale):
        own = [locks[layer.lock]] if layer.lock in locks else []
        made[layer.lock] = _compile_one(compiler, bench, layer, [*settled, *own, *locks.values()])
        settled.append(parse_lock(made[layer.lock], str(layer.lock)))
    return made


def _compile_one(compiler: Compiler, bench: Path, layer: Layer, preferred: Iterable[LockFile]) -> str:
    """Compile a layer with the pins of other locks as preferences; of two for one package the first wins.

    pip-compile finds them in its output file, takes over their hashes, and leaves no trace of them in the
    header or the annotations. It lets go of one that is in the way only where all that takes part in the
    conflict is such a pin; here any of them goes.
    """
    pins: dict[str, Pin] = {}
    for lock in preferred:
        for pin in lock.pins:
            pins.setdefault(pin.name, pin)
    while True:
        _write(bench / layer.lock, "".join(f"{pin.text.rstrip()}\n" for pin in pins.values()))
        try:
            return compiler.compile(bench, layer)
        except BootstrapError as error:
            in_the_way = messages.held_pins(error.details or "") & pins.keys()
            if not in_the_way:
                raise
            pins = {name: pin for name, pin in pins.items() if name not in in_the_way}


def _resolve_union(
    compiler: Compiler, bench: Path, layers: tuple[Layer, ...], texts: Texts, locks: list[LockFile]
) -> LockFile:
    """Resolve all layers as one; each keeps its folder, so that relative references still hold."""
    own = {path for layer in layers for path in (layer.source, layer.lock)}
    names = []
    for layer in layers:
        path = layer.source.with_name(f".union-{layer.source.name}")
        _write(bench / path, _without_layers(texts[layer.source], layer.source, own))
        names.append(path)
    source = PurePosixPath(".union.in")
    _write(bench / source, "".join(f"-r {path}\n" for path in names))
    union = Layer("union", source, PurePosixPath(".union.txt"))
    return parse_lock(_compile_one(compiler, bench, union, locks), "union")


def _without_layers(text: str, source: PurePosixPath, own: set[PurePosixPath]) -> str:
    """Return a requirement file without its references to layers: they are in the union by themselves."""
    kept = []
    for line in parse(text, str(source)).lines:
        if isinstance(line, Reference) and line.resolved(source) in own:
            continue
        kept.append(line.text)
    return "\n".join(kept) + "\n"


def _demand_agreement(layers: tuple[Layer, ...], locks: Mapping[PurePosixPath, LockFile]) -> None:
    apart = disagreements(layers, locks)
    if apart:
        name, versions = next(iter(sorted(apart.items())))
        told = ", ".join(f"{layer} needs {version}" for layer, version in versions.items())
        raise BootstrapError(
            f"the layers cannot agree on {name}: {told}",
            hint=f"loosen what these layers say of {name}",
            code="layers-disagree",
        )


def _parsed(made: Mapping[PurePosixPath, str]) -> dict[PurePosixPath, LockFile]:
    return {path: parse_lock(text, str(path)) for path, text in made.items()}


def _lay_out(bench: Path, texts: Texts) -> None:
    for path, text in texts.items():
        _write(bench / path, text)


def _write(path: Path, text: str) -> None:
    files.write_scratch(path, text.encode())


def _failed(layer: Layer, output: str) -> BootstrapError:
    finding = messages.explain(output)
    place = messages.place(output)
    file, line = place if place is not None else (str(layer.source), None)
    return BootstrapError(
        f"{layer.source}: {finding.message}",
        hint=finding.hint,
        code=finding.code,
        file=file,
        line=line,
        details=messages.mask(output),
    )
