"""Pins that a compilation is to keep where it can: for each package the first choice, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from bootstrap.errors import BootstrapError
from bootstrap.locks.lockfile import LockFile, Pin
from bootstrap.pip import messages


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

    def without_those_in_the_way(self, error: BootstrapError) -> Preferences:
        """Return them with the next choice for each that takes part in a conflict; raises the error for none.

        pip-compile lets go of a pin only where all that takes part in the conflict is such a pin.
        """
        in_the_way = messages.held_pins(error.details or "") & self.pins.keys()
        if not in_the_way:
            raise error
        left = {name: pins[1:] if name in in_the_way else pins for name, pins in self.pins.items()}
        return Preferences({name: pins for name, pins in left.items() if pins})
