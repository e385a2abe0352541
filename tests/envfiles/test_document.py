from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import cast
from unittest.mock import patch

import pytest
from dotenv import load_dotenv
from dotenv.main import DotEnv
from dotenv.parser import parse_stream
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from bootstrap.envfiles.document import Document, parse, verify
from bootstrap.errors import BootstrapError, UsageError
from tests.envfiles import files


def _document(content: bytes) -> Document:
    return parse(content, ".env")


def _pairs(document: Document) -> list[tuple[str, str]]:
    return [(entry.key, entry.value) for entry in document.entries]


@pytest.mark.parametrize(
    ("content", "pairs"),
    [
        (b"", []),
        (b"# only a comment\n# A=1", []),
        (b"A=1", [("A", "1")]),
        (b"A=", [("A", "")]),
        (b"A= # a comment", [("A", "")]),
        (b"A=#no comment", [("A", "#no comment")]),
        (b"A=x#y #z", [("A", "x#y")]),
        (b"export A = 'x y'  # z", [("A", "x y")]),
        (b"'A'=1", [("A", "1")]),
        (b"A='\\n'\nB=\"\\n\"", [("A", "\\n"), ("B", "\n")]),
        (b"A='1\r\n2'\r\nB=3\r\n", [("A", "1\n2"), ("B", "3")]),
        (b"\xef\xbb\xbfA=1", [("A", "1")]),
        (b"A=1\nA=2\n", [("A", "1"), ("A", "2")]),
    ],
)
def test_reads_what_python_dotenv_reads(content: bytes, pairs: list[tuple[str, str]]) -> None:
    assert _pairs(_document(content)) == pairs


def test_an_entry_knows_its_own_lines_and_the_place_of_its_value() -> None:
    document = _document(b"\n# c\n\n  A='1\n2' # x\nB=3\n")
    first, second = document.entries
    assert (first.line, first.last_line, first.commented) == (4, 5, True)
    assert document.text[first.start : first.end] == "'1\n2'"
    assert (second.line, second.last_line, second.commented) == (6, 6, False)


def test_the_last_of_two_entries_counts() -> None:
    document = _document(b"A=1\nB=2\nA=3\n")
    assert document.last_entries["A"].line == 3
    assert document.with_value("A", "9").render() == b"A=1\nB=2\nA=9\n"


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        (b"A=1\n", "2", b"A=2\n"),
        (b"A=1", "2", b"A=2"),
        (b"export  A = 1   # keep\r\nB=2\r\n", "x", b"export  A = x   # keep\r\nB=2\r\n"),
        (b'A="x" # keep', "y", b'A="y" # keep'),
        (b"A='x'#keep", "y z", b"A='y z'#keep"),
        (b"A='x'", "it's", b'A="it\'s"'),
        (b'A="x"', 'say "\\"', b'A="say \\"\\\\\\""'),
        (b"A=x", "two words", b"A='two words'"),
        (b"A=x", "a#b", b"A='a#b'"),
        (b"A=x", "$HOME", b"A='$HOME'"),
        (b"A=x # keep", "", b"A='' # keep"),
        (b"A= # keep", "x", b"A=x # keep"),
        (b"A=\n\n\nB=1\n", "x", b"A=x\n\n\nB=1\n"),
        (b"A=x", "1\n2", b'A="1\\n2"'),
        (b"A='1\r\n2'\r\n", "3\n4\n", b"A='3\r\n4\r\n'\r\n"),
        (b'A="1\r\n2"\r\n', "3\n4", b'A="3\r\n4"\r\n'),
        (b"A='1\n2'", "it's\ntwo", b'A="it\'s\ntwo"'),
        (b"A=x", "1\r2", b'A="1\\r2"'),
        (b"\xef\xbb\xbfA=x\n", "y", b"\xef\xbb\xbfA=y\n"),
    ],
)
def test_an_edit_changes_the_value_alone(before: bytes, value: str, after: bytes) -> None:
    edited = _document(before).with_value("A", value)
    assert edited.render() == after
    assert edited.entries[0].value == value


@pytest.mark.parametrize("value", ["a${HOME}b", "nul\0", "\ud800"])
def test_a_value_that_would_not_come_back_is_refused(value: str) -> None:
    with pytest.raises(UsageError) as caught:
        _document(b"A=1").with_value("A", value)
    assert caught.value.problem.code == "unwritable-value"
    assert "A" in caught.value.problem.message


def test_only_keys_of_the_document_can_be_set() -> None:
    with pytest.raises(KeyError, match="B"):
        _document(b"A=1").with_value("B", "2")


