"""What a project asks for: the ranking of the places that may say it, and the grammar of what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from bootstrap.errors import UsageError
from bootstrap.pythons import builds
from bootstrap.pythons.builds import FLOOR, Build
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.pythons.specifiers import can_satisfy
from bootstrap.pythons.version_file import Word


class Origin(StrEnum):
    """Who asks for a Python, the strongest first."""

    OPTION = "--python"
    VARIABLE = "BOOTSTRAP_PYTHON"
    FILE = ".python-version"
    SETTING = "[tool.bootstrap] python"
    REQUIRES = "requires-python"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Asked:
    """A text that asks for a Python, and where it stands; ``line`` counts from 1."""

    text: str
    origin: Origin
    file: str | None = None
    line: int | None = None

    @property
    def source(self) -> str:
        """Where the text stands, as messages say it."""
        if self.origin is Origin.FILE:
            # Nearly every file has one line.
            return f"{self.file or self.origin}{f', line {self.line}' if (self.line or 1) > 1 else ''}"
        return f"{self.origin} in {self.file}" if self.file else str(self.origin)

    def edit(self, text: str) -> str:
        """Return the edit that asks for ``text`` in the same place."""
        edits = {
            Origin.OPTION: f"pass --python {text}",
            Origin.VARIABLE: f"set BOOTSTRAP_PYTHON={text}",
            Origin.SETTING: f'write python = "{text}" under [tool.bootstrap] in pyproject.toml',
            Origin.REQUIRES: f'write requires-python = ">={text}" in pyproject.toml',
        }
        return edits.get(self.origin, f"write {text} into {self.file or Origin.FILE}")


@dataclass(frozen=True, slots=True)
class PythonRequest:
    """An understood request: a version or the beginning of one, else a set of specifiers, else ``system``.

    A plain request never takes a pre-release, a free-threaded build, or another implementation than CPython.
    """

    asked: Asked
    wanted: Build | None = None
    specifiers: SpecifierSet | None = None

    @property
    def system(self) -> bool:
        """Whether pyenv's word ``system`` asks for the first Python on PATH."""
        return self.wanted is None and self.specifiers is None

    @property
    def exact(self) -> bool:
        """Whether only one version can answer."""
        return self.wanted is not None and (self.wanted.complete or bool(self.wanted.pre))

    def accepts(self, interpreter: Interpreter) -> bool:
        """Say whether an interpreter is what was asked for; ``system`` accepts any that is not too old.

        The same rule keeps an existing environment: ``3.12`` keeps 3.12.1 although 3.12.9 has come.
        """
        build = interpreter.build
        if build.below_floor:
            return False
        if self.wanted is not None and self.wanted.development:
            return build.development and _fits(self.wanted, build)
        # Distributions mark their own patched releases with the "+" too, so it refuses nothing here.
        return self.system or (self._allows(build) and self._allows_pre(build))

    def may_be(self, named: Build) -> bool:
        """Say whether an interpreter of this name can be the one; starts nothing."""
        if named.below_floor:
            return False
        if named.complete or named.development:
            wants_tip = self.wanted is not None and self.wanted.development
            if named.development != wants_tip or not (wants_tip or self._allows_pre(named)):
                return False
        return self.system or self._allows(named)

    def _allows(self, build: Build) -> bool:
        if self.wanted is not None:
            return _fits(self.wanted, build)
        if build.implementation != "cpython" or build.free_threaded:
            return False
        return self.specifiers is not None and can_satisfy(self.specifiers, build.version)

    def _allows_pre(self, build: Build) -> bool:
        if self.wanted is not None:
            return build.pre == self.wanted.pre
        return not build.pre or (self.specifiers is not None and bool(self.specifiers.prereleases))

    def __str__(self) -> str:
        """Return what was asked, as in "Python 3.12" or "a Python that satisfies >=3.11"."""
        if self.system:
            return "the system's Python"
        if self.wanted is not None:
            return f"Python {self.wanted}"
        return f"a Python that satisfies {self.asked.text}" if str(self.specifiers) else "a Python"


def from_words(words: Sequence[Word], file: str) -> list[Asked]:
    """Return what the words of a version file ask for; the first of them counts."""
    return [Asked(word.text, Origin.FILE, file, word.line) for word in words]


def choose(asked: Iterable[Asked]) -> PythonRequest:
    """Return the request of the strongest origin; of several from one, the first.

    Raises ``UsageError`` as `parse` does.
    """
    stated = [one for one in asked if one.text.strip()]
    ranks = list(Origin)
    return parse(min(stated, key=lambda one: ranks.index(one.origin), default=Asked("", Origin.DEFAULT)))


def parse(asked: Asked) -> PythonRequest:
    """Understand a request.

    Raises ``UsageError`` for a text that names no Python, and for one below what virtualenv can make.
    """
    text = asked.text.strip()
    if asked.origin in (Origin.REQUIRES, Origin.DEFAULT) or text[:1] in "<>=!~":
        return PythonRequest(asked, specifiers=_specifiers(asked, text))
    if text == "system":
        return PythonRequest(asked)
    # pyenv-virtualenv writes VERSION/envs/NAME; the environment is ours to make, the version is what counts.
    wanted = builds.read(re.sub(r"/envs/[^/]+\Z", "", text))
    if wanted is None:
        raise _not_understood(asked, text)
    if wanted.below_floor:
        raise _too_old(asked, wanted)
    return PythonRequest(asked, wanted)


def _fits(wanted: Build, build: Build) -> bool:
    """Compare what both know."""
    same = wanted.implementation == build.implementation and wanted.free_threaded == build.free_threaded
    return same and _agree(wanted.release, build.release) and _agree(wanted.own_release, build.own_release)


def _agree(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(left == right for left, right in zip(one, other, strict=False))


def _specifiers(asked: Asked, text: str) -> SpecifierSet:
    # The first word of ">=3.11, <3.13" ends with a comma; without the rest it would mean something else.
    cut_short = asked.origin is Origin.FILE and text.endswith(",")
    try:
        found = None if cut_short else SpecifierSet(text)
    except InvalidSpecifier:
        found = None
    if found is None:
        raise UsageError(
            f"{asked.source} asks for {text!r}, which is no set of version specifiers",
            hint=asked.edit("3.13") + ", or specifiers without blanks, as in >=3.11,<3.14",
            code="bad-python-version",
            file=asked.file,
            line=asked.line,
        )
    return found


def _not_understood(asked: Asked, text: str) -> UsageError:
    inside = re.search(r"(?<![0-9.])([0-9]\.[0-9]{1,3}(?:\.[0-9]{1,3})?)(?![0-9])", text)
    joined = re.fullmatch(r"(3)([0-9]{1,2})", text)
    near = inside[1] if inside else ".".join(joined.groups()) if joined else None
    kind = "which is no version of Python" if near else "which looks like the name of an environment"
    return UsageError(
        f"{asked.source} asks for {text!r}, {kind}",
        hint=asked.edit(near or "3.13") + ("" if near else ", or the version your project needs"),
        code="bad-python-version",
        file=asked.file,
        line=asked.line,
    )


def _too_old(asked: Asked, wanted: Build) -> UsageError:
    floor = builds.dotted(FLOOR)
    return UsageError(
        f"{asked.source} asks for Python {wanted}, and environments can be made for {floor} and later",
        hint=asked.edit(floor) + ", or a later version",
        code="python-unsupported",
        file=asked.file,
        line=asked.line,
    )
