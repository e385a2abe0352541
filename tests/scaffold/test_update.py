"""What an update of the tool-owned files does, from what was written, what is there, and what is new."""

from __future__ import annotations

import pytest

from bootstrap.scaffold import record as records
from bootstrap.scaffold import update
from bootstrap.scaffold.manifest import Owner
from bootstrap.scaffold.record import Record
from bootstrap.scaffold.rendering import Answers, Rendered

OLD, NEW, MINE = b"old\n", b"new\n", b"mine\n"
NOTHING: list[tuple[str, bytes]] = []


def plan(
    known: bytes | None,
    there: bytes | None,
    now: bytes,
    *,
    owner: Owner = Owner.TOOL,
    beside: bytes | None = None,
) -> update.Update:
    files = {} if known is None else {"ci.yml": records.digest(known)}
    record = Record("django", 1, Answers("shop"), files)
    on_disk = {"ci.yml": there, "ci.yml.new": beside}
    found = {name: content for name, content in on_disk.items() if content is not None}
    return update.plan(record, [Rendered("ci.yml", now, owner)], found)


@pytest.mark.parametrize(
    ("known", "there", "now", "writes", "conflict"),
    [
        (OLD, OLD, OLD, NOTHING, False),
        (OLD, OLD, NEW, [("ci.yml", NEW)], False),
        (OLD, MINE, OLD, NOTHING, False),
        (OLD, MINE, NEW, [("ci.yml.new", NEW)], True),
        (OLD, NEW, NEW, NOTHING, False),
        (OLD, None, NEW, NOTHING, False),
        (None, None, NEW, [("ci.yml", NEW)], False),
        (None, MINE, NEW, [("ci.yml.new", NEW)], True),
        (None, NEW, NEW, NOTHING, False),
        (OLD, b"old\r\n", NEW, [("ci.yml", NEW)], False),
    ],
)
def test_a_file_of_the_tool(
    known: bytes | None, there: bytes | None, now: bytes, writes: list[tuple[str, bytes]], *, conflict: bool
) -> None:
    found = plan(known, there, now)
    assert [(write.path, write.content) for write in found.writes] == writes
    assert bool(found.conflicts) is conflict
    assert found.record.files == {"ci.yml": records.digest(now)}
    assert bool(found) is bool(writes)


def test_the_difference_is_shown() -> None:
    [conflict] = plan(OLD, MINE, NEW).conflicts
    assert conflict.diff.splitlines() == ["--- ci.yml", "+++ ci.yml.new", "@@ -1 +1 @@", "-mine", "+new"]


def test_after_a_conflict_the_users_file_is_his_once_the_neighbour_is_gone() -> None:
    assert plan(NEW, MINE, NEW, beside=NEW).waiting == ("ci.yml",)
    assert not plan(NEW, MINE, NEW)


def test_a_neighbour_that_the_user_changed_stays_and_he_is_asked_again_once_it_is_gone() -> None:
    found = plan(OLD, MINE, NEW, beside=b"half merged\n")
    assert (found.writes, len(found.conflicts), found.record.files) == ((), 1, {})
    [write] = plan(None, MINE, NEW).writes
    assert (write.path, write.content) == ("ci.yml.new", NEW)


def test_a_neighbour_of_an_earlier_update_makes_way_for_the_newer_one() -> None:
    found = plan(OLD, MINE, NEW, beside=OLD)
    assert [(write.path, write.content) for write in found.writes] == [("ci.yml.new", NEW)]
    assert found.record.files == {"ci.yml": records.digest(NEW)}


def test_what_was_put_beside_and_not_remembered_is_remembered_by_the_next_run() -> None:
    found = plan(OLD, MINE, NEW, beside=NEW)
    assert (found.writes, len(found.conflicts)) == ((), 1)
    assert found.record.files == {"ci.yml": records.digest(NEW)}


@pytest.mark.parametrize(
    ("known", "there", "expected"),
    [
        (b"a\n", b"x\n", b"x\n\n# >>> bootstrap >>>\na\nb\n# <<< bootstrap <<<\n"),
        (b"a\n", b"b\na\n", None),
        (b"a\nb\n", b"x\n", None),
        (b"a\n", None, None),
    ],
)
def test_lines_are_added_once_and_what_the_user_took_out_stays_out(
    known: bytes, there: bytes | None, expected: bytes | None
) -> None:
    found = plan(known, there, b"a\nb\n", owner=Owner.LINES)
    assert [write.content for write in found.writes] == ([] if expected is None else [expected])
    assert found.conflicts == ()


def test_what_the_template_has_no_more_is_forgotten_and_left() -> None:
    record = Record("django", 1, Answers("shop"), {"gone.yml": records.digest(OLD)})
    found = update.plan(record, [], {"gone.yml": OLD})
    assert (bool(found), found.record.files) == (False, {})


def test_the_users_files_are_never_looked_at() -> None:
    assert not plan(None, MINE, NEW, owner=Owner.USER)
