"""Index pages: which files they hold, and that only wanted ones are built."""

from __future__ import annotations

import json
from typing import Any

import pytest
from packaging.version import InvalidVersion, Version

from bootstrap.locks.worker import pages

NAMES = [
    "odd_name-1.0-py3-none-any.whl",
    "odd_name-1.10-1-py3-none-any.whl",
    "odd_name-1.9-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "odd_name-1.9-cp312-cp312-win_amd64.whl",
    "odd-name-1.9.tar.gz",
    "odd-name-1.10rc1.zip",
    "odd-name-0.1.exe",
    "other.txt",
    "",
]


def page_of(kind: str, built: list[str]) -> pages.Page:
    def build(raw: Any) -> Any:
        name = raw.get("filename") or (raw.get("href") or "").partition("#")[0].rpartition("/")[2]
        built.append(name)
        return None if name == "other.txt" else name

    if kind == "json":
        content = json.dumps({"files": [{"filename": name} for name in NAMES]}).encode()
        return pages.read_json(content, "odd-name", build)
    anchors = [{"href": f"../files/{name}#sha256=ab/cd" if name else None} for name in NAMES]
    return pages.of_anchors(anchors, "odd-name", build)


def parse(version: str) -> Version | None:
    try:
        return Version(version)
    except InvalidVersion:
        return None


@pytest.mark.parametrize("kind", ["json", "html"])
def test_only_what_is_wanted_is_built_and_only_once(kind: str) -> None:
    built: list[str] = []
    page = page_of(kind, built)
    for _ in range(2):
        assert list(page.links(lambda version: version == "1.9")) == NAMES[2:5]
    assert built == NAMES[2:5]
    assert list(page.links(lambda version: version == "1.9", lambda tags: "win" in tags)) == NAMES[3:5]


@pytest.mark.parametrize("kind", ["json", "html"])
def test_all_come_in_the_order_of_the_page(kind: str) -> None:
    built: list[str] = []
    assert list(page_of(kind, built).links(lambda _: True)) == [*NAMES[:7], NAMES[8]]


def test_a_file_whose_name_tells_no_version_is_for_pip_to_judge() -> None:
    asked = set[str]()
    page = page_of("json", [])
    list(page.links(lambda version: not asked.add(version)))  # type: ignore[func-returns-value]
    assert asked == {"1.0", "1.10", "1.9", "1.10rc1", ""}


def test_versions_are_sorted_as_versions() -> None:
    listed = page_of("json", []).newest_first(parse)
    assert [text for _, text in listed] == ["1.10", "1.10rc1", "1.9", "1.0"]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ({"core-metadata": {"sha256": "ab"}}, True),
        ({"dist-info-metadata": True}, True),
        ({"data-core-metadata": "true"}, True),
        ({"core-metadata": False}, False),
        ({}, False),
    ],
)
def test_metadata_is_seen_on_the_newest_wheel(entry: dict[str, Any], *, expected: bool) -> None:
    files = [{"filename": NAMES[0]}, {"filename": NAMES[1], **entry}, {"filename": NAMES[4]}]
    page = pages.read_json(json.dumps({"files": files}).encode(), "odd-name", lambda raw: raw)
    assert page.has_metadata is expected


def test_a_page_without_files() -> None:
    page = pages.read_json(b"{}", "odd-name", lambda raw: raw)
    assert (list(page.links(lambda _: True)), page.has_metadata, page.newest_first(parse)) == ([], False, [])
