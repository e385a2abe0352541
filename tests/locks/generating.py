"""Packages and layers drawn from a number: the same on every machine, and odd as real ones are."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.index.server import PackageIndex
from tests.index.wheels import normalized

NAMES = ("Alpha", "beta.core", "Gamma_x", "delta", "epsilon", "Zeta", "eta-lib", "theta", "iota", "kappa")
LEAVES = ("lib-a", "Lib_B", "lib.c", "lib-d", "lib-e", "lib-f")
VERSIONS = ("1.0", "1.1", "1.5.post1", "2.0", "2.1rc1", "3.0")
_RANGES = ("", "", "", ">=1.0", ">=1.0,!=2.0", "<3", "<4,>=0.9")
_MARKERS = ("", "", "", " ; python_version >= '3'", " ; sys_platform != 'none'", " ; os_name == 'none'")
_TAGS = (("py3-none-any",), ("py2.py3-none-any",), ("py3-none-win_amd64",))


def stock(index: PackageIndex, seed: int = 1) -> PackageIndex:
    """Publish packages that need each other, in no circle, with extras, markers, sdists and yanked files."""
    draw = Random(seed)
    for name in LEAVES:
        for version in draw.sample(VERSIONS, 4):
            index.add(name, version, sdist=draw.random() < 0.4)
    for at, name in enumerate(NAMES):
        below = (*LEAVES, *NAMES[:at])
        chosen = draw.sample(["speed", "All_x"], draw.randint(0, 2))
        extras = {extra: _requires(draw, below, 1) for extra in chosen}
        for number, version in enumerate(draw.sample(VERSIONS, 4)):
            # Of each package one version can be had, whatever is drawn.
            odd = number > 0
            index.add(
                name,
                version,
                _requires(draw, below, draw.randint(0, 3)),
                extras=extras,
                yanked="it leaks" if odd and draw.random() < 0.1 else None,
                requires_python=draw.choice([None, ">=3.8", ">=3.99"]) if odd else None,
                tags=draw.choice(_TAGS) if odd and draw.random() < 0.3 else _TAGS[0],
                sdist=draw.random() < 0.5,
            )
    return index


def layers(seed: int) -> dict[str, str]:
    """Return the requirement files of a project: one to four layers that build on each other in any way."""
    draw = Random(seed)
    names = ["base.in", "dev.in", "docs.in", "sub/more.in"][: draw.randint(1, 4)]
    files = {}
    for at, name in enumerate(names):
        lines = [
            _reference(draw, name, below) for below in draw.sample(names[:at], draw.randint(0, min(at, 2)))
        ]
        lines += [_line(draw) for _ in range(draw.randint(1, 4))]
        files[name] = ("\r\n" if draw.random() < 0.2 else "\n").join(lines) + draw.choice(["", "\n"])
    if "sub/more.in" in files:
        files["top.in"] = "-r sub/more.in\n"
    if draw.random() < 0.3:
        files["limits.txt"] = f"{draw.choice(LEAVES)}<3\n{draw.choice(NAMES)}!=2.0\n"
        files["base.in"] = f"-c limits.txt\n{files['base.in']}"
    return files


def _requires(draw: Random, names: Sequence[str], count: int) -> list[str]:
    return [
        f"{name}{draw.choice(_RANGES)}{draw.choice(_MARKERS)}"
        for name in draw.sample(list(names), min(count, len(names)))
    ]


def _reference(draw: Random, name: str, below: str) -> str:
    way = f"{'../' if '/' in name else ''}{below.removesuffix('.in')}"
    return draw.choice(["-r {}.in", "-r {}.txt", "-c {}.txt", "-r {0}.in\n-c {0}.txt"]).format(way)


def _line(draw: Random) -> str:
    name = draw.choice([*NAMES, *LEAVES])
    extra = draw.choice(["", "", "", "[speed]", "[all-x]", "[speed, ALL.x]"]) if name in NAMES else ""
    if extra:
        name = normalized(
            name
        )  # test_equality has the other spellings, of which pip-compile makes something else
    comment = draw.choice(["", "", "  # why", "\n# a line of its own", " \\\n  # continued"])
    return f"{name}{extra}{draw.choice(_RANGES)}{draw.choice(_MARKERS)}{comment}"
