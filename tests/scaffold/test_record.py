"""``.bootstrap.toml``, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import UsageError
from bootstrap.scaffold import record
from bootstrap.scaffold.record import Record
from bootstrap.scaffold.rendering import Answers

WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12)
RECORDS = st.builds(
    Record,
    WORDS,
    st.integers(1, 99),
    st.builds(
        Answers,
        WORDS,
        st.lists(WORDS).map(tuple),
        st.lists(WORDS).map(tuple),
        st.dictionaries(st.from_regex(r"[a-z-]+", fullmatch=True), WORDS),
    ),
    st.dictionaries(WORDS, WORDS),
)


@given(RECORDS)
def test_there_and_back(one: Record) -> None:
    assert record.parse(record.text(one).encode()) == one


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "schema is missing"),
        (b"schema = 2\n", "schema 2 is of another version"),
        (b"schema = 1\n", "answers is missing"),
        (b"schema = [", "Invalid value"),
        (b"\xff", "utf-8"),
        (b'schema = 1\nanswers = "x"\n', "string indices"),
        (b"schema = 1\n<<<<<<< HEAD\n", "Invalid"),
    ],
)
def test_what_cannot_be_read_is_told(content: bytes, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        record.parse(content)
    assert told in raised.value.problem.message
    assert raised.value.problem.file == ".bootstrap.toml"


def test_line_endings_make_no_difference() -> None:
    assert record.digest(b"a\r\nb\r\n") == record.digest(b"a\nb\n") != record.digest(b"a\n")
