"""Versions in order and against specifiers: as packaging has them, with less work."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from tests.locks.worker.conftest import Import

RELEASES = st.lists(st.integers(0, 12), min_size=1, max_size=4).map(
    lambda numbers: ".".join(map(str, numbers))
)
TEXTS = st.builds(
    "{}{}{}{}{}{}".format,
    st.sampled_from(["", "", "", "v", "0!", "1!"]),
    RELEASES,
    st.sampled_from(["", "", "a1", "rc2", "b0", ".RC1"]),
    st.sampled_from(["", "", ".post1", "-2"]),
    st.sampled_from(["", "", ".dev3"]),
    st.sampled_from(["", "", "+cpu", "+local.1"]),
) | st.sampled_from(["", "old", "1.0-beta-x", "1.0_1", "2004d.x", "1..2"])


def is_version(text: str) -> bool:
    try:
        Version(text)
    except InvalidVersion:
        return False
    return True


@given(st.lists(TEXTS, max_size=30, unique=True))
def test_the_order_is_that_of_versions(engine: Import, texts: list[str]) -> None:
    versions = engine("versions")
    found = [text for _, text in versions.newest_first(texts)]
    known = [text for text in texts if is_version(text)]
    assert sorted(found) == sorted(known)
    assert [Version(text) for text in found] == sorted(map(Version, known), reverse=True)
    assert [versions.is_version(text) for text in texts] == [is_version(text) for text in texts]


SPECIFIERS = st.lists(
    st.builds("{}{}".format, st.sampled_from(["==", ">=", "<", "!=", "<=", ">"]), RELEASES)
    | st.builds("=={}.*".format, RELEASES)
    | st.builds("~={}.1".format, RELEASES)
    | st.builds("=={}".format, TEXTS.filter(is_version)),
    max_size=3,
).map(",".join)


@given(SPECIFIERS, st.lists(TEXTS, max_size=30))
def test_what_a_specifier_allows(engine: Import, text: str, versions: list[str]) -> None:
    specifier = SpecifierSet(text)
    judge = engine("versions").Specifier(engine("hooks").Requirement(f"demo {text}").specifier)
    expected = [not is_version(one) or specifier.contains(one, prereleases=True) for one in versions]
    assert [judge.allows(one) for one in versions] == expected
    assert [judge.allows(one) for one in versions] == expected


@given(
    st.builds("=={}".format, TEXTS.filter(is_version))
    | st.builds("=={},>=0".format, RELEASES)
    | st.builds("=={}".format, RELEASES),
    st.lists(TEXTS.filter(is_version), min_size=10, max_size=30),
    st.sampled_from(["", "0", "00"]),
)
def test_a_pin_is_found_in_the_names_of_its_files(
    engine: Import, text: str, versions: list[str], zeros: str
) -> None:
    specifier = SpecifierSet(text)
    pattern = engine("versions").Specifier(engine("hooks").Requirement(f"demo {text}").specifier).pattern
    for version in versions:
        if specifier.contains(version, prereleases=True):
            wheel = f"demo-{version.replace('-', '_')}-py3-none-any.whl"
            assert pattern.search(wheel)
            assert pattern.search(f"demo-{version}.tar.gz")
            assert pattern.search(f"demo-{zeros}{version}.zip") or not version[0].isdigit() or "!" in version


@pytest.mark.parametrize(
    ("pin", "name", "expected"),
    [
        ("==2.1", "demo-2.1.0-py3-none-any.whl", True),
        ("==2.1", "demo-2.1.1-py3-none-any.whl", False),
        ("==2.1", "demo-2.10.tar.gz", False),
        ("==2.1", "demo-12.1.tar.gz", False),
        ("==2.1", "demo-1.2.1.tar.gz", False),
        ("==2", "demo-2.0.0.tar.gz", True),
        ("==2019.1.5", "demo-2019.01.05.tar.gz", True),
    ],
)
def test_what_a_pin_leaves_of_a_page(engine: Import, pin: str, name: str, *, expected: bool) -> None:
    pattern = engine("versions").Specifier(engine("hooks").Requirement(f"demo {pin}").specifier).pattern
    assert bool(pattern.search(name)) is expected


@pytest.mark.parametrize("text", ["", ">=1", "==1.*", "===1.0", "~=1.0"])
def test_no_pin_leaves_a_page_as_it_is(engine: Import, text: str) -> None:
    assert engine("versions").Specifier(engine("hooks").Requirement(f"demo {text}").specifier).pattern is None


@pytest.mark.parametrize("text", ["", "===1.0", "===odd"])
def test_what_only_pip_can_judge(engine: Import, text: str) -> None:
    judge = engine("versions").Specifier(engine("hooks").Requirement(f"demo {text}").specifier)
    assert all(judge.allows(version) for version in ("1.0", "odd", "2.0"))


def test_few_are_parsed(engine: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    versions = engine("versions")
    parsed = list[str]()

    def parse(text: str) -> Any:
        parsed.append(text)
        return engine("hooks").Version(text)

    monkeypatch.setattr(versions, "parsed", parse)
    texts = [f"{major}.{minor}" for major in range(20) for minor in range(20)]
    newest = versions.newest_first(texts)
    assert [next(newest)[1] for _ in range(2)] == ["19.19", "19.18"]
    judge = versions.Specifier(engine("hooks").Requirement("demo==3.0").specifier)
    assert [text for text in texts if judge.allows(text)] == ["3.0"]
    assert parsed == ["19.19", "19.18", "3.0"]
