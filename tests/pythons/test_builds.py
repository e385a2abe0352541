from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.pythons import builds
from bootstrap.pythons.builds import Build


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("3", Build("cpython", (3,))),
        ("3.12", Build("cpython", (3, 12))),
        ("3.12.1", Build("cpython", (3, 12, 1))),
        ("3.13t", Build("cpython", (3, 13), free_threaded=True)),
        ("3.14.0rc1", Build("cpython", (3, 14, 0), "rc1")),
        ("3.14.0a7t", Build("cpython", (3, 14, 0), "a7", free_threaded=True)),
        ("3.14-dev", Build("cpython", (3, 14), development=True)),
        ("3.13t-dev", Build("cpython", (3, 13), free_threaded=True, development=True)),
        ("3.13.0+freethreaded", Build("cpython", (3, 13, 0), free_threaded=True)),
        ("v3.12", Build("cpython", (3, 12))),
        ("python-3.12.1", Build("cpython", (3, 12, 1))),
        ("cpython-3.12", Build("cpython", (3, 12))),
        ("cpython@3.12", Build("cpython", (3, 12))),
        ("pypy3.10-7.3.15", Build("pypy", (3, 10), own_release=(7, 3, 15))),
        ("pypy3.10-v7.3.15", Build("pypy", (3, 10), own_release=(7, 3, 15))),
        ("pypy@3.10", Build("pypy", (3, 10))),
        ("graalpy@3.11", Build("graalpy", (3, 11))),
    ],
)
def test_names_that_describe_a_build(name: str, expected: Build) -> None:
    assert builds.read(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "",
        "system",
        "myenv",
        "3.12.x",
        "312",
        "'3.12'",
        "3.12.1-amd64",
        "3.12-7.3.15",
        "3.12.1.2",
        "3.13.0+debug",
        "miniconda3-3.12-24.9.2-0",
        "graalpy-24.1.1",
        "python-",
        "3.",
        "\u0663.12",
        "3.12\n",
    ],
)
def test_names_that_describe_none(name: str) -> None:
    assert builds.read(name) is None


BUILDS = st.builds(
    Build,
    st.just("cpython"),
    st.tuples(st.just(3), st.integers(0, 99), st.integers(0, 99)),
    st.sampled_from(["", "a1", "b2", "rc10"]),
    st.booleans(),
)


@given(BUILDS)
def test_the_name_of_a_build_reads_as_that_build(build: Build) -> None:
    assert builds.read(str(build)) == build


@given(st.text(max_size=20))
def test_any_text_is_a_build_or_none(text: str) -> None:
    build = builds.read(text)
    assert build is None or build.release


def test_order_of_what_names_can_turn_out_to_be() -> None:
    names = ["3.13.0a1", "3.13.0rc2", "3.13.0rc10", "3.13.0", "3.13.2", "3.13.10", "3.13", "3.14.0", "3"]
    ranked = [read.newest for name in names if (read := builds.read(name))]
    assert ranked == sorted(ranked)
    assert len(set(ranked)) == len(names)


@pytest.mark.parametrize(
    ("release", "expected"),
    [((2,), True), ((2, 7, 18), True), ((3, 8), True), ((3, 9), False), ((3,), False), ((), False)],
)
def test_floor(release: tuple[int, ...], expected: bool) -> None:  # noqa: FBT001 a table
    assert Build("cpython", release).below_floor is expected
