from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.errors import UsageError
from bootstrap.locks.layers import Layer, default_layers, discover, inputs, read_inputs, to_install

Files = Mapping[str, str]


def found(files: Files, *, only: Sequence[str] = (), folder: str = "requirements") -> tuple[Layer, ...]:
    paths = {PurePosixPath(name): text for name, text in files.items()}
    return discover(paths, paths.get, folder=PurePosixPath(folder), only=only)


def names(layers: Sequence[Layer]) -> list[str]:
    return [layer.name for layer in layers]


def refused(files: Files, *, only: Sequence[str] = ()) -> UsageError:
    with pytest.raises(UsageError) as caught:
        found(files, only=only)
    return caught.value


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("requirements/dev.in", "dev"),
        ("requirements/dev.test.in", "dev.test"),
        ("requirements.in", "base"),
        ("requirements-dev.in", "dev"),
        ("requirements_dev.in", "dev"),
        ("dev-requirements.in", "dev"),
        ("dev_requirements.in", "dev"),
    ],
)
def test_the_name_of_a_layer(path: str, name: str) -> None:
    (layer,) = found({path: ""})
    assert layer.name == name
    assert layer.source == PurePosixPath(path)
    assert layer.lock == PurePosixPath(path).with_suffix(".txt")
    assert layer.files == (layer.source,)


@pytest.mark.parametrize(
    "path", ["requirements/sub/x.in", "MANIFEST.in", "requirements/dev.txt", "requirements.txt"]
)
def test_what_is_no_layer(path: str) -> None:
    assert found({path: ""}) == ()


def test_the_folder_can_be_another() -> None:
    assert names(found({"reqs/base.in": "", "requirements/dev.in": ""}, folder="reqs")) == ["base"]


@pytest.mark.parametrize(
    ("files", "order"),
    [
        ({"dev.in": "-r base.in", "base.in": "", "api.in": ""}, ["api", "base", "dev"]),
        ({"a.in": "-r b.in", "b.in": "-r c.in", "c.in": ""}, ["c", "b", "a"]),
        ({"a.in": "-c b.txt", "b.in": "-r c.txt", "c.in": ""}, ["c", "b", "a"]),
        (
            {"a.in": "-r b.in\n-r c.in", "b.in": "-r d.in", "c.in": "-c d.txt", "d.in": ""},
            ["d", "b", "c", "a"],
        ),
        ({"dev.in": "", "base.in": ""}, ["base", "dev"]),
    ],
)
def test_a_layer_comes_behind_what_it_builds_on(files: Files, order: list[str]) -> None:
    assert names(found({f"requirements/{name}": text for name, text in files.items()})) == order


@given(
    edges=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 6), st.sampled_from(["-r", "-c"]), st.booleans())
    )
)
def test_any_shape_without_a_circle_is_ordered(edges: list[tuple[int, int, str, bool]]) -> None:
    lines: dict[int, list[str]] = {number: [] for number in range(7)}
    down = [(max(a, b), min(a, b), flag, to_lock) for a, b, flag, to_lock in edges if a != b]
    for source, target, flag, to_lock in down:
        lines[source].append(f"{flag} n{target}.{'txt' if to_lock else 'in'}")
    layers = found({f"requirements/n{number}.in": "\n".join(text) for number, text in lines.items()})
    place = {layer.name: at for at, layer in enumerate(layers)}
    assert len(place) == 7
    for source, target, _, _ in down:
        assert place[f"n{target}"] < place[f"n{source}"]
    for layer in layers:
        assert not set(layer.includes) & set(layer.constrained_by)
        assert layer.name not in layer.includes + layer.constrained_by


