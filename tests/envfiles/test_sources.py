from __future__ import annotations

from bootstrap.envfiles.document import parse
from bootstrap.envfiles.sources import sources_of


def test_the_host_wins_and_the_empty_string_too() -> None:
    sources = sources_of(parse(b"A=1\nB=2\nC=${A}\n", ".env"), {"A": "host", "B": ""})
    found = {key: sources.find(key) for key in "ABCD"}
    assert [value and value.value for value in found.values()] == ["host", "", "host", None]
    assert found["A"] is not None
    assert found["A"].entry is None
    assert found["C"] is not None
    assert found["C"].entry is not None
    assert found["C"].entry.line == 3


def test_without_a_file_the_host_alone_is_read() -> None:
    sources = sources_of(None, {"A": "1"})
    assert (sources.find("A") is not None, sources.find("B")) == (True, None)
