"""What is fetched ahead first; what the engine writes is compared with pip-compile in ``test_worker``."""

from __future__ import annotations

import shlex
from types import SimpleNamespace
from typing import Any

import pytest

from tests.locks.worker.conftest import Import


def asked(name: str | None, *extras: str, link: str | None = None) -> Any:
    return SimpleNamespace(name=name, extras=set(extras), specifier="", link=link)


def test_what_one_line_says_is_not_kept_for_the_next(engine: Import) -> None:
    build_parser = engine("resolving").build_parser(engine("hooks").req_file.build_parser)
    told = []
    for words in (
        ["--hash=sha256:aa", "--find-links=there", "--no-binary=web"],
        ["--hash=sha256:bb"],
        [],
    ):
        parser = build_parser()
        values, _ = parser.parse_args(words, parser.get_default_values())
        told.append((values.hashes, values.find_links, values.format_control.no_binary))
    assert told[0] == ({"sha256": ["aa"]}, ["there"], {"web"})
    assert told[1:] == [({"sha256": ["bb"]}, told[2][1], set()), (None, told[2][1], set())]
    assert not told[2][1]


@pytest.mark.parametrize(
    "text",
    [
        "--hash=sha256:aa --hash=sha256:bb",
        "--hash=sha256:aa \\    --hash=sha256:bb",
        "--hash=sha256:aa     --hash=sha256:bb",
        "",
        "-r 'a file.txt'",
        '--config-settings="a=b c"',
        "--find-links ./d\u00e9p\u00f4t",
        "-e .#egg=x",
        "--no-binary :all:",
        "--trusted-host=\x0bhost",
    ],
)
def test_options_are_split_as_pip_splits_them(engine: Import, text: str) -> None:
    assert engine("resolving").splitting(shlex).split(text) == shlex.split(text)


def test_the_options_of_a_lock_are_split_without_it(engine: Import) -> None:
    """The lines of one are joined with the blanks that they begin with."""
    text = "--hash=sha256:aa     --hash=sha256:bb"
    assert engine("resolving").splitting(None).split(text) == ["--hash=sha256:aa", "--hash=sha256:bb"]


def test_what_is_quoted_wrongly_is_still_told(engine: Import) -> None:
    with pytest.raises(ValueError, match="quotation"):
        engine("resolving").splitting(shlex).split("-r 'a")


@pytest.mark.parametrize(
    ("requirement", "expected"),
    [
        (asked("Odd_Name"), [("odd-name", frozenset(), "")]),
        (asked("web", "speed"), [("web", frozenset({"speed"}), "")]),
        (asked("own", link="https://h/own-1.0.zip"), []),
        (asked(None, link="https://h/x.zip"), []),
    ],
)
def test_no_index_is_asked_for_what_comes_from_an_address(
    engine: Import, requirement: Any, expected: list[Any]
) -> None:
    assert engine("resolving").followed([requirement]) == expected
