"""Texts are kept by their hash, as long as they are used, and damage to the file is no harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bootstrap.locks.worker.kept import Kept


def loaded(path: Path) -> Kept:
    kept = Kept()
    kept.load(str(path))
    return kept


def test_what_is_used_is_kept_for_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    first = loaded(path)
    assert [first.find("a"), first.add("a", "A"), first.add("b", "B"), first.add(None, "C")] == [
        None,
        "A",
        "B",
        "C",
    ]
    first.save()
    second = loaded(path)
    assert [second.find("a"), second.find("c"), second.find(None)] == ["A", None, None]
    second.save()
    assert json.loads(path.read_text()) == {"a": "A"}


def test_the_file_is_written_only_where_something_is_new(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    path.write_text('{"a": "A"}')
    before = path.stat()
    kept = loaded(path)
    kept.find("a")
    kept.save()
    assert path.stat() == before


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b"\xff"])
def test_a_damaged_file_is_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kept.json"
    path.write_bytes(content)
    kept = loaded(path)
    assert kept.find("a") is None
    kept.add("a", "A")
    kept.save()
    assert json.loads(path.read_text()) == {"a": "A"}


def test_where_it_cannot_be_written_nothing_is_said(tmp_path: Path) -> None:
    kept = loaded(tmp_path / "missing" / "kept.json")
    kept.add("a", "A")
    kept.save()
    assert not list(tmp_path.iterdir())


def test_without_a_file_nothing_is_kept() -> None:
    kept = Kept()
    kept.add("a", "A")
    kept.save()
