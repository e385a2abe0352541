from __future__ import annotations

import pytest
from packaging.requirements import InvalidRequirement
from packaging.specifiers import SpecifierSet

from bootstrap.locks.targets import Target, read_editable, read_target


def test_a_name_has_versions_and_no_address() -> None:
    assert read_target("A_b[X]>=1") == Target("a-b", None, SpecifierSet(">=1"), frozenset({"x"}))


def test_an_address_tells_its_name_where_it_can() -> None:
    assert read_target("./a-1-py3-none-any.whl").name == "a"
    assert read_target("./a").name is None


def test_a_bare_word_is_a_package_unless_editable() -> None:
    assert read_target("src").url is None
    assert read_editable("src").url == "src"


@pytest.mark.parametrize(
    ("asked", "url", "marker"),
    [
        ("a;", None, None),
        ("a>=1 ; ", None, None),
        ("a;python_version>'3'", None, 'python_version > "3"'),
        ("a @ https://h/a.whl; python_version > '3'", "https://h/a.whl", 'python_version > "3"'),
        ("a @ https://h/a.whl ; python_version > '3'", "https://h/a.whl", 'python_version > "3"'),
        (
            "https://h/a-1-py3-none-any.whl ; python_version > '3'",
            "https://h/a-1-py3-none-any.whl",
            'python_version > "3"',
        ),
        ("https://h/a-1.zip;x#egg=a", "https://h/a-1.zip;x#egg=a", None),
    ],
)
def test_markers_stand_where_pip_reads_them(asked: str, url: str | None, marker: str | None) -> None:
    target = read_target(asked)
    assert (target.name, target.url) == ("a", url)
    assert (None if target.marker is None else str(target.marker)) == marker


def test_nonsense_is_refused() -> None:
    with pytest.raises(InvalidRequirement):
        read_target("a b c")
