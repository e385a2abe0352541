"""The journal is found again as it was left, and a damaged one is none."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from bootstrap.upgrades import journal
from bootstrap.upgrades.journal import Journal, Run

RUN = Run("abc", "prefix", 1, green=False, reason="tests", exit=1, seconds=2.5, tested=True, excerpt=("x",))
PROOF = Run("def", "candidate", 2, green=True, tested=True, locks={"dev.txt": "a==1\n"}, imported=("a",))


def test_found_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.json"
    made = Journal(path, "key", 123)
    made.keep("target", {"dev.txt": "a==1\n"})
    made.add(RUN)
    made.add(PROOF)
    found = journal.read(path)
    assert found is not None
    assert (found.key, found.began, found.finished, found.resumed) == ("key", 123, False, True)
    assert (found.runs, found.facts) == ([RUN, PROOF], {"target": {"dev.txt": "a==1\n"}})
    assert found.known("abc", "prefix", 1) == RUN
    assert found.known("abc", "prefix", 2) is None
    assert found.tested == 2
    made.finish()
    again = journal.read(path)
    assert again is not None
    assert again.finished


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes")
def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    Journal(tmp_path / "journal.json", "key", 1).save()
    assert stat.S_IMODE((tmp_path / "journal.json").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": 1}', '{"schema": 2}', '{"schema": 1, "key": "k", "runs": [1]}']
)
def test_a_damaged_one_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "journal.json").write_text(text)
    assert journal.read(tmp_path / "journal.json") is None
    assert journal.read(tmp_path / "absent.json") is None