@pytest.mark.parametrize(
    ("lines", "includes", "constrained_by"),
    [
        ("-r base.in", ("base",), ()),
        ("-r base.txt", ("base",), ()),
        ("-c base.txt", (), ("base",)),
        ("-c base.in", (), ("base",)),
        ("-r base.in\n-c base.txt", ("base",), ()),
        ("-r mid.in", ("base", "mid"), ()),
        ("-r mid.txt", ("base", "mid"), ()),
        ("-c mid.txt", (), ("base", "mid")),
        # pip takes -r inside a file that is named by -c for requirements
        ("-c mid.in", ("base",), ("mid",)),
        ("-r limited.in", ("limited",), ("base",)),
        ("-r hand.txt", ("base",), ()),
        ("-r https://example.com/base.in", (), ()),
    ],
)
def test_what_a_layer_builds_on(
    lines: str, includes: tuple[str, ...], constrained_by: tuple[str, ...]
) -> None:
    files = {
        "requirements/base.in": "",
        "requirements/mid.in": "-r base.in",
        "requirements/limited.in": "-c base.txt",
        "requirements/hand.txt": "-r base.in",
        "requirements/top.in": lines,
    }
    (top,) = (layer for layer in found(files) if layer.name == "top")
    assert (top.includes, top.constrained_by) == (includes, constrained_by)


def test_a_deeper_file_is_a_layer_where_it_is_referenced() -> None:
    files = {
        "requirements/base.in": "-r sub/x.in",
        "requirements/sub/x.in": "-r ../../shared.in",
        "shared.in": "a",
    }
    layers = found(files)
    assert names(layers) == ["shared", "sub/x", "base"]
    assert layers[2].includes == ("shared", "sub/x")


def test_a_file_outside_the_project_is_no_layer() -> None:
    files = {
        "requirements/base.in": "-r ../../shared/common.in\n-r ../../shared/other.txt\n-r /srv/own.in",
        "../shared/common.in": "a",
        "../shared/other.in": "b",
        "../shared/other.txt": "b==1",
        "/srv/own.in": "c",
    }
    (base,) = found(files)
    assert {str(path) for path in base.files} == {*files} - {"../shared/other.in"}


def test_the_lock_of_a_layer_need_not_be_there_yet() -> None:
    layers = found(
        {
            "requirements/base.in": "",
            "requirements/dev.in": "-r base.txt\n-c sub/y.txt",
            "requirements/sub/y.in": "",
        }
    )
    assert names(layers) == ["base", "sub/y", "dev"]


def test_a_text_without_a_source_is_an_input_and_no_layer() -> None:
    files = {
        "requirements/base.in": "-c limits.txt\n-r more.txt",
        "requirements/limits.txt": "a<2",
        "requirements/more.txt": "b",
    }
    (base,) = found(files)
    assert [path.name for path in base.files] == ["base.in", "limits.txt", "more.txt"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"base.in": "-c constraints.in", "constraints.in": "a<2"}, ["base"]),
        ({"base.in": "-c dev-constraints.in", "dev-constraints.in": "a<2"}, ["base"]),
        ({"base.in": "-r constraints.in", "constraints.in": "a<2"}, ["constraints", "base"]),
        ({"base.in": "-c constraints.txt", "constraints.in": "a<2"}, ["constraints", "base"]),
        ({"base.in": "", "constraints.in": "a<2"}, ["base", "constraints"]),
        ({"base.in": "-c core.in", "core.in": "a<2"}, ["core", "base"]),
        ({"base.in": "-c sub/x.in", "sub/x.in": "a<2"}, ["base"]),
    ],
)
def test_a_file_of_constraints_is_no_layer(files: Files, expected: list[str]) -> None:
    assert names(found({f"requirements/{name}": text for name, text in files.items()})) == expected


@pytest.mark.parametrize(
    ("files", "circle", "file", "line"),
    [
        ({"base.in": "a\n-r dev.in", "dev.in": "-r base.in"}, "base.in -> dev.in -> base.in", "dev.in", 1),
        (
            {"base.in": "a\n-c dev.txt", "dev.in": "\n\n-r base.txt"},
            "base.in -> dev.in -> base.in",
            "dev.in",
            3,
        ),
        ({"a.in": "-c a.txt"}, "a.in -> a.in", "a.in", 1),
        ({"a.in": "-r b.in", "b.in": "-r c.in", "c.in": "x\n-r b.in"}, "b.in -> c.in -> b.in", "c.in", 2),
    ],
)
def test_a_circle_is_shown(files: Files, circle: str, file: str, line: int) -> None:
    error = refused({f"requirements/{name}": text for name, text in files.items()})
    assert error.problem.message.endswith(circle)
    assert (error.problem.file, error.problem.line) == (f"requirements/{file}", line)
    assert error.exit_code == 2


