"""The one resolution of newer pins: all layers together, in a copy, and no pin ever goes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from bootstrap.errors import BootstrapError, UsageError
from bootstrap.locks import compiler, lockfile
from bootstrap.locks.layers import Layer, refuse_unknown
from bootstrap.locks.lockfile import LockFile
from bootstrap.locks.pip_tools import Moves, PipTools
from bootstrap.upgrades import pins
from bootstrap.upgrades.options import UpgradeOptions

Texts = Mapping[PurePosixPath, str]


@dataclass(frozen=True, slots=True)
class Layered:
    """The layers of a project, the text of every requirement file and lock, and the target (PEP 508)."""

    layers: tuple[Layer, ...]
    texts: Texts
    markers: Mapping[str, str]

    @property
    def locks(self) -> dict[PurePosixPath, LockFile]:
        """The locks, read."""
        return parsed({layer.lock: self.texts[layer.lock] for layer in self.layers})

    def pins(self) -> dict[str, str]:
        """Return the versions that all layers together pin."""
        return pins.versions(pins.together(self.locks, self.layers))


def asked_moves(options: UpgradeOptions, project: Layered) -> Moves:
    """Return which pins may move.

    Raises ``UsageError`` for what is no requirement, a package that no layer has, and an unknown layer.
    """
    refuse_unknown(options.layers, [layer.name for layer in project.layers])
    chosen = [layer for layer in project.layers if not options.layers or layer.name in options.layers]
    locks = project.locks
    known = {pin.name for layer in chosen for pin in locks[layer.lock].pins}
    if options.packages:
        return Moves(packages={_name(text, known): text for text in options.packages})
    return Moves(packages={name: name for name in known}) if options.layers else Moves(everything=True)


def resolve(pip_tools: PipTools, project: Layered, moves: Moves) -> dict[PurePosixPath, str]:
    """Return the text of every lock with newer pins; equal to the old ones where there are none.

    Where the newest of one package needs an older one of another than is locked, that other one gets its
    locked version as its lowest, and all is resolved once more.

    Raises ``BootstrapError`` where nothing satisfies all requirements.
    """
    old, floors = project.pins(), dict[str, str]()
    while True:
        made = _compiled(pip_tools, project, _with_floors(moves, floors))
        back = pins.lowered(old, _pins(project, made))
        if not back:
            return made
        if floors.keys() >= set(back):
            raise _goes_back(back[0], old[back[0]])
        floors |= {name: f"{name}>={old[name]}" for name in back}


def pinned(pip_tools: PipTools, project: Layered, chosen: Mapping[str, str]) -> dict[PurePosixPath, str]:
    """Return the text of every lock with exactly the chosen pins.

    Raises ``BootstrapError`` where they cannot be had together, or something else comes of them.
    """
    exactly = Moves(everything=True, packages={name: f"{name}=={chosen[name]}" for name in sorted(chosen)})
    # When they were uploaded was asked when they were chosen.
    made = _compiled(replace(pip_tools, uploaded_before=None), project, exactly)
    came = _pins(project, made)
    if came != dict(chosen):
        apart = sorted(name for name in came.keys() | chosen.keys() if came.get(name) != chosen.get(name))
        raise BootstrapError(
            f"locking what was chosen gives something else: {_told(apart, chosen, came)}",
            hint="start anew: bootstrap upgrade --restart",
            code="not-as-chosen",
        )
    return made


def parsed(texts: Texts) -> dict[PurePosixPath, LockFile]:
    """Read locks."""
    return {path: lockfile.parse_lock(text, str(path)) for path, text in texts.items()}


def _compiled(pip_tools: PipTools, project: Layered, moves: Moves) -> dict[PurePosixPath, str]:
    every = frozenset(layer.name for layer in project.layers)
    moving = replace(pip_tools, moves=moves)
    made = compiler.compile_stale(moving, project.layers, every, dict(project.texts), project.markers)
    return {layer.lock: made.get(layer.lock, project.texts[layer.lock]) for layer in project.layers}


def _with_floors(moves: Moves, floors: Mapping[str, str]) -> Moves:
    own = {name: _both(moves.packages.get(name, name), floor) for name, floor in floors.items()}
    return replace(moves, packages={**moves.packages, **own})


def _both(asked: str, floor: str) -> str:
    """Add a lowest version to what was asked of a package."""
    wanted, lowest = Requirement(asked), Requirement(floor)
    return f"{wanted.name}{wanted.specifier & lowest.specifier}"


def _pins(project: Layered, made: Texts) -> dict[str, str]:
    return pins.versions(pins.together(parsed(made), project.layers))


def _name(text: str, known: Iterable[str]) -> str:
    try:
        name = canonicalize_name(Requirement(text).name)
    except InvalidRequirement:
        raise UsageError(
            f"{text} is no requirement",
            hint="name a package, as in bootstrap upgrade django or bootstrap upgrade 'django<6'",
        ) from None
    if name not in known:
        raise UsageError(
            f"no layer pins {name}",
            hint="see that its name is right; a new package is added to a .in file, then: bootstrap lock",
        )
    return name


def _goes_back(name: str, version: str) -> BootstrapError:
    return BootstrapError(
        f"nothing newer can be had unless {name} goes back behind {version}, which is locked",
        hint=f"see what limits {name} in the .in files, or upgrade less: bootstrap upgrade PACKAGE",
        code="conflict",
    )


def _told(names: Sequence[str], chosen: Mapping[str, str], came: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {came.get(name, 'missing')} for {chosen.get(name, 'none')}" for name in names)
