"""Which layer a name goes to, and where something stands."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from bootstrap.scaffold.adoption.detect import is_ours, sources
from bootstrap.scaffold.adoption.found import Wish, distinct, layer_of, layer_of_file, line_of


@pytest.mark.parametrize(
    ("name", "layer"),
    [
        ("dev", "dev"),
        ("develop", "dev"),
        ("test", "dev"),
        ("Tests", "dev"),
        ("unit-tests", "dev"),
        ("docs", "dev"),
        ("lint", "dev"),
        ("local", "dev"),
        ("ci", "dev"),
        ("prod", "production"),
        ("production", "production"),
        ("deploy", "production"),
        ("live", "production"),
        ("main", "base"),
        ("common", "base"),
        ("circus", "base"),
        ("docker", "base"),
        ("product", "base"),
        ("device", "base"),
        ("latest", "base"),
    ],
)
def test_a_name_tells_the_layer(name: str, layer: str) -> None:
    assert layer_of(name) == layer


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        ("requirements.txt", "base"),
        ("requirements-dev.txt", "dev"),
        ("requirements_test.txt", "dev"),
        ("dev-requirements.txt", "dev"),
        ("requirements/base.txt", "base"),
        ("requirements/production.txt", "production"),
        ("dev/requirements.txt", "dev"),
    ],
)
def test_a_file_tells_the_layer(path: str, layer: str) -> None:
    assert layer_of_file(PurePosixPath(path)) == layer


def test_what_the_base_has_is_left_out_of_the_others() -> None:
    wishes = [
        Wish("dev", "a>=1"),
        Wish("base", "a>=1"),
        Wish("dev", "b"),
        Wish("dev", "b"),
        Wish("dev", "a>=2"),
    ]
    assert [(wish.layer, wish.text) for wish in distinct(wishes)] == [
        ("base", "a>=1"),
        ("dev", "b"),
        ("dev", "a>=2"),
    ]


@pytest.mark.parametrize(("word", "line"), [("tool", 3), ('"local"', 4), ("local", 4), ("absent", None)])
def test_where_a_key_stands(word: str, line: int | None) -> None:
    text = '[tool.poetry]\n# local things\ntool = "1"\n"local" = { path = "../tool" }\n'
    assert line_of(text, word) == line


@pytest.mark.parametrize(
    ("paths", "ours"),
    [
        (["requirements/base.in"], True),
        (["requirements.in"], True),
        (["dev-requirements.in"], True),
        (["requirements.txt", "MANIFEST.in"], False),
        (["docs/requirements/base.in"], True),
        (["setup.in"], False),
    ],
)
def test_what_is_ours_already(paths: list[str], *, ours: bool) -> None:
    assert is_ours([PurePosixPath(path) for path in paths]) is ours


def test_constraints_are_no_layer() -> None:
    paths = [
        PurePosixPath(name)
        for name in ("constraints.txt", "requirements-dev.txt", "requirements.txt", "x.txt")
    ]
    [found] = sources(paths, lambda _: None)
    assert [str(path) for path in found.paths] == ["requirements.txt", "requirements-dev.txt"]