@pytest.mark.parametrize("line", ["-r nope.in", "-c nope.txt", "-r ../nope.in", "-r ${HOME}/nope.in"])
def test_a_missing_file_is_told_with_the_line_that_names_it(line: str) -> None:
    error = refused({"requirements/base.in": f"a\n{line}"})
    assert (error.problem.file, error.problem.line) == ("requirements/base.in", 2)
    assert "nope" in error.problem.message
    assert error.problem.hint


def test_two_layers_of_one_name_are_refused() -> None:
    error = refused({"requirements/dev.in": "", "requirements-dev.in": ""})
    assert "requirements/dev.in" in error.problem.message
    assert "requirements-dev.in" in error.problem.message


def test_an_unreadable_file_is_told() -> None:
    error = refused({"requirements/base.in": "-r sub/x.in", "requirements/sub/x.in": "a\n=>1"})
    assert (error.problem.file, error.problem.line) == ("requirements/sub/x.in", 2)


LAYERED = {
    "requirements/base.in": "",
    "requirements/dev.in": "-r base.in\n-c base.txt",
    "requirements/sub/x.in": "",
    "requirements/base.txt": "",
}


def test_only_the_chosen_layers() -> None:
    (dev,) = found(LAYERED, only=["dev"])
    assert dev.includes == dev.constrained_by == ()
    # what is no layer then is read as it stands, a lock too
    assert [path.name for path in dev.files] == ["base.in", "base.txt", "dev.in"]
    assert names(found(LAYERED, only=["dev", "base"])) == ["base", "dev"]
    assert names(found(LAYERED, only=["sub/x"])) == ["sub/x"]


@pytest.mark.parametrize("name", ["prod", "sub/y", "requirements/dev", ""])
def test_an_unknown_layer_is_refused_with_those_there_are(name: str) -> None:
    error = refused(LAYERED, only=["base", name])
    assert f"no layer called {name}" in error.problem.message
    assert "base, dev" in (error.problem.hint or "")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, ()),
        ({"base.in": ""}, ("base",)),
        ({"base.in": "", "dev.in": "", "development.in": "", "local.in": "-r dev.in"}, ("dev",)),
        ({"base.in": "", "development.in": "", "local.in": ""}, ("development",)),
        ({"base.in": "", "local.in": ""}, ("local",)),
        ({"base.in": "", "production.in": "-r base.in"}, ("production",)),
        ({"base.in": "", "production.in": "-r base.in", "all.in": "-r production.in"}, ("all",)),
        ({"base.in": "", "test.in": "-c base.txt"}, ("test",)),
        ({"base.in": "", "b.in": "-r base.in", "a.in": "-r base.in"}, ("a",)),
        ({"base.in": "", "docs.in": ""}, ("base",)),
    ],
)
def test_the_layer_to_install_where_nobody_chose(files: Files, expected: tuple[str, ...]) -> None:
    assert default_layers(found({f"requirements/{name}": text for name, text in files.items()})) == expected


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (["dev"], ["dev"]),
        (["dev", "base"], ["dev"]),
        (["base"], ["base"]),
        (["test"], ["base", "test"]),
        (["test", "dev"], ["dev", "test"]),
        (["deep"], ["base", "test", "deep"]),
        (["docs", "docs"], ["docs"]),
        ([], []),
    ],
)
def test_the_fewest_locks_are_installed(chosen: list[str], expected: list[str]) -> None:
    layers = found(
        {
            "requirements/base.in": "",
            "requirements/dev.in": "-r base.in",
            "requirements/test.in": "-c base.txt",
            "requirements/deep.in": "-c test.txt",
            "requirements/docs.in": "",
        }
    )
    assert sorted(names(to_install(layers, chosen))) == sorted(expected)
    assert names(to_install(layers, chosen)) == [name for name in names(layers) if name in expected]


def test_an_unknown_layer_cannot_be_installed() -> None:
    with pytest.raises(UsageError, match="no layer called prod"):
        to_install(found(LAYERED), ["prod"])


def test_all_inputs_are_named_once_and_no_lock() -> None:
    layers = found(LAYERED)
    assert [str(path) for path in inputs(layers)] == ["requirements/base.in", "requirements/dev.in"]
    read = read_inputs(layers, {PurePosixPath(name): text for name, text in LAYERED.items()}.get)
    assert tuple(read) == inputs(layers)
