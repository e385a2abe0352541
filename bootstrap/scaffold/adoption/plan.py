"""From what was found to the files that are missing: requirement files, and the pins for the first lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from bootstrap.scaffold.adoption.found import BASE, DEV, PRODUCTION, Found, Left, Wish
from bootstrap.wording import counted

_LAYERS = (BASE, DEV, PRODUCTION)


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to write; ``told`` says what it holds."""

    path: str
    text: str
    told: str


def requirement_files(found: Found, locked: Mapping[str, Mapping[str, str]]) -> tuple[NewFile, ...]:
    """Return the layers and the seeds of their locks.

    ``locked`` holds the pins of the locks that are there already, by layer: pip-compile keeps what it finds
    in them, so they need no seed. It keeps a pin from whichever lock it stands in. Where every lock is there
    and a pin stands in none of them, it stays exact in its requirement file.
    """
    layers = [name for name in _LAYERS if name == BASE or any(wish.layer == name for wish in found.wishes)]
    locked = {layer: pins for layer, pins in locked.items() if layer in layers}
    known = {name for pins in locked.values() for name in pins}
    pins = {name: version for name, version in found.pins.items() if name not in known}
    place = next((layer for layer in layers if layer not in locked), None)
    exact = {} if place is not None else pins
    files = [_layer(found, layer, exact) for layer in layers]
    if place is not None and pins:
        files.append(_seed(place, pins))
    return tuple(files)


def _layer(found: Found, layer: str, exact: Mapping[str, str]) -> NewFile:
    wishes = [_pinned(wish, exact) for wish in found.wishes if wish.layer == layer]
    asked = [wish for wish in wishes if wish.asked]
    lines = [f"# From {found.source}, by bootstrap init."]
    lines += [] if layer == BASE else [f"-r {BASE}.in"]
    lines += [_line(wish) for wish in asked]
    lines += _block(
        "Needed by others of these, as it seems; take the # away from what is yours.", _others(wishes)
    )
    left = [one for one in found.left if one.layer == layer]
    lines += _block("Not carried over.", [f"{_place(one)} {one.text}" for one in left])
    text = "".join(f"{line}\n" for line in lines)
    return NewFile(f"requirements/{layer}.in", text, counted(len(asked), "requirement"))


def _others(wishes: Sequence[Wish]) -> list[str]:
    return [_line(wish) for wish in wishes if not wish.asked]


def _block(title: str, lines: Sequence[str]) -> list[str]:
    return ["", f"# {title}", *(f"# {line}" for line in lines)] if lines else []


def _line(wish: Wish) -> str:
    return f"{wish.text}  # {wish.comment}" if wish.comment else wish.text


def _pinned(wish: Wish, exact: Mapping[str, str]) -> Wish:
    """Return the wish with its version, where no lock can remember it."""
    name = canonicalize_name(wish.text.partition(">=")[0].partition("[")[0].strip())
    if name not in exact or ">=" not in wish.text:
        return wish
    before, _, after = wish.text.partition(">=")
    _, semicolon, marker = after.partition(" ;")
    return replace(wish, text=f"{before}=={exact[name]}{semicolon}{marker}")


def _seed(layer: str, pins: Mapping[str, str]) -> NewFile:
    """Return the versions from before; without a word, as a lock is compiled without it and that is told."""
    lines = "".join(f"{name}=={version}\n" for name, version in sorted(pins.items()))
    return NewFile(f"requirements/{layer}.txt", lines, counted(len(pins), "pin"))


def _place(left: Left) -> str:
    return f"{left.file}:{left.line}" if left.line else left.file
