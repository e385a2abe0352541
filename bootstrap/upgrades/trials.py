"""Carrying out the probes of a search: pins are installed, checked and tested, the run is written down."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bootstrap.environments.environment import Environment
from bootstrap.errors import BootstrapError
from bootstrap.locks import layers, lockfile
from bootstrap.upgrades import imports, masking, metadata, pins, resolving, workshop
from bootstrap.upgrades.journal import Journal, Run
from bootstrap.upgrades.metadata import Metadata
from bootstrap.upgrades.resolving import Layered, Texts
from bootstrap.upgrades.search import Kind, Probe
from bootstrap.upgrades.testing import Suite, Verdict
from bootstrap.upgrades.workshop import Workshop

Pins = Mapping[str, str]
# A run may take ten times as long as the first, and ten minutes in any case; in seconds.
_PATIENCE, _LEAST = 10.0, 600.0
_NOT_THE_PINS = frozenset({"network", "index-error", "offline", "disk-full", "cannot-write", "venv-failed"})


class BaselineError(BootstrapError):
    """What is locked now cannot be installed."""


@dataclass(slots=True)
class Trials:
    """What a probe needs to be carried out.

    ``tests`` is None where none are to be run. ``target`` are the texts of all locks with every pin moved, as
    they were resolved, and ``lock`` compiles any other set of pins. ``timeout`` is in seconds, None: by the
    time the first run takes.
    """

    project: Layered
    target: Texts
    workshop: Workshop
    tests: Suite | None
    journal: Journal
    lock: Callable[[Pins], dict[str, str]]
    timeout: float | None
    _bench: Environment | None = field(default=None, init=False)
    _on_bench: dict[str, str] = field(default_factory=dict, init=False)
    _whole: Environment | None = field(default=None, init=False)

    def both_sides(self) -> tuple[dict[str, Metadata], dict[str, Metadata]]:
        """Return what all old and all new pins say of themselves, by installing both.

        Of new ones that cannot be installed together, those are missing that cannot be installed at all.

        Raises ``BaselineError`` where the old ones cannot be installed.
        """
        try:
            old = metadata.read_all(workshop.site_packages_of(self._baseline()))
        except BootstrapError as error:
            _refuse_what_says_nothing(error)
            raise _not_installable(error) from None
        wanted = self._versions(self.target)
        try:
            self._whole = self._made(wanted, {str(path): text for path, text in self.target.items()})
        except BootstrapError as error:
            _refuse_what_says_nothing(error)
            return old, self._one_by_one(wanted, old)
        return old, metadata.read_all(workshop.site_packages_of(self._whole))

    def carry_out(self, probe: Probe, chosen: Pins) -> Run:
        """Return how a set of pins does; one that was finished before is not run again."""
        known = self.journal.known(digest(chosen), probe.kind, probe.attempt)
        if known is not None:
            return known
        run = self._prove if probe.kind in (Kind.CANDIDATE, Kind.PROOF) else self._try
        return self.journal.add(run(probe, chosen))

    def is_known(self, probe: Probe, chosen: Pins) -> bool:
        """Say whether a probe was finished before."""
        return self.journal.known(digest(chosen), probe.kind, probe.attempt) is not None

    def proven(self, chosen: Pins) -> Run | None:
        """Return the run that proved a set of pins, if one did."""
        runs = (run for run in self.journal.runs if run.pins == digest(chosen))
        return next((run for run in runs if run.green and run.kind in (Kind.CANDIDATE, Kind.PROOF)), None)

    def _try(self, probe: Probe, chosen: Pins) -> Run:
        """Change what differs on the bench, and run the tests there."""
        try:
            environment = self._switched(chosen)
        except BootstrapError as error:
            return _refused(probe, chosen, "install", error)
        return _judged(probe, chosen, self._test(environment, {}))

    def _prove(self, probe: Probe, chosen: Pins) -> Run:
        """Lock the pins, make an environment from each lock as anybody would, check it, and run the tests."""
        try:
            texts = self._locked(chosen)
        except BootstrapError as error:
            return _refused(probe, chosen, "resolve", error)
        try:
            for locks in self._locks_apart(texts, chosen):
                made = self.workshop.from_locks(locks)
                wrong = self.workshop.check(made)
                self.workshop.discard(made)
                if wrong:
                    return _unmet(probe, chosen, wrong)
            environment = self._fresh(chosen, texts)
        except BootstrapError as error:
            return _refused(probe, chosen, "install", error)
        wrong = self.workshop.check(environment)
        if wrong:
            return _unmet(probe, chosen, wrong)
        return self._tested(probe, chosen, environment, texts)

    def _tested(self, probe: Probe, chosen: Pins, environment: Environment, texts: dict[str, str]) -> Run:
        site_packages = workshop.site_packages_of(environment)
        seen = self.workshop.folder / f"imports-{len(self.journal.runs)}"
        imports.watch(site_packages, seen)
        verdict = self._test(environment, texts)
        parts = imports.seen(seen)
        names = None if parts is None else imports.distributions(parts, metadata.read_all(site_packages))
        is_green = verdict is None or verdict.green
        run = _judged(probe, chosen, verdict, texts if is_green else {}, names)
        self.workshop.discard(environment)
        return run

    def _test(self, environment: Environment, changed: Mapping[str, str]) -> Verdict | None:
        if self.tests is None:
            return None
        return self.tests.run(environment, self._timeout(), changed)

    def _timeout(self) -> float | None:
        if self.timeout is not None:
            return self.timeout
        first = next((run.seconds for run in self.journal.runs if run.tested), None)
        return None if first is None else max(_LEAST, _PATIENCE * first)

    def _baseline(self) -> Environment:
        if self._bench is None:
            old = self.project.pins()
            self._bench, self._on_bench = self.workshop.fresh(old), old
        return self._bench

    def _switched(self, chosen: Pins) -> Environment:
        """Return the bench with these pins; after a failure it is made anew."""
        bench = self._baseline()
        before, self._on_bench = self._on_bench, dict(chosen)
        try:
            self.workshop.switch(bench, before, chosen)
        except BootstrapError:
            self._bench = None
            self.workshop.discard(bench)
            raise
        return bench

    def _locked(self, chosen: Pins) -> dict[str, str]:
        if dict(chosen) == self._versions(self.target):
            return {str(path): text for path, text in self.target.items()}
        return self.lock(chosen)

    def _fresh(self, chosen: Pins, texts: Mapping[str, str]) -> Environment:
        """Return an environment with the pins of all layers, which nothing was changed in yet."""
        made, self._whole = self._whole, None
        if made is not None and dict(chosen) == self._versions(self.target):
            return made
        if made is not None:
            self._whole = made
        return self._made(chosen, texts)

    def _made(self, chosen: Pins, texts: Mapping[str, str]) -> Environment:
        """Make an environment with all pins: from the locks, where those of one layer hold them all."""
        of_all = (locks for names, locks in self._installed_together(texts).items() if names >= chosen.keys())
        locks = next(of_all, None)
        return self.workshop.fresh(chosen) if locks is None else self.workshop.from_locks(locks)

    def _locks_apart(self, texts: Mapping[str, str], chosen: Pins) -> list[list[str]]:
        """Return what is installed for a layer, where that is less than all layers together."""
        together = self._installed_together(texts)
        return [locks for names, locks in together.items() if not names >= chosen.keys()]

    def _installed_together(self, texts: Mapping[str, str]) -> dict[frozenset[str], list[str]]:
        """Return the locks that are installed for each layer by what they pin; of equal ones one."""
        found: dict[frozenset[str], list[str]] = {}
        for layer in self.project.layers:
            taken = [texts[str(each.lock)] for each in layers.to_install(self.project.layers, [layer.name])]
            names = frozenset(pin.name for text in taken for pin in lockfile.parse_lock(text, "lock").pins)
            found.setdefault(names, taken)
        return found

    def _versions(self, texts: Texts) -> dict[str, str]:
        return pins.versions(pins.together(resolving.parsed(texts), self.project.layers))

    def _one_by_one(self, wanted: Pins, old: Mapping[str, Metadata]) -> dict[str, Metadata]:
        """Install what differs, each into the same environment, to learn what can be installed at all."""
        found = {name: one for name, one in old.items() if wanted.get(name) == one.version}
        made = self.workshop.empty()
        for name, version in wanted.items():
            if name in found:
                continue
            try:
                self.workshop.switch(made, {}, {name: version})
            except BootstrapError as error:
                _refuse_what_says_nothing(error)
        found |= metadata.read_all(workshop.site_packages_of(made))
        self.workshop.discard(made)
        return {name: one for name, one in found.items() if name in wanted}


def digest(chosen: Pins) -> str:
    """Return what tells one set of pins from another."""
    listed = "\n".join(f"{name}=={version}" for name, version in sorted(chosen.items()))
    return hashlib.sha256(listed.encode()).hexdigest()


def _judged(
    probe: Probe,
    chosen: Pins,
    verdict: Verdict | None,
    locks: Mapping[str, str] | None = None,
    imported: tuple[str, ...] | None = None,
) -> Run:
    seen = verdict or Verdict(green=True)
    return Run(
        digest(chosen),
        probe.kind,
        probe.attempt,
        seen.green,
        seen.reason,
        seen.exit,
        round(seen.seconds, 3),
        tested=verdict is not None,
        excerpt=seen.excerpt,
        locks=locks or {},
        imported=imported,
    )


def _not_installable(error: BootstrapError) -> BaselineError:
    return BaselineError(
        f"what is locked now cannot be installed, so no upgrade can be judged: {error.problem.message}",
        hint=error.problem.hint,
        code="baseline-red",
        details=error.details,
    )


def _refuse_what_says_nothing(error: BootstrapError) -> None:
    """Raise an error again that is no fault of the pins; a single file that is gone (404) is one."""
    if error.problem.code in _NOT_THE_PINS and " answered 404" not in error.problem.message:
        raise error


def _refused(probe: Probe, chosen: Pins, reason: str, error: BootstrapError) -> Run:
    _refuse_what_says_nothing(error)
    said = tuple(masking.without_addresses(line) for line in error.problem.message.splitlines())
    return Run(digest(chosen), probe.kind, probe.attempt, green=False, reason=reason, excerpt=said)


def _unmet(probe: Probe, chosen: Pins, said: Sequence[str]) -> Run:
    return Run(
        digest(chosen), probe.kind, probe.attempt, green=False, reason="check", excerpt=tuple(said[:8])
    )
