"""Questions to a set of version specifiers that ``packaging`` does not answer itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bootstrap.pythons import builds

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

_LAST_MINOR = 50  # beyond any Python there is, so a set that includes it has no upper bound
_LAST_MICRO = 99


def can_satisfy(specifiers: SpecifierSet, version: str) -> bool:
    """Say whether some release of a version, which may be the beginning of one, satisfies the specifiers."""
    numbers = version.count(".") + 1
    if not version or numbers == 1:
        return True
    ends = [""] if numbers == builds.FULL else [f".{micro}" for micro in range(_LAST_MICRO)]
    return any(specifiers.contains(version + end, prereleases=True) for end in ends)


def minors(specifiers: SpecifierSet) -> list[str]:
    """Return the minor versions an environment can have, all of whose releases satisfy the specifiers."""
    names = [f"3.{minor}" for minor in range(builds.FLOOR[1], _LAST_MINOR + 1)]
    ends = (0, _LAST_MICRO)
    return [name for name in names if all(specifiers.contains(f"{name}.{micro}") for micro in ends)]


def has_upper_bound(specifiers: SpecifierSet) -> bool:
    """Say whether the newest Python of some day will no longer satisfy the specifiers."""
    return not specifiers.contains(f"3.{_LAST_MINOR}.0")
