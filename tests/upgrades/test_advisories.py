"""Advisories: which versions they mean, and the three states of what is known."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from bootstrap.errors import UsageError
from bootstrap.upgrades import advisories, osv
from bootstrap.upgrades.advisories import Audit, Checked, State


def entry(id_: str = "PYSEC-1", name: str = "Web_Kit", **more: Any) -> dict[str, Any]:
    affected: dict[str, Any] = {"package": {"ecosystem": "PyPI", "name": name}}
    for key in ("versions", "ranges"):
        if key in more:
            affected[key] = more.pop(key)
    return {"id": id_, "summary": "it leaks", "affected": [affected], **more}


def events(*pairs: tuple[str, str], kind: str = "ECOSYSTEM") -> list[dict[str, Any]]:
    return [{"type": kind, "events": [{key: value} for key, value in pairs]}]


def database(tmp_path: Path, *entries: object) -> osv.Database:
    for number, each in enumerate(entries):
        (tmp_path / f"{number}.json").write_text(json.dumps(each), encoding="utf-8")
    return osv.load(tmp_path)


@pytest.mark.parametrize(
    ("ranges", "versions", "affected", "fine"),
    [
        (events(("introduced", "0"), ("fixed", "1.5")), None, ["0.1", "1.4.9", "1.5rc1"], ["1.5", "2.0"]),
        (events(("introduced", "1.0"), ("last_affected", "1.5")), None, ["1.0", "1.5"], ["0.9", "1.5.1"]),
        (
            events(("introduced", "1"), ("fixed", "1.2"), ("introduced", "2"), ("fixed", "2.1")),
            None,
            ["1.1", "2.0"],
            ["0.9", "1.2", "2.1"],
        ),
        (events(("fixed", "1.5"), ("introduced", "0")), None, ["1.0"], ["1.5"]),
        (events(("introduced", "0"), ("fixed", "abcdef"), kind="GIT"), ["1.0"], ["1.0", "1.0.0"], ["1.1"]),
        ([], ["2.0"], ["2.0"], ["2.0.1", "odd"]),
    ],
)
def test_ranges(
    tmp_path: Path, ranges: list[Any], versions: list[str] | None, affected: list[str], fine: list[str]
) -> None:
    known = database(tmp_path, entry(ranges=ranges, versions=versions))
    assert [v for v in affected if not osv.look_up(known, "web-kit", v)] == []
    assert [v for v in fine if osv.look_up(known, "web-kit", v)] == []
    assert osv.look_up(known, "other", affected[0]) == ()


def test_withdrawn_and_other_ecosystems_do_not_count(tmp_path: Path) -> None:
    other = entry("GHSA-2", ranges=events(("introduced", "0")))
    other["affected"][0]["package"]["ecosystem"] = "npm"
    gone = entry("PYSEC-3", ranges=events(("introduced", "0")), withdrawn="2026-01-01T00:00:00Z")
    known = database(tmp_path, other, gone)
    assert osv.look_up(known, "web-kit", "1.0") == ()


def test_a_zip_archive_a_list_and_files_that_are_none(tmp_path: Path) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("a/1.json", json.dumps([entry("A-1", versions=["1"]), entry("A-2", versions=["1"])]))
        packed.writestr("a/2.json", "no json")
        packed.writestr("readme.md", "no advisory")
    known = osv.load(archive)
    assert [each.id for each in osv.look_up(known, "web-kit", "1")] == ["A-1", "A-2"]
    assert known.unreadable == 1


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_an_empty_database_does_not_read_as_no_vulnerabilities(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="cannot be used"):
        osv.load(tmp_path / name)


def test_three_states(tmp_path: Path) -> None:
    known = database(tmp_path, entry(ranges=events(("introduced", "0"), ("fixed", "2")), aliases=["CVE-1"]))
    told = {
        ("web-kit", "1"): Checked(State.NOT_CHECKED, why="the index tells nothing of vulnerabilities"),
        ("own", "1"): Checked(State.OK),
    }
    by_both = advisories.check({"web-kit": "1", "own": "1", "address": ""}, known, told)
    assert {name: one.state for name, one in by_both.items()} == {
        "web-kit": State.VULNERABLE,
        "own": State.OK,
        "address": State.NOT_CHECKED,
    }
    by_index = advisories.check({"web-kit": "1", "own": "1"}, None, told)
    assert by_index["web-kit"].why == "the index tells nothing of vulnerabilities"
    assert by_index["own"].state is State.OK
    (found,) = by_both["web-kit"].found
    assert (found.id, found.aliases, found.fixed) == ("PYSEC-1", ("CVE-1",), ("2",))


def test_one_vulnerability_under_two_names_is_one(tmp_path: Path) -> None:
    known = database(
        tmp_path,
        entry("GHSA-1", versions=["1"], aliases=["CVE-1", "PYSEC-1"]),
        entry("PYSEC-1", versions=["1"], aliases=["CVE-1", "GHSA-1"]),
    )
    assert [each.id for each in advisories.check({"web-kit": "1"}, known, {})["web-kit"].found] == ["GHSA-1"]


@pytest.mark.parametrize(
    ("page", "state"),
    [
        ({"vulnerabilities": []}, State.OK),
        ({"vulnerabilities": [{"id": "X-1", "fixed_in": ["2"]}]}, State.VULNERABLE),
        ({"vulnerabilities": [{"id": "X-1", "withdrawn": "2026"}]}, State.OK),
        ({}, State.NOT_CHECKED),
    ],
)
def test_what_the_index_tells(page: dict[str, Any], state: State) -> None:
    assert advisories.from_index(page).state is state


def test_what_an_upgrade_fixes_brings_and_leaves() -> None:
    one, two, three = (osv.Vulnerability(id_) for id_ in ("A", "B", "C"))
    bad = State.VULNERABLE
    audit = Audit(
        {
            "web": Checked(bad, (one, two)),
            "own": Checked(State.NOT_CHECKED, why="x"),
            "gone": Checked(bad, (one,)),
        },
        {"web": Checked(bad, (two, three)), "own": Checked(bad, (one,))},
    )
    assert [(name, each.id) for name, each in audit.fixed()] == [("gone", "A"), ("web", "A")]
    assert [(name, each.id) for name, each in audit.new()] == [("web", "C")]
    assert [(name, each.id) for name, each in audit.still_open()] == [("own", "A"), ("web", "B")]
    assert (audit.checked, audit.not_checked()) == (2, {})
