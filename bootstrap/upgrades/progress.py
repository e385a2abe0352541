"""How far a job is: which run of about how many, and how long it may still take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bootstrap.upgrades.search import Kind, Probe

_MINUTE, _HOUR = 60, 3600
_SHOWN = 3
# Below this nobody wants to know how long it still takes; in seconds.
_WORTH_TELLING = 5.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """The number of the run that begins, of about how many, and the seconds that all of these may still take.

    ``spent`` are the seconds of the runs before it.
    """

    number: int
    about: int
    seconds: float | None
    spent: float = 0.0


def estimate(probe: Probe, done: Sequence[float], units: int) -> Estimate:
    """Estimate from the seconds of the runs that are done, what is tried now, and how many units there are.

    Halving takes as many runs as the units have binary digits; around it are four others.
    """
    number = len(done) + 1
    halving = max(units - 1, 1).bit_length() + 4
    about = {
        Kind.BASELINE: 2,
        Kind.CANDIDATE: number,
        Kind.PREFIX: max(halving, number + 2),
        Kind.ALONE: number,
        Kind.PROOF: number,
    }[probe.kind]
    about = max(about, number)
    left = (about - len(done)) * sum(done) / len(done) if done else None
    return Estimate(number, about, left, sum(done))


def told(estimate: Estimate, what: str) -> str:
    """Return the line: ``run 4 of about 10: 10 of 40 upgrades (...); 2 min so far, about 4 min left``."""
    is_worth_it = estimate.seconds is not None and estimate.seconds >= _WORTH_TELLING
    times = f"{duration(estimate.spent)} so far, about {duration(estimate.seconds or 0.0)} left"
    return f"run {estimate.number} of about {estimate.about}: {what}" + (f"; {times}" if is_worth_it else "")


def what(probe: Probe, names: Sequence[str], units: int) -> str:
    """Return what a probe tries, in words."""
    if probe.kind is Kind.BASELINE:
        said = "what is locked now"
    elif len(probe.chosen) == units:
        said = f"all {units} upgrades together" if units > 1 else "the one upgrade"
    else:
        shown = ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
        said = f"{len(probe.chosen)} of {units} upgrades ({shown})"
    return said if probe.attempt == 1 else f"{said}, once more"


def duration(seconds: float) -> str:
    """Return a time in words: ``42 s``, ``7 min 12 s``, ``1 h 5 min``."""
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        minutes, rest = divmod(whole, _MINUTE)
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
