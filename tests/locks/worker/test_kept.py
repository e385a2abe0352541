"""Texts are kept by their hash, first of all those that are used, and damage to the file is no harm."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from bootstrap.locks.worker import kept
from bootstrap.locks.worker.kept import Kept


def loaded(path: Path) -> Kept:
    found = Kept()
    found.load(str(path))
    return found


def written(path: Path) -> dict[str, str]:
    document = json.loads(path.read_text())
    assert document["format"] == kept.FORMAT
    return dict(document["texts"])


def with_texts(path: Path, *digests: str) -> None:
    path.write_text(json.dumps({"format": kept.FORMAT, "texts": {each: each.upper() for each in digests}}))


def test_what_is_used_is_kept_for_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    first = loaded(path)
    assert first.find("a") is None
    first.add("a", "A")
    first.save()
    second = loaded(path)
    assert [second.find("a"), second.find("b"), second.find(None)] == ["A", None, None]
    second.add("b", "B")
    second.save()
    assert written(path) == {"a": "A", "b": "B"}


@pytest.mark.parametrize(
    ("most", "expected"), [(1, "bd"), (2, "bd"), (3, "cbd"), (4, "acbd"), (9, "acbd")], ids=str
)
def test_what_is_not_used_any_more_goes_where_there_is_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, expected: str
) -> None:
    monkeypatch.setattr(kept, "_MOST", most)
    path = tmp_path / "kept.json"
    with_texts(path, "a", "b", "c")
    found = loaded(path)
    found.find("b")
    found.add("d", "D")
    found.save()
    assert "".join(written(path)) == expected


def test_the_file_is_written_only_where_something_is_new(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    with_texts(path, "a", "b")
    before = path.stat()
    found = loaded(path)
    found.find("a")
    found.save()
    assert path.stat() == before


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"a": "A"}',
        b'{"format": 1}',
        b'{"format": 1, "texts": ["a"]}',
        b'{"format": 1, "texts": {"a": 1}}',
        b'{"format": 0, "texts": {"a": "of another format"}}',
        b"\xff",
        b"[" * 100_000,
    ],
    ids=lambda content: str(content[:40]),
)
def test_a_damaged_file_is_as_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kept.json"
    path.write_bytes(content)
    found = loaded(path)
    assert found.find("a") is None
    found.add("a", "A")
    found.save()
    assert written(path) == {"a": "A"}


def test_where_it_cannot_be_written_nothing_is_said(tmp_path: Path) -> None:
    found = loaded(tmp_path / "missing" / "kept.json")
    found.add("a", "A")
    found.save()
    assert not list(tmp_path.iterdir())


def test_without_a_file_nothing_is_kept() -> None:
    found = Kept()
    found.add("a", "A")
    found.save()


def test_threads_may_add_while_it_is_written(tmp_path: Path) -> None:
    found = loaded(tmp_path / "kept.json")

    def fetch() -> None:
        for number in range(50_000):
            found.add(str(number), "text")

    thread = threading.Thread(target=fetch)
    thread.start()
    while thread.is_alive():
        found.save()
    found.save()
    assert written(tmp_path / "kept.json") == found._used
