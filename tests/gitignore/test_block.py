from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import UsageError
from bootstrap.gitignore import block

BLOCK = b"# >>> bootstrap >>>\n.env\n# <<< bootstrap <<<\n"

existing_files = st.lists(
    st.sampled_from(
        [b"*.log", b"", b"# note", b".env", "dé/".encode(), b"\xff\xfa", block.BEGIN, block.END, b"!.env"]
    )
).flatmap(lambda lines: st.sampled_from([b"\n".join(lines), b"\r\n".join(lines), b"\n".join([*lines, b""])]))
added_lines = st.lists(
    st.sampled_from([".env", ".venv/", "!.env.example", "données/"]), min_size=1, unique=True
)


@pytest.mark.parametrize(
    ("existing", "expected"),
    [
        (b"", BLOCK),
        (b"*.log\n", b"*.log\n\n" + BLOCK),
        (b"*.log", b"*.log\n\n" + BLOCK),
        (b"a\r\nb\r\n", b"a\r\nb\r\n\r\n# >>> bootstrap >>>\r\n.env\r\n# <<< bootstrap <<<\r\n"),
        (b"a\r\nb", b"a\r\nb\r\n\r\n# >>> bootstrap >>>\r\n.env\r\n# <<< bootstrap <<<\r\n"),
    ],
    ids=["empty", "end", "no-final-newline", "crlf", "crlf-no-final-newline"],
)
def test_a_block_is_added_at_the_end(existing: bytes, expected: bytes) -> None:
    assert block.with_block(existing, [".env"]) == expected


def test_lines_go_into_the_block_that_is_there() -> None:
    before = b"*.log\n" + BLOCK + b"*.tmp\n"
    expected = b"*.log\n# >>> bootstrap >>>\n.env\n.venv/\n# <<< bootstrap <<<\n*.tmp\n"
    assert block.with_block(before, [".venv/"]) == expected


def test_a_line_that_a_later_rule_overrides_goes_to_the_end() -> None:
    before = BLOCK + b"!.*\n"
    assert block.settled(before) == frozenset()
    after = block.with_block(before, [".env"])
    assert after == before + b"\n" + BLOCK
    assert block.settled(after) == {".env"}


def test_an_exception_goes_after_the_rule_that_hides_its_file() -> None:
    before = BLOCK + b".env*\n"
    assert block.with_block(before, ["!.env.example"]).endswith(
        b".env*\n\n# >>> bootstrap >>>\n!.env.example\n# <<< bootstrap <<<\n"
    )


def test_an_unfinished_block_is_left_alone() -> None:
    before = b"# >>> bootstrap >>>\n.env\n"
    assert block.with_block(before, [".env"]) == before + b"\n" + BLOCK


def test_comments_after_the_block_are_no_rules() -> None:
    assert block.settled(BLOCK + b"\n# the end\n") == {".env"}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_is_refused(encoding: str) -> None:
    existing = ("\ufeff" if encoding == "utf-16-be" else "").encode(encoding) + ".env\n".encode(encoding)
    with pytest.raises(UsageError, match="UTF-16"):
        block.rules_of(existing)


def test_a_byte_order_mark_is_no_part_of_the_first_rule() -> None:
    assert block.rules_of(b"\xef\xbb\xbf.env\r\n# x\r\n\r\n*.log") == (".env", "*.log")


@given(existing_files, added_lines)
def test_what_the_user_wrote_keeps_its_bytes(existing: bytes, lines: list[str]) -> None:
    after = block.with_block(existing, lines)
    shared = next(
        (i for i, (old, new) in enumerate(zip(existing, after, strict=False)) if old != new), len(existing)
    )
    inserted = len(after) - len(existing)
    rests = {after[:at] + after[at + inserted :] for at in range(shared + 1)}
    assert existing in rests


@given(existing_files, added_lines)
def test_added_lines_are_settled(existing: bytes, lines: list[str]) -> None:
    after = block.with_block(existing, lines)
    assert {*block.rules_of(existing), *lines} == {*block.rules_of(after)}
    if not block.settled(after).issuperset(lines):
        assert block.settled(block.with_block(after, lines)).issuperset(lines)


def test_nothing_to_add_changes_nothing() -> None:
    assert block.with_block(b"x", []) == b"x"
