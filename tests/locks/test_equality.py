"""Byte for byte what pip-compile writes of the same pins: generated cases, and files in real shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bootstrap.pip import configuration
from bootstrap.pip.configuration import PipConfiguration
from bootstrap.system import host
from tests.index.server import PackageIndex
from tests.locks import generating, shapes
from tests.locks.compiling import Texts, Work, pins, run_plain

SEEDS = range(1, 25)
SHAPES: Mapping[str, Texts] = {
    "a site": shapes.SITE,
    "a service": shapes.SERVICE,
    "a platform": shapes.PLATFORM,
}
Both = tuple[Texts, Texts]
"""The locks of one case: what the engine made, and what pip-compile made of the same pins."""


@pytest.fixture(scope="module")
def indexes() -> Iterator[tuple[PackageIndex, PackageIndex]]:
    """Give the same packages twice: with all that an index can have, and as pages of HTML alone."""
    with PackageIndex() as full, PackageIndex(json=False, metadata=False, legacy=False) as bare:
        yield generating.stock(full), generating.stock(bare)


def compare(folder: Path, index: PackageIndex, cases: Mapping[str, Texts]) -> dict[str, Both]:
    """Compile some cases by the engine, then by one process of pip-compile with the pins that came of it."""
    made, others = {}, {}
    for name, files in cases.items():
        work, others[name] = Work(folder / name / "engine", index), Work(folder / name / "plain", index)
        for each in (work, others[name]):
            each.write(files)
        made[name] = work.compiled()
        assert not [said for said in work.said if "plain" in said], "the engine gave up"
    jobs = [job for name, other in others.items() for job in other.jobs(held=made[name])]
    run_plain(jobs, Work(folder, index).variables())
    return {name: (made[name], other.locks()) for name, other in others.items()}


@pytest.fixture(scope="module")
def generated(
    tmp_path_factory: pytest.TempPathFactory, indexes: tuple[PackageIndex, PackageIndex]
) -> dict[str, Both]:
    """Compare all generated cases, half of them on each index, both at a time."""
    folder = tmp_path_factory.mktemp("generated")
    cases = [{str(seed): generating.layers(seed) for seed in SEEDS if seed % 2 == rest} for rest in (0, 1)]
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda index, part: compare(folder, index, part), indexes, cases)
    return first | second


@pytest.mark.parametrize("seed", SEEDS)
def test_generated(seed: int, generated: Mapping[str, Both]) -> None:
    engine, plain = generated[str(seed)]
    assert engine == plain


def test_the_cases_are_worth_it(generated: Mapping[str, Both]) -> None:
    """Most have several layers, and most of these have pins in common."""
    engines = [engine for engine, _ in generated.values()]
    assert sum(len(engine) > 1 for engine in engines) > len(engines) / 2
    assert sum(len(pins(engine)) for engine in engines) > 5 * len(engines)


@pytest.fixture(scope="module")
def shaped(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Both]:
    folder = tmp_path_factory.mktemp("shapes")
    with PackageIndex() as index:
        return compare(folder, shapes.publish(index), SHAPES)


@pytest.mark.parametrize("name", SHAPES)
def test_files_as_real_projects_have_them(name: str, shaped: Mapping[str, Both]) -> None:
    engine, plain = shaped[name]
    assert len(engine) >= 3
    assert len(pins(engine)) >= 30
    assert engine == plain


def test_nothing_is_said_to_be_needed_by_itself(tmp_path: Path) -> None:
    """The one difference: pip-compile says it of a name in capitals with an extra and a range."""
    with PackageIndex() as index:
        index.add("Django", "5.2", extras={"argon2": ["argon2-cffi"]})
        index.add("argon2-cffi", "25.1")
        [(engine, plain)] = compare(tmp_path, index, {"one": {"base.in": "Django[argon2]<6\n"}}).values()
    by_itself = "# via\n    #   -r requirements/base.in\n    #   django\n"
    assert by_itself in plain["base.txt"]
    assert engine["base.txt"] == plain["base.txt"].replace(by_itself, "# via -r requirements/base.in\n")


class _Elsewhere(Work):
    """Work with the index that this machine is configured for."""

    environ: Mapping[str, str] = {}

    def _configuration(self) -> PipConfiguration:
        return configuration.read(self.environ, host.platform(), host.home())


@pytest.mark.network
def test_the_real_index(tmp_path: Path, as_started: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Few packages with few files: pip-compile 7.6.1 and 7.6.2 download each of them for its hash."""
    monkeypatch.delenv("PIP_INDEX_URL")
    for name, value in as_started.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(_Elsewhere, "environ", as_started)
    files = {
        "base.in": "requests\nclick>=8,<9\n",
        "dev.in": "-r base.in\npytest\n",
        "docs.in": "-c dev.txt\nclick\n",
    }
    with PackageIndex() as unused:
        engine, plain = _Elsewhere(tmp_path / "engine", unused), _Elsewhere(tmp_path / "plain", unused)
        for each in (engine, plain):
            each.write(files)
        made = engine.compiled()
        run_plain(plain.jobs(held=made), plain.variables())
    assert not [said for said in engine.said if "plain" in said], "the engine gave up"
    assert {"requests", "click", "pytest", "idna"} <= pins(made).keys()
    assert made == plain.locks()
