"""Version constraints of Poetry and Pipenv as PEP 440 writes them.

The rules are those of https://python-poetry.org/docs/dependency-specification/.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

_SPACED = re.compile(r"(\^|~=|~|===|==|!=|>=|<=|>|<)\s+")


class CannotConvertError(Exception):
    """There is no set of PEP 440 specifiers that says the same."""


def from_poetry(text: str) -> str:
    """Return what a constraint of Poetry says; empty where it allows every version.

    Ranges joined by ``||`` become one where nothing lies between them. Raises ``CannotConvertError``.
    """
    parts = [_conjunction(part) for part in re.split(r"\s*\|\|?\s*", text.strip())]
    while len(parts) > 1:
        parts[:2] = [_joined(parts[0], parts[1])]
    return parts[0]


def _conjunction(text: str) -> str:
    words = re.split(r"[,\s]+", _SPACED.sub(r"\1", text.strip()))
    specifiers = ",".join(filter(None, map(_one, words)))
    try:
        SpecifierSet(specifiers)
    except InvalidSpecifier:
        raise CannotConvertError(text) from None
    return specifiers


def _one(word: str) -> str:
    if word in ("", "*"):
        return ""
    if word.startswith("^"):
        return _range(word[1:], _caret)
    if word.startswith("~") and not word.startswith("~="):
        return _range(word[1:], _tilde)
    return f"=={word}" if word[0].isdigit() or word[0] == "v" else word


def _range(text: str, upper: Callable[[tuple[int, ...]], tuple[int, ...]]) -> str:
    try:
        release = Version(text).release
    except InvalidVersion:
        raise CannotConvertError(text) from None
    return f">={text},<{'.'.join(map(str, upper(release)))}"


def _caret(release: tuple[int, ...]) -> tuple[int, ...]:
    """Raise the first number that is not zero; where all are, the last one."""
    place = next((index for index, number in enumerate(release) if number), len(release) - 1)
    return (*release[:place], release[place] + 1)


def _tilde(release: tuple[int, ...]) -> tuple[int, ...]:
    place = min(len(release), 2) - 1
    return (*release[:place], release[place] + 1)


def _joined(one: str, other: str) -> str:
    """Return the range that covers two which touch or overlap."""
    low, high = sorted((_bounds(one), _bounds(other)), key=lambda bounds: Version(bounds[0]))
    if Version(high[0]) > Version(low[1]):
        raise CannotConvertError(f"{one} || {other}")
    return f">={low[0]},<{max(low[1], high[1], key=Version)}"


def _bounds(specifiers: str) -> tuple[str, str]:
    match = re.fullmatch(r">=([^,<>=!~]+),<([^,<>=!~]+)", specifiers)
    if match is None:
        raise CannotConvertError(specifiers)
    return match[1], match[2]


def python_marker(specifiers: str) -> str:
    """Return the marker that a set of specifiers of Python stands for; empty for every Python."""
    words = []
    for specifier in sorted(SpecifierSet(specifiers), key=str, reverse=True):
        version = specifier.version
        is_full = len(version.removesuffix(".*").split(".")) > 2  # noqa: PLR2004 of a major and a minor number
        variable = "python_full_version" if is_full else "python_version"
        words.append(f'{variable} {specifier.operator} "{version}"')
    return " and ".join(words)


def lower_bound(version: str) -> str:
    """Return the specifier that a pin becomes in a requirement file; the local part is left out."""
    return f">={version.partition('+')[0]}"
