"""The report of a job: Markdown for the text of a pull request, and JSON with the same facts.

Both are made of `Findings` alone, so equal findings give equal bytes. What comes from an index or a test run
is escaped: it could ping people, close issues, or forge a part of the report.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bootstrap.system import files
from bootstrap.upgrades import sections
from bootstrap.upgrades.findings import Findings
from bootstrap.upgrades.osv import Vulnerability
from bootstrap.upgrades.pins import Move

MOST_BYTES = 60_000
"""GitHub refuses a text of more than 65,536 characters."""

_CUT = "\n*The rest is left out here for its length; `--json` tells it all.*\n"


def markdown(findings: Findings) -> str:
    """Return the report; at most ``MOST_BYTES`` in UTF-8, what counts most at the top."""
    parts = [part for make in sections.ALL for part in [make(findings)] if part]
    text, used = "", 0
    for part in parts:
        room = MOST_BYTES - used - len(_CUT.encode())
        fitting = _fitting(part, room)
        text += fitting
        used += len(fitting.encode())
        if fitting != part:
            return text + _CUT
    return text


def write(findings: Findings, path: Path | None) -> None:
    """Write the Markdown, where a file is named; raises ``BootstrapError`` where that cannot be done."""
    if path is not None:
        files.make_folder(path.resolve().parent)
        files.write_atomic(path.resolve(), markdown(findings).encode())


def as_data(findings: Findings) -> dict[str, Any]:
    """Return the report as JSON has it; every key is always there."""
    audit = findings.audit
    return {
        "day": findings.day,
        "python": findings.python,
        "upgraded": [_move(findings, move) for move in findings.moves],
        "held": [
            {
                "packages": [_plain(move) for move in held.moves],
                "why": str(held.why),
                "among": list(held.among),
                "dragged": [_plain(move) for move in held.dragged],
                "reason": held.reason,
                "excerpt": list(held.excerpt),
                "since": held.since,
            }
            for held in findings.held
        ],
        "untried": [_plain(move) for move in findings.untried],
        "tests": None if findings.tests is None else _tests(findings),
        "not_newest": [dataclasses.asdict(each) for each in findings.not_newest],
        "advisories": {
            "checked": audit.checked,
            "not_checked": audit.not_checked(),
            "fixed": _vulnerabilities(audit.fixed()),
            "new": _vulnerabilities(audit.new()),
            "still_open": _vulnerabilities(audit.still_open()),
        },
        "notes": list(findings.notes),
    }


def _vulnerabilities(found: Iterable[tuple[str, Vulnerability]]) -> list[dict[str, Any]]:
    return [
        {
            "package": name,
            "id": each.id,
            "aliases": list(each.aliases),
            "summary": each.summary,
            "fixed": list(each.fixed),
        }
        for name, each in found
    ]


def _plain(move: Move) -> dict[str, Any]:
    return {
        "package": move.name,
        "from": move.old,
        "to": move.new,
        "bump": str(move.bump),
        "direct": move.place.direct,
        "layers": list(move.place.layers),
        "needed_by": list(move.place.parents),
    }


def _move(findings: Findings, move: Move) -> dict[str, Any]:
    old, new = findings.old.get(move.name), findings.new.get(move.name)
    return {
        **_plain(move),
        "released": findings.released.get(move.name),
        "licence": {"from": old.licence if old else None, "to": new.licence if new else None},
        "requires_python": {
            "from": old.requires_python if old else None,
            "to": new.requires_python if new else None,
        },
        "migrations": list(sections.new_migrations(findings, move)),
        "links": {"changelog": new.changelog if new else None, "source": new.source if new else None},
        "imported_by_tests": None
        if findings.tests is None or findings.tests.imported is None
        else move.name in findings.tests.imported,
    }


def _tests(findings: Findings) -> dict[str, Any]:
    tests = findings.tests
    assert tests is not None  # noqa: S101 the caller looked
    return {
        "command": list(tests.words),
        "runs": tests.runs,
        "seconds": tests.seconds,
        "baseline_seconds": tests.first,
        "flaky": tests.flaky,
        "not_imported": list(findings.unseen),
    }


def _fitting(part: str, room: int) -> str:
    """Return as many whole lines of a part as there is room for."""
    if len(part.encode()) <= room:
        return part
    kept, used = [], 0
    for line in part.splitlines(keepends=True):
        used += len(line.encode())
        if used > room:
            break
        kept.append(line)
    return "".join(kept)
