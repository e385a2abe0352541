"""What one requirement asks for: a package by name, or an address."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from bootstrap.locks.addresses import fragment, is_path, is_url


@dataclass(frozen=True, slots=True)
class Target:
    """A package asked for; ``name`` and ``extras`` are canonical, ``url`` is None for one of the index.

    ``name`` is None only where there is a ``url`` that does not tell it.
    """

    name: str | None
    url: str | None = field(default=None, repr=False)
    specifier: SpecifierSet = field(default_factory=SpecifierSet)
    extras: frozenset[str] = frozenset()
    marker: Marker | None = None


def read_target(asked: str) -> Target:
    """Read what stands on a line before its options.

    Raises ``InvalidRequirement`` or ``InvalidMarker``, as packaging does.
    """
    by_url = is_url(asked)
    # As pip does, which takes what packaging refuses: an empty marker, and no blank behind an address.
    address, _, condition = asked.partition("; " if by_url else ";")
    address = address.strip()
    marker = Marker(condition) if condition.strip() else None
    # "name @ address" is PEP 508; a path that holds an @ is not.
    before, at, _ = address.partition("@")
    if by_url or (is_path(address) and not (at and not is_path(before))):
        return _at(address, marker)
    return replace(_by_name(Requirement(address)), marker=marker)


def read_editable(target: str) -> Target:
    """Read what stands behind ``-e``: ``name @ address``, a URL or a folder."""
    try:
        named = _by_name(Requirement(target))
    except InvalidRequirement:
        return _at(target)
    # A bare word is a folder here, never a package of the index.
    return _at(target) if named.url is None else named


def _by_name(read: Requirement) -> Target:
    return Target(
        canonicalize_name(read.name), read.url, read.specifier, _canonical(read.extras), read.marker
    )


def _at(address: str, marker: Marker | None = None) -> Target:
    name, extras = _told_by(address)
    url = address if is_url(address) else _without_extras(address)[0]
    return Target(name, url, extras=extras, marker=marker)


def _told_by(address: str) -> tuple[str | None, frozenset[str]]:
    """Return the name and extras an address tells: ``#egg=``, a wheel's file name, or a path's end."""
    egg = fragment(address, "egg")
    path, extras = _without_extras(egg or address.partition("#")[0])
    if egg:
        return canonicalize_name(path), extras
    wheel = re.search(r"([^/\\]+?)-[^/\\]+\.whl$", path, re.IGNORECASE)
    return canonicalize_name(wheel[1]) if wheel else None, extras


def _without_extras(path: str) -> tuple[str, frozenset[str]]:
    match = re.fullmatch(r"(.+)\[([^\]]+)\]", path)
    if match is None:
        return path, frozenset()
    return match[1].strip(), _canonical({extra.strip() for extra in match[2].split(",")})


def _canonical(extras: set[str]) -> frozenset[str]:
    return frozenset(canonicalize_name(extra) for extra in extras)
