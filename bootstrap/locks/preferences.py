"""Pins that a compilation is to keep where it can: for each package the first choice, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bootstrap.errors import BootstrapError
from bootstrap.locks.lockfile import LockFile, Pin
from bootstrap.pip import messages

_Result = TypeVar("_Result")
_OUT_OF_REACH = ("not-found", "build-failed")
"""What pip tells of versions, where it came upon them on its way back through a package's."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """The pins by the name of their package, the first of each the one that is preferred."""

    pins: Mapping[str, tuple[Pin, ...]]

    @classmethod
    def of(cls, locks: Iterable[LockFile], may_move: Callable[[str], bool]) -> Preferences:
        """Return the pins of some locks, those of an earlier one first; what ``may_move`` is not held."""
        pins: dict[str, tuple[Pin, ...]] = {}
        for pin in (pin for lock in locks for pin in lock.pins if not may_move(pin.name)):
            others = pins.get(pin.name, ())
            if str(pin) not in map(str, others):
                pins[pin.name] = (*others, pin)
        return cls(pins)

    def text(self) -> str:
        """Return the preferred pins as a lock has them, with their hashes."""
        return "".join(f"{first.text.rstrip()}\n" for first, *_ in self.pins.values())

    def without_those_in_the_way(self, error: BootstrapError) -> Preferences | None:
        """Return them with the next choice for each that takes part in a conflict; None where none does.

        pip-compile lets go of a pin only where all that takes part in the conflict is such a pin.
        """
        if error.problem.code != "conflict":
            return None
        causes = error.problem.message
        in_the_way = messages.held_pins(causes) & self.pins.keys()
        # pip does not always name a pin that holds a package, only what that one needs.
        in_the_way = in_the_way or messages.depending(causes) & self.pins.keys()
        if not in_the_way:
            return None
        left = {name: pins[1:] if name in in_the_way else pins for name, pins in self.pins.items()}
        return Preferences({name: pins for name, pins in left.items() if pins})

    def without_kin(self, names: Collection[str]) -> Preferences:
        """Return them without some packages, without what those need, and without what needs them."""
        parents = {name: {each for pin in pins for each in pin.parents} for name, pins in self.pins.items()}
        needed, needing = set(names), set(names)
        for _ in parents:
            needed |= {name for name, above in parents.items() if above & needed}
            needing |= {above for name in needing for above in parents.get(name, ())}
        return Preferences({name: pins for name, pins in self.pins.items() if name not in needed | needing})


def most_held(held: Preferences, attempt: Callable[[Preferences], _Result]) -> _Result:
    """Return what an attempt comes to, with pins let go until it succeeds.

    Those in the way are let go first. Where that is not enough, so are those that they need or that need
    them: a package that must go far back takes these along.

    Raises what the last attempt raised; the first conflict, where that is a version that cannot be had and
    was not told before: what pip comes upon on its way back through old versions is seldom what is wrong.
    """
    now, failures, is_last = held, list[BootstrapError](), False
    while True:
        try:
            return attempt(now)
        except BootstrapError as error:
            failures.append(error)
        fewer = None if is_last else now.without_those_in_the_way(failures[-1])
        if (
            fewer is None
            and not is_last
            and now != held
            and failures[-1].problem.code in ("conflict", *_OUT_OF_REACH)
        ):
            let_go = [name for name, pins in held.pins.items() if now.pins.get(name) != pins]
            fewer, is_last = held.without_kin(let_go), True
        if fewer is None or fewer == now:
            raise _to_tell(failures)
        now = fewer


def _to_tell(failures: Sequence[BootstrapError]) -> BootstrapError:
    *before, last = failures
    is_new = last.problem.message not in [one.problem.message for one in before]
    return failures[0] if is_new and last.problem.code in _OUT_OF_REACH else last
