"""What the index says of packages: their releases, and known vulnerabilities where it tells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bootstrap.pip.configuration import PipConfiguration
from bootstrap.system import processes
from bootstrap.upgrades import advisories, newest
from bootstrap.upgrades.advisories import Checked, State
from bootstrap.upgrades.newest import Release

_PROGRAM = Path(__file__).with_name("asker") / "__main__.py"
_UNANSWERED = "the index gave no answer"


@dataclass(frozen=True, slots=True)
class Told:
    """What the index told: the releases of each package that it knows, and what of single versions."""

    releases: Mapping[str, tuple[Release, ...]] = field(default_factory=dict)
    checked: Mapping[tuple[str, str], Checked] = field(default_factory=dict)

    def uploaded(self, name: str, version: str) -> str | None:
        """Return the day a version was uploaded, where that is known."""
        found = (each.uploaded for each in self.releases.get(name, ()) if each.version == version)
        instant = next(found, None)
        return instant[:10] if instant else None


def ask(
    python: Path, configuration: PipConfiguration, names: Sequence[str], versions: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """Ask about packages and single versions of them; returns what `understand` reads, as JSON has it.

    An index that does not answer is no error: what is not known is told as such.
    """
    question = json.dumps({"names": list(names), "versions": [list(each) for each in versions]})
    done = processes.run([python, "-I", _PROGRAM], extra=configuration.for_pip(), stdin=question)
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return {"releases": {}, "pages": [], "unasked": _UNANSWERED}
    return dict(answer)


def understand(answer: Mapping[str, Any], versions: Sequence[tuple[str, str]]) -> Told:
    """Read an answer; a version that it says nothing of is not checked."""
    releases = {name: newest.from_data(listed) for name, listed in answer["releases"].items()}
    pages = {(name, version): page for name, version, page in answer["pages"]}
    why = answer["unasked"] or "the index does not have it"
    checked = {
        each: advisories.from_index(pages[each]) if each in pages else Checked(State.NOT_CHECKED, why=why)
        for each in versions
    }
    return Told(releases, checked)
