"""Known vulnerabilities: what advisory files and the index tell, and what nobody could tell.

A package that no source knows about is "not checked", never "ok": silence is no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bootstrap.upgrades import osv
from bootstrap.upgrades.osv import Database, Vulnerability


class State(StrEnum):
    """What is known of one version."""

    OK = "ok"
    VULNERABLE = "vulnerable"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of one version of a package; ``why`` says why it was not checked."""

    state: State
    found: tuple[Vulnerability, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """What is known before and after the upgrade, by package."""

    before: Mapping[str, Checked] = field(default_factory=dict)
    after: Mapping[str, Checked] = field(default_factory=dict)

    @property
    def checked(self) -> int:
        """How many packages were checked, as they are after the upgrade."""
        return sum(one.state is not State.NOT_CHECKED for one in self.after.values())

    def fixed(self) -> list[tuple[str, Vulnerability]]:
        """Return what the upgrade mends."""
        return _without(self.before, self.after)

    def new(self) -> list[tuple[str, Vulnerability]]:
        """Return what the upgrade brings."""
        return _without(self.after, self.before)

    def still_open(self) -> list[tuple[str, Vulnerability]]:
        """Return what was there before and stays."""
        brought = {(name, each.id) for name, each in self.new()}
        return [pair for pair in _all(self.after) if (pair[0], pair[1].id) not in brought]

    def not_checked(self) -> dict[str, list[str]]:
        """Return the packages that were not checked, by why."""
        found: dict[str, list[str]] = {}
        for name, one in sorted(self.after.items()):
            if one.state is State.NOT_CHECKED:
                found.setdefault(one.why, []).append(name)
        return found


def check(
    pins: Mapping[str, str], database: Database | None, told: Mapping[tuple[str, str], Checked]
) -> dict[str, Checked]:
    """Return what is known of each pin: from the files, and from what the index ``told``."""
    return {name: _check(name, version, database, told) for name, version in pins.items()}


def from_index(page: Mapping[str, Any]) -> Checked:
    """Read the ``vulnerabilities`` of an index's page for one version."""
    listed = page.get("vulnerabilities")
    if not isinstance(listed, list):
        return Checked(State.NOT_CHECKED, why="the index tells nothing of vulnerabilities")
    found = tuple(
        Vulnerability(
            str(each.get("id", "")),
            osv.texts(each.get("aliases")),
            str(each.get("summary") or each.get("details") or "").strip().partition("\n")[0][:200],
            osv.texts(each.get("fixed_in")),
        )
        for each in listed
        if isinstance(each, dict) and not each.get("withdrawn")
    )
    return Checked(State.VULNERABLE if found else State.OK, found)


def _check(
    name: str, version: str, database: Database | None, told: Mapping[tuple[str, str], Checked]
) -> Checked:
    by_index = told.get((name, version), Checked(State.NOT_CHECKED, why="the index was not asked"))
    if not version:
        return Checked(State.NOT_CHECKED, why="it comes from an address")
    if database is None:
        return by_index
    found = {each.id: each for each in (*by_index.found, *osv.look_up(database, name, version))}
    listed = tuple(found[key] for key in sorted(found) if not _is_alias(found[key], found))
    return Checked(State.VULNERABLE if listed else State.OK, listed)


def _is_alias(one: Vulnerability, all_: Mapping[str, Vulnerability]) -> bool:
    """Say whether another entry stands for the same vulnerability; the first by its id stays."""
    return any(
        other.id < one.id and (one.id in other.aliases or other.id in one.aliases) for other in all_.values()
    )


def _all(checked: Mapping[str, Checked]) -> list[tuple[str, Vulnerability]]:
    return [(name, each) for name, one in sorted(checked.items()) for each in one.found]


def _without(one: Mapping[str, Checked], other: Mapping[str, Checked]) -> list[tuple[str, Vulnerability]]:
    """Return what one side has and the other, where it was checked, has not."""
    return [
        (name, each)
        for name, each in _all(one)
        if name not in other
        or (
            other[name].state is not State.NOT_CHECKED
            and each.id not in {more.id for more in other[name].found}
        )
    ]
