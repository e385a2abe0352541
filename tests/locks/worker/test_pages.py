"""Index pages: which files they hold, and that only wanted ones are built."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize("kind", ["json", "html"])
def test_only_what_is_wanted_is_built_and_only_once(kind: str) -> None:
    built: list[str] = []
    page = page_of(kind, built)
    for _ in range(2):
        assert list(page.links(["1.9"])) == NAMES[2:5]
    assert built == NAMES[2:5]
    assert list(page.links(["1.9"], lambda tags: "win" in tags)) == NAMES[3:5]
    assert list(page.links(["7"])) == []


@pytest.mark.parametrize("kind", ["json", "html"])
def test_all_come_in_the_order_of_the_page(kind: str) -> None:
    built: list[str] = []
    page = page_of(kind, built)
    assert list(page.links(page.versions)) == [*NAMES[:7], NAMES[8]]


@pytest.mark.parametrize("kind", ["json", "html"])
def test_a_narrowed_page_has_the_files_whose_names_are_like_it(kind: str) -> None:
    built: list[str] = []
    page = page_of(kind, built)
    one = re.compile("1[.]9")
    narrowed = page.narrowed(one)
    assert list(narrowed.versions) == ["1.9", ""]
    assert list(narrowed.links(["1.9", "1.0"])) == list(page.links(["1.9"])) == built == NAMES[2:5]
    assert page.narrowed(one) is narrowed


def test_a_narrowed_page_keeps_what_has_its_version_elsewhere() -> None:
    """By an ``egg`` fragment, or where the last part of an address is empty."""
    found = ["x/demo-1.0.zip", "x/any.tar.gz#egg=demo-1.0", "x/demo-1.0.tar.gz/", "x/demo-2.0.zip#sha256=egg"]
    page = pages.of_anchors([{"href": href} for href in found], "demo", lambda raw: raw["href"])
    narrowed = page.narrowed(re.compile("-1[.]0"))
    assert list(narrowed.links(narrowed.versions)) == found[:3]


def test_no_pattern_leaves_a_page_as_it_is() -> None:
    page = page_of("json", [])
    assert page.narrowed(None) is page


def test_entries_are_found_in_any_order() -> None:
    files = [wheel(str(number), size=number) for number in range(9)]
    page = pages.read_json(json.dumps({"files": files}).encode(), "demo", lambda raw: raw)
    for number in (3, 8, 0, 5, 4, 7):
        assert list(page.links([str(number)])) == [files[number]]


def test_a_file_whose_name_tells_no_version_is_for_pip_to_judge() -> None:
    assert list(page_of("json", []).versions) == ["1.0", "1.10", "1.9", "1.10rc1", ""]


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
    assert (list(page.links(page.versions)), page.has_metadata) == ([], False)


def wheel(version: str, **more: Any) -> dict[str, Any]:
    return {"filename": f"demo-{version}-py3-none-any.whl", **more}


PAGES = {
    "as the public index writes it": {
        "alternate-locations": [],
        "files": [
            {"core-metadata": {"sha256": "a"}, **wheel("1"), "hashes": {"sha256": "b"}, "url": "x/{y}"},
            {"core-metadata": {"sha256": "c"}, **wheel("2"), "hashes": {}, "url": "demo-1-py3-none-any.whl"},
            {"core-metadata": False, **wheel("3"), "yanked": 'because of {"filename": "demo-1"}'},
        ],
        "meta": {"api-version": "1.3"},
        "versions": ["1", "2", "3"],
    },
    "the name before and behind": {
        "files": [wheel("1", hashes={"sha256": "b"}), {"hashes": {"sha256": "c"}, **wheel("2")}, wheel("3")]
    },
    "the same file twice": {"files": [wheel("1", size=1), wheel("2"), wheel("1", size=2)]},
    "what is no file": {
        "files": [wheel("1", of={"filename": "demo-7.zip"}), {"of": wheel("2"), **wheel("3")}]
    },
    "a name that is no text": {"files": [wheel("1"), {"filename": 7}, {"url": "x"}]},
    "written with escapes": {"files": [wheel("1"), {"filename": "d\u00e9mo-1.0.zip"}]},
    "not at the beginning": {"name": "demo", "x": [{"files": 1}], "files": [wheel("1"), wheel("2")]},
}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("indent", [None, 2])
def test_an_entry_is_what_the_page_says(name: str, indent: int | None) -> None:
    content = json.dumps(PAGES[name], indent=indent).encode()
    page = pages.read_json(content, "demo", lambda raw: raw)
    expected = json.loads(content)["files"]
    found = list(page.links(page.versions))
    # What only looks like a file has no address, of which pip makes no link.
    assert [entry for entry in found if entry in expected] == expected
    assert not [entry for entry in found if entry not in expected and "url" in entry]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.just('{"filename": "demo-1.0.zip"}'),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
ENTRIES = st.lists(
    st.tuples(st.dictionaries(st.text(), VALUES, max_size=3), st.dictionaries(st.text(), VALUES, max_size=3)),
    max_size=6,
)


@given(
    entries=ENTRIES,
    ascii_only=st.booleans(),
    separators=st.sampled_from([(",", ":"), (", ", ": "), (" ,\n", "\t: ")]),
)
def test_whatever_else_an_entry_holds(
    entries: list[tuple[dict[str, Any], dict[str, Any]]], *, ascii_only: bool, separators: tuple[str, str]
) -> None:
    files = [
        {**before, "filename": f"demo-{number}.0.tar.gz", **after}
        for number, (before, after) in enumerate(entries)
    ]
    files = [file for file in files if str(file["filename"]).startswith("demo-")]
    text = json.dumps({"files": files}, ensure_ascii=ascii_only, separators=separators)
    page = pages.read_json(text.encode(errors="surrogatepass"), "demo", lambda raw: raw)
    assert list(page.links(page.versions)) == json.loads(text)["files"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"files": [{"filename": "demo-1.0.zip"', b"\xff", b"[]"])
def test_what_is_no_page_is_an_error(content: bytes) -> None:
    with pytest.raises((ValueError, AttributeError)):
        pages.read_json(content, "demo", lambda raw: raw)
