"""What a name such as ``3.13.0t`` or ``pypy3.10-7.3.15`` says about a Python.

The same grammar serves the word a user writes and the folders of pyenv, uv, mise and asdf.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.version import Version

FLOOR = (3, 9)
"""The lowest Python that virtualenv 21 can make an environment for."""

FULL = 3
"""How many numbers a complete version has."""

_UNKNOWN = 999  # stands for a number that a name leaves out: it may be any, so it ranks as the highest

_NAME = re.compile(
    r"""
    (?: (?P<implementation> cpython | python | pypy | graalpy ) [-@]? | v )?
    (?P<release> [0-9] (?: \.[0-9]{1,3} ){0,2} )
    (?P<pre> (?: a | b | rc ) [0-9]{1,3} )?
    (?P<threads> t | \+freethreaded )?
    (?P<development> -dev )?
    (?: -v? (?P<own> [0-9]{1,3} (?: \.[0-9]{1,3} )* ) )?
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Build:
    """A Python as far as it is known: ``release`` holds the numbers that are, up to three.

    ``development`` marks the tip of a branch (pyenv's ``3.14-dev``). ``own_release`` is the version of an
    implementation that has one beside the language's, as PyPy does.
    """

    implementation: str
    release: tuple[int, ...]
    pre: str = ""
    free_threaded: bool = False
    development: bool = False
    own_release: tuple[int, ...] = ()

    @property
    def version(self) -> str:
        """The version as far as it is known; empty where the name has none."""
        return dotted(self.release) + self.pre

    @property
    def complete(self) -> bool:
        """Whether the name leaves no number open."""
        return len(self.release) == FULL

    @property
    def newest(self) -> Version:
        """The newest version that a Python of this name can turn out to have."""
        numbers = (*self.release, *(_UNKNOWN,) * (FULL - len(self.release)))
        return Version(dotted(numbers) + self.pre)

    @property
    def newest_own(self) -> tuple[int, ...]:
        """The newest version of its own that an implementation of this name can turn out to have."""
        return self.own_release or (() if self.implementation == "cpython" else (_UNKNOWN,))

    @property
    def below_floor(self) -> bool:
        """Whether every Python of this name is too old for an environment."""
        return bool(self.release) and self.release < FLOOR[: len(self.release)]

    def __str__(self) -> str:
        """Return the name pyenv gives such a build."""
        implementation = "" if self.implementation == "cpython" else self.implementation
        own = f"-{dotted(self.own_release)}" if self.own_release else ""
        threads, tip = "t" if self.free_threaded else "", "-dev" if self.development else ""
        return f"{implementation}{self.version}{threads}{tip}{own}"


def read(name: str) -> Build | None:
    """Return the build that a name describes, or None for a name that describes none."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    implementation = found["implementation"] or "cpython"
    build = Build(
        "cpython" if implementation == "python" else implementation,
        _numbers(found["release"]),
        found["pre"] or "",
        found["threads"] is not None,
        found["development"] is not None,
        _numbers(found["own"]) if found["own"] else (),
    )
    return None if build.own_release and build.implementation == "cpython" else build


def dotted(numbers: tuple[int, ...]) -> str:
    """Write numbers as a version has them."""
    return ".".join(map(str, numbers))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(".")))
