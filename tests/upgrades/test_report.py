"""The report: every section, the same bytes for the same findings, short enough, and nothing forged in it."""

from __future__ import annotations

import dataclasses
import json
import random

from bootstrap.upgrades import report
from bootstrap.upgrades.advisories import Audit, Checked, State
from bootstrap.upgrades.findings import Findings, HeldBack, Tried
from bootstrap.upgrades.metadata import Metadata
from bootstrap.upgrades.newest import NotNewest
from bootstrap.upgrades.osv import Vulnerability
from bootstrap.upgrades.pins import Move, Place

BOTH = ("base", "dev")


def move(
    name: str, old: str | None, new: str | None, *, direct: bool = False, by: tuple[str, ...] = ()
) -> Move:
    return Move(name, old, new, Place(BOTH, direct, by))


MOVES = (
    move("allauth", "0.61.0", "65.0.0", direct=True),
    move("bar", None, "0.3.0", by=("redis",)),
    move("foo", "1.0", "1.1", by=("allauth",)),
    move("old-one", "1.0", None),
    move("patchy", "1.0.0", "1.0.1"),
)
LEAK = Vulnerability("PYSEC-1", ("CVE-2026-1",), "it leaks", ("1.1",))
FULL = Findings(
    "shop",
    "2026-11-03",
    "3.13.0",
    MOVES,
    held=(
        HeldBack(
            (move("celery", "5.4.0", "5.6.0", direct=True),),
            "only together with others",
            ("foo",),
            (move("flower", "1.0", "2.0"),),
            "tests",
            ("FAILED tests/test_tasks.py::test_retry - TypeError: boom",),
            "2026-10-03",
        ),
    ),
    untried=(move("late", "1.0", "2.0"),),
    tests=Tried(("pytest", "-q"), 9, 432.0, 42.0, 1, ("allauth", "foo")),
    old={
        "allauth": Metadata("0.61.0", migrations=("account 0005_x",), requires_python=">=3.8"),
        "foo": Metadata("1.0", licence="MIT"),
    },
    new={
        "allauth": Metadata(
            "65.0.0",
            migrations=("account 0005_x", "account 0006_y", "mfa 0003_z"),
            requires_python=">=3.10",
            changelog="https://example.com/changes",
            source="https://example.com/code",
        ),
        "foo": Metadata("1.1", licence="BUSL-1.1"),
    },
    released={"allauth": "2026-10-20"},
    not_newest=(NotNewest("django", "5.2.19", "6.0", "your limit <6 in base.in:1"),),
    audit=Audit(
        {"foo": Checked(State.VULNERABLE, (LEAK,)), "bar": Checked(State.NOT_CHECKED, why="private")},
        {"foo": Checked(State.OK), "bar": Checked(State.NOT_CHECKED, why="private")},
    ),
    notes=("Not tried here, as they are for another system or Python: winonly.",),
)


def test_every_section() -> None:
    text = report.markdown(FULL)
    for expected in (
        "## Dependency upgrade 2026-11: 5 packages upgraded, 2 held back, 1 not tried",
        "`pytest -q` passed with what was locked (42 s)",
        "9 test runs, 7 min 12 s in all. **Flaky:** 1",
        "1 packages checked, 1 not checked; fixed: 1; new: 0; still open: 0.",
        "- not checked (private): bar",
        "- fixed: **foo** PYSEC-1 CVE-2026-1: it leaks",
        "| MAJOR direct | allauth | 0.61.0 → 65.0.0 |",
        "| MIGRATIONS | allauth | 0.61.0 → 65.0.0 | ships 2 new: account 0006\\_y, mfa 0003\\_z |",
        "| LICENCE | foo | 1.0 → 1.1 | MIT → BUSL-1.1 |",
        "**requires-python changed:** allauth (>=3.8 → >=3.10)",
        "| NEW | bar | new → 0.3.0 | needed by redis |",
        "| GONE | old-one | 1.0 → gone |",
        "**celery 5.4.0** (wanted 5.6.0): the tests fail, only together with others (foo); held since 2026-",
        "with it stay, as they need it: flower 1.0",
        "`FAILED tests/test_tasks.py::test_retry - TypeError: boom`",
        "The search had to end before these: late 2.0",
        "**Upgraded but never imported by the test run:** bar, patchy",
        "### Upgraded (1 direct, 4 transitive)",
        "[changelog](<https://example.com/changes>) [source](<https://example.com/code>)",
        "| django | 5.2.19 | 6.0 | your limit \\<6 in base.in:1 |",
        "for another system or Python: winonly",
    ):
        assert expected in text, expected


def test_the_risky_comes_first() -> None:
    table = report.markdown(FULL).split("### Upgraded")[1]
    rows = [line.split(" | ")[0].removeprefix("| ") for line in table.splitlines() if line.startswith("| ")]
    assert rows[2:7] == ["allauth", "bar", "old-one", "foo", "patchy"]


def test_equal_findings_give_equal_bytes() -> None:
    mixed = list(FULL.old.items())
    random.Random(1).shuffle(mixed)
    again = dataclasses.replace(FULL, old=dict(mixed))
    assert report.markdown(again).encode() == report.markdown(FULL).encode()
    assert json.dumps(report.as_data(again)) == json.dumps(report.as_data(FULL))


def test_at_most_sixty_kilobytes() -> None:
    many = tuple(move(f"package-{number}-ä", "1.0", "2.0", direct=True) for number in range(3000))
    text = report.markdown(dataclasses.replace(FULL, moves=many))
    assert len(text.encode()) <= 60_000
    assert text.endswith("`--json` tells it all.*\n")
    assert "### Needs your eye" in text


def test_nothing_from_outside_is_taken_for_the_report() -> None:
    evil = "x\n## Forged @everyone #1 <img src=x> | cell |"
    findings = dataclasses.replace(
        FULL,
        held=(dataclasses.replace(FULL.held[0], excerpt=(evil, "```", "`a``b`")),),
        old={"foo": Metadata("1.0", licence="MIT")},
        new={"foo": Metadata("1.1", licence=evil, changelog="javascript:alert(1)")},
        not_newest=(NotNewest("django", "5", "6", evil),),
    )
    text = report.markdown(findings)
    assert "\n## Forged" not in text
    assert "javascript:" not in text
    outside_code = [line for line in text.splitlines() if not line.startswith("  - `")]
    assert not any("@everyone" in line or "<img" in line.replace("\\<img", "") for line in outside_code)
    rows = [line for line in text.splitlines() if line.startswith("| django")]
    assert [row.replace("\\|", "").count("|") for row in rows] == [5]


def test_where_nothing_was_tried() -> None:
    looked = dataclasses.replace(FULL, tests=None, held=(), untried=(), old={}, new={})
    text = report.markdown(looked)
    assert "5 packages could be upgraded, nothing was tried" in text
    assert "never imported" not in text
    assert report.as_data(looked)["tests"] is None


def test_the_document_tells_it_all() -> None:
    data = report.as_data(FULL)
    assert json.loads(json.dumps(data)) == data
    assert data["upgraded"][0]["migrations"] == ["account 0006_y", "mfa 0003_z"]
    assert data["upgraded"][0]["imported_by_tests"] is True
    assert data["held"][0]["among"] == ["foo"]
    assert data["advisories"]["not_checked"] == {"private": ["bar"]}
    assert data["tests"]["not_imported"] == ["bar", "patchy"]