def test_a_document_that_says_something_else_is_not_accepted() -> None:
    with pytest.raises(BootstrapError, match=r"\.env would not read back"):
        verify(_document(b"A=1"), [("A", "2")])


@pytest.mark.parametrize(
    ("content", "newline"), [(b"", "\n"), (b"A=1", "\n"), (b"A=1\r\nB=2\n", "\r\n"), (b"A=1\r", "\r")]
)
def test_the_first_line_tells_the_line_ending(content: bytes, newline: str) -> None:
    assert _document(content).newline == newline


@pytest.mark.parametrize(
    ("content", "host", "resolved"),
    [
        (b"A=1\nB=${A}/x", {}, {"A": "1", "B": "1/x"}),
        (b"A=1\nB=${A}/x", {"A": "h"}, {"A": "1", "B": "h/x"}),
        (b"B='${NONE}|${NONE:-d}|$NONE'", {}, {"B": "|d|$NONE"}),
        (b"B=${A:-d}", {"A": ""}, {"B": ""}),
        (b"A=1\nB=${A}\nC=${B}${A}", {}, {"A": "1", "B": "1", "C": "11"}),
        (b"B=${_:-$}{HOME}", {}, {"B": "${HOME}"}),
        (b"A=${B}\nB=1", {}, {"A": "", "B": "1"}),
    ],
)
def test_references_are_expanded(content: bytes, host: dict[str, str], resolved: dict[str, str]) -> None:
    assert _document(content).resolved(host) == resolved


@settings(deadline=None)
@given(files.tidy())
def test_rendering_gives_back_the_bytes(content: bytes) -> None:
    document = _read_or_skip(content)
    assert document.render() == content
    assert "".join(document.lines) == document.text


@settings(max_examples=300, deadline=None)
@given(files.arbitrary)
@example(b'A="x\nB="y"\n')
@example(b"A=1\n\x0bB=2\n")
def test_any_bytes_are_read_as_python_dotenv_reads_them_or_refused(content: bytes) -> None:
    document, refusal = _read(content)
    if document is None:
        assert refusal is not None
        assert refusal.problem.code in {"unparsable", "unterminated-quote"}
        assert (refusal.problem.file, refusal.__context__) == (".env", None)
        return
    assert document.render() == content
    bindings = list(parse_stream(StringIO(content.decode("utf-8-sig"), newline=None)))
    assert not any(binding.error for binding in bindings)
    assert _pairs(document) == [(b.key, b.value) for b in bindings if b.key is not None]


@settings(max_examples=150, deadline=None)
@given(files.tidy(), files.hosts)
def test_values_agree_with_load_dotenv(content: bytes, host: dict[str, str]) -> None:
    document = _read_or_skip(content)
    by_itself, environment = _loaded(content, host)
    assert document.resolved(host) == by_itself
    assert {**document.resolved(host), **host} == environment


@settings(max_examples=120, deadline=None)
@given(files.tidy(), files.values, st.data())
def test_an_edit_reads_back_and_leaves_the_rest(content: bytes, value: str, data: st.DataObject) -> None:
    document = _read_or_skip(content)
    assume(document.entries)
    key = data.draw(st.sampled_from(sorted(document.last_entries)))
    try:
        edited = document.with_value(key, value)
    except UsageError:
        assert any("\ud800" <= character <= "\udfff" for character in value)
        return
    entry = document.last_entries[key]
    assert edited.last_entries[key].value == value
    assert edited.text.startswith(document.text[: entry.start])
    assert edited.text.endswith(document.text[entry.end :])
    assert edited.bom == document.bom
    _, environment = _loaded(edited.render(), {})
    assert environment[key] == value


def _read(content: bytes) -> tuple[Document | None, UsageError | None]:
    try:
        return _document(content), None
    except UsageError as error:
        return None, error


def _read_or_skip(content: bytes) -> Document:
    """Return the document, unless a value of several lines happens to end in ``KEY=``: a lost quote."""
    document, refusal = _read(content)
    assert refusal is None or refusal.problem.code == "unterminated-quote"
    assume(document is not None)
    return cast("Document", document)


def _loaded(content: bytes, host: Mapping[str, str]) -> tuple[dict[str, str | None], dict[str, str]]:
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, host, clear=True):
        path = Path(folder, ".env")
        path.write_bytes(content)
        values = dict(DotEnv(path, encoding="utf-8", override=False).dict())
        load_dotenv(path, override=False)
        return values, dict(os.environ)
