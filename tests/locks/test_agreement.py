from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.locks import agreement
from bootstrap.locks.layers import Layer, discover
from bootstrap.locks.lockfile import LockFile, parse_lock
from bootstrap.report import Severity

Texts = Mapping[str, str]
LAYERED = {"base": "", "dev": "-r base.in", "test": "-c base.txt", "docs": "", "top": "-r dev.in"}


def layers(sources: Texts) -> tuple[Layer, ...]:
    files = {PurePosixPath(f"requirements/{name}.in"): text for name, text in sources.items()}
    return discover(files, files.get)


def locks(texts: Texts) -> dict[PurePosixPath, LockFile]:
    return {PurePosixPath(f"requirements/{name}.txt"): parse_lock(text, name) for name, text in texts.items()}


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({}, ""),
        ({"base": "a==1\nb==1", "dev": "a==1\nc==1"}, ""),
        ({"base": "a==1", "dev": "a==2"}, "a: 1 in base, 2 in dev"),
        (
            {"base": "b==1\na==1", "dev": "a==1\nb==2", "docs": "a==2\nb==1"},
            "a: 2 in docs, 1 in base and dev; b: 1 in base and docs, 2 in dev",
        ),
        ({"base": "a==1", "docs": "a @ https://u:p@h/a.zip"}, "a: 1 in base, https://****@h/a.zip in docs"),
    ],
)
def test_packages_that_differ(texts: Texts, told: str) -> None:
    found = agreement.told(agreement.differing(layers(LAYERED), locks(texts)))
    assert sorted(found.split("; ")) == sorted(told.split("; ")) or sorted(found) == sorted(told)


@pytest.mark.parametrize(
    ("texts", "chosen", "related"),
    [
        ({"base": "a==1", "dev": "a==2"}, "base", True),
        ({"base": "a==1", "dev": "a==2"}, "dev", True),
        ({"base": "a==1", "dev": "a==2"}, "docs", False),
        ({"base": "a==1", "test": "a==2"}, "test", True),
        ({"base": "a==1", "top": "a==2"}, "top", True),
        ({"base": "a==1", "docs": "a==2"}, "base docs", False),
        ({"dev": "a==1", "test": "a==2", "base": "b==1"}, "dev test", False),
    ],
)
def test_a_layer_must_agree_with_those_it_builds_on(texts: Texts, chosen: str, *, related: bool) -> None:
    every = layers(LAYERED)
    found = agreement.differing(every, locks(texts))
    assert bool(agreement.among_related(found, every, chosen.split())) is related
    if not related:
        agreement.demand(found, every, chosen.split())
        return
    with pytest.raises(BootstrapError, match="each layer can be locked alone") as caught:
        agreement.demand(found, every, chosen.split(), "\n  because")
    assert caught.value.problem.code == "layers-disagree"
    assert caught.value.problem.message.endswith(")\n  because")
    assert "1 in " in caught.value.problem.message


def test_the_others_are_warned_of() -> None:
    found = agreement.differing(layers(LAYERED), locks({"base": "a==1\nb==1", "docs": "a==2\nb==2"}))
    problem = agreement.warning(found)
    assert (problem.code, problem.severity) == ("layers-disagree", Severity.WARNING)
    assert "(a: " in problem.message
    assert "bootstrap lock -P a -P b" in (problem.hint or "")


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ({}, []),
        ({"a": ""}, ["a"]),
        ({"a": "", "b": ""}, ["a", "b"]),
        (LAYERED, ["base dev test top", "docs"]),
        ({"a": "", "b": "", "c": "-r a.in\n-c b.txt"}, ["a b c"]),
        ({"a": "", "b": "", "c": "-r b.in", "d": "-r a.txt"}, ["a d", "b c"]),
    ],
)
def test_groups_of_those_that_build_on_each_other(sources: Texts, expected: list[str]) -> None:
    found = [{layer.name for layer in group} for group in agreement.groups(layers(sources))]
    assert found == [set(names.split()) for names in expected]
