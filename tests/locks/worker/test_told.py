"""What a metadata file tells is what pip reads of it, without a file."""

from __future__ import annotations

from typing import Any

import pytest
from pip._internal.utils.temp_dir import global_tempdir_manager

from tests.locks.worker.conftest import Import

PLAIN = b"""Metadata-Version: 2.1
Name: Demo.One
Version: 1.0rc1
Requires-Python: >=3.8
Requires-Dist: web[speed]>=1
Requires-Dist: old; python_version < "3"
Requires-Dist: more; extra == "all"
Provides-Extra: all
Summary: in
 two lines

Requires-Dist: described
"""


def all_of(distribution: Any) -> tuple[Any, ...]:
    return (
        distribution.raw_name,
        distribution.canonical_name,
        str(distribution.version),
        str(distribution.requires_python),
        list(map(str, distribution.iter_dependencies(["all"]))),
        list(distribution.iter_provided_extras()),
        distribution.metadata_version,
    )


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.split(b"\n\n")[0],
        PLAIN.replace(b"Requires-Python: >=3.8\n", b""),
        PLAIN.replace(b"Demo.One", "D\u00e9mo".encode()),
    ],
    ids=["plain", "of Windows", "without a description", "of any Python", "another alphabet"],
)
def test_it_is_read_as_pip_reads_it(engine: Import, content: bytes) -> None:
    named = ("demo_one-1.0rc1-py3-none-any.whl", "demo-one")
    told = engine("told")
    found = told.distribution(told.headers(content.decode()), *named)
    with global_tempdir_manager():
        pips = engine("hooks").metadata.get_metadata_distribution(content, *named)
        assert all_of(found) == all_of(pips)


@pytest.mark.parametrize(
    "end", ["", "\n", "\n\n", "\n\nRequires-Dist: no\n\nmore", "\r\n\r\nRequires-Dist: no"]
)
def test_the_description_is_left(engine: Import, end: str) -> None:
    assert engine("told").headers(f"Name: demo\nSummary: it{end}").rstrip() == "Name: demo\nSummary: it"


def test_it_has_no_other_files(engine: Import) -> None:
    found = engine("told").distribution("Name: demo", "demo_one-1.0rc1-py3-none-any.whl", "demo-one")
    assert not found.is_file("RECORD")
    assert not list(found.iter_entry_points())


def test_where_pip_reads_them_otherwise_it_does_so(engine: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    class Other:
        NAME = "pkg_resources"

    monkeypatch.setattr(engine("hooks").metadata, "select_backend", lambda: Other)
    monkeypatch.setattr(engine("hooks").metadata, "get_metadata_distribution", lambda *asked: asked)
    assert engine("told").distribution("Name: demo", "file", "demo") == (b"Name: demo", "file", "demo")
