"""What becomes of the locks that pip-compile made: nothing secret in them, and layers that agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.locks import pip_tools
from tests.index.server import PackageIndex
from tests.locks.compiling import Work, pins
from tests.locks.test_failures import put_broken


@pytest.fixture(scope="module")
def shelf() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        for version in ("1.0", "1.5", "2.0"):
            index.add("util", version)
            index.add("web", version, ["util"])
            index.add("side", version)
        index.add("old", "1.0", ["util<2"])
        index.add("old", "1.1", ["util<2", "side"])
        index.add("new", "1.0", ["util>=2"])
        index.add("new", "1.1", ["util>=2", "side>=2"])
        yield index


@pytest.fixture
def work(tmp_path: Path, shelf: PackageIndex) -> Work:
    return Work(tmp_path, shelf)


@pytest.fixture(params=["as one", "plainly"])
def either(request: pytest.FixtureRequest, work: Work, monkeypatch: pytest.MonkeyPatch) -> Work:
    """Give the work once by the process for all layers, and once by pip-compile as it is."""
    if request.param == "plainly":
        monkeypatch.setitem(pip_tools._TESTED, "pip", ((998, 0), (999, 0)))
    return work


def versions(locks: Mapping[str, str], name: str) -> dict[str, str | None]:
    return {lock.removesuffix(".txt"): pins({lock: text}).get(name) for lock, text in locks.items()}


def test_layers_agree_though_base_alone_would_take_a_newer_version(either: Work) -> None:
    """Base first, dev has no solution any more (pip-tools issue 1092)."""
    either.write({"base.in": "web\n", "dev.in": "-c base.txt\nold\n", "docs.in": "util\n"})
    assert versions(either.compiled(), "util") == {"base": "1.5", "dev": "1.5", "docs": "1.5"}
    assert either.warned == []
    either.write({"docs.in": "util\nside\n"})
    assert versions(either.compiled(stale=["docs"]), "util") == {"base": "1.5", "dev": "1.5", "docs": "1.5"}


def test_a_fresh_lock_is_made_anew_where_the_union_spells_a_version_otherwise(work: Work) -> None:
    work.write({"base.in": "util<3\n", "dev.in": "-r base.in\nside\n"})
    first = work.compiled()
    work.write({"base.txt": first["base.txt"].replace("util==2.0", "util==2.0.0"), "dev.txt": ""})
    assert work.compiled(stale=["dev"]) == first


def test_a_fresh_lock_is_made_anew_where_the_union_takes_an_address(work: Work) -> None:
    work.write({"base.in": "util\n", "dev.in": "-r base.in\nside\n"})
    work.compiled()
    address = f"util @ {work.index.root}/files/util-2.0-py3-none-any.whl"
    work.write({"dev.in": f"-r base.in\n{address}\n"})
    locks = work.compiled(stale=["dev"])
    assert [text.count(f"\n{address}") for text in locks.values()] == [1, 1]


def test_layers_that_do_not_build_on_each_other_may_be_locked_apart(either: Work) -> None:
    files = {"a.in": "new\n", "b.in": "old\n", "c.in": "-r b.in\nside\n"}
    either.write(files)
    locks = either.compiled()
    assert versions(locks, "util") == {"a": "2.0", "b": "1.5", "c": "1.5"}
    [problem] = either.warned
    assert (problem.code, problem.severity) == ("layers-disagree", "warning")
    assert "differ (util: 2.0 in a, 1.5 in b and c)\n" in problem.message
    assert "depends on util>=2 (requirements/a.in:1)" in problem.message
    # What is settled is preferred, and a pin of the layer's own that fits stays.
    either.write({"c.in": "-r b.in\nside<2\n"})
    locks = either.compiled(stale=["c"])
    assert versions(locks, "util") == {"a": "2.0", "b": "1.5", "c": "1.5"}
    assert versions(locks, "side")["c"] == "1.5"


def test_a_group_of_layers_agrees_where_another_one_is_in_the_way(work: Work) -> None:
    """Base first would take what docs, which builds on it, cannot have."""
    work.write({"base.in": "web\n", "docs.in": "-r base.in\nold\n", "lint.in": "new\n"})
    assert versions(work.compiled(), "util") == {"base": "1.5", "docs": "1.5", "lint": "2.0"}
    assert len(work.warned) == 1


def test_layers_between_two_that_have_no_solution_together(work: Work) -> None:
    """Both build on base, and base goes with either."""
    work.write({"base.in": "side\n", "dev.in": "-r base.in\nnew\n", "docs.in": "-r base.in\nold\n"})
    locks = work.compiled()
    assert versions(locks, "util") == {"base": None, "dev": "2.0", "docs": "1.5"}
    assert versions(locks, "side") == dict.fromkeys(("base", "dev", "docs"), "2.0")


def test_a_layer_that_cannot_agree_with_its_base_is_an_error(work: Work) -> None:
    work.write({"base.in": "web\n", "dev.in": "-r base.in\nnew\n", "docs.in": "-r base.in\nold\n"})
    with pytest.raises(BootstrapError, match="each layer can be locked alone, but not with") as caught:
        work.compiled()
    message = caught.value.problem.message
    assert "util: 2.0 in base and dev, 1.5 in docs" in message
    assert "util<2 (requirements/docs.in:2)" in message
    assert "util>=2 (requirements/dev.in:2)" in message


@pytest.mark.parametrize("other", ["", "d.in"])
def test_a_layer_without_a_solution_is_told_as_a_conflict(either: Work, other: str) -> None:
    either.write({"a.in": "# c\nnew\nold\n", **({other: "util\n"} if other else {})})
    with pytest.raises(BootstrapError, match="no set of versions") as caught:
        either.compiled()
    problem = caught.value.problem
    assert problem.code == "conflict"
    assert "(requirements/a.in:2)" in problem.message
    assert "(requirements/a.in:3)" in problem.message
    assert "union" not in problem.message


def test_a_variable_stays_one_in_the_lock(work: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGIN", "me")
    monkeypatch.setenv("WORD", "s3cret")
    address = f"http://${{LOGIN}}:${{WORD}}@{work.index.root.removeprefix('http://')}/files/util-1.0-py3-none-any.whl"
    work.write({"base.in": f"util @ {address}\n", "dev.in": "-r base.in\n"})
    locks = work.compiled()
    for text in locks.values():
        assert f"\nutil @ {address} \\\n    --hash=sha256:" in text
        assert "s3cret" not in text


def test_a_secret_that_comes_from_elsewhere_is_written_nowhere(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that is a variable as a whole cannot be put back."""
    address = f"http://me:s3cret@{work.index.root.removeprefix('http://')}/files/util-1.0-py3-none-any.whl"
    monkeypatch.setenv("ADDRESS", address)
    work.write({"base.in": "util @ ${ADDRESS}\n"})
    with pytest.raises(BootstrapError, match="holds a password") as caught:
        work.compiled()
    assert caught.value.problem.code == "not-portable"
    assert "s3cret" not in f"{caught.value.problem} {caught.value.details}"


@pytest.mark.parametrize("levels", [1, 2, 7])
def test_files_outside_the_project_are_read_and_never_written(
    tmp_path: Path, shelf: PackageIndex, either: Work, levels: int
) -> None:
    """As pip-compile names them, however far out they lie."""
    up = "../" * levels
    root = tmp_path.joinpath("outside", *"abcdefg"[:levels])
    work = Work(root, shelf)
    common, limits = root / up / "common.in", root / up / "limits.txt"
    work.write(
        {"base.in": f"-r ../{up}common.in\n-c ../{up}limits.txt\nside\n", "dev.in": "-r base.txt\nnew\n"}
    )
    outside = {common: b"\xef\xbb\xbfweb\r\n", limits: b"side<2 # all\r\n"}
    for path, content in outside.items():
        path.write_bytes(content)
    before = sorted(path for path in tmp_path.rglob("*") if not path.is_relative_to(root))
    locks = work.compiled()
    assert pins(locks) == {"side": "1.5", "util": "2.0", "web": "2.0", "new": "1.0"}
    assert f"# via -r {up}common.in" in locks["base.txt"]
    assert {path: path.read_bytes() for path in outside} == outside
    assert sorted(path for path in tmp_path.rglob("*") if not path.is_relative_to(root)) == before


def test_a_name_with_a_blank(either: Work) -> None:
    either.write({"my base.in": "web\n", "dev.in": "-r 'my base.in'\nside\n"})
    locks = either.compiled()
    assert pins({"": locks["dev.txt"]}) == {"side": "2.0", "util": "2.0", "web": "2.0"}
    assert locks == either.plain()


def test_an_absolute_path_is_never_written(tmp_path: Path, work: Work) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("side<2\n")
    work.root = tmp_path / "project"
    work.write({"base.in": f"-c {outside}\nside\n"})
    with pytest.raises(BootstrapError, match="path of this machine"):
        work.compiled()


def test_a_pin_that_must_go_far_back_takes_along_what_it_needs(tmp_path: Path, either: Work) -> None:
    """Else pip goes back to versions that cannot even be built, and tells of those."""
    links = tmp_path / "links"
    put_broken(links, "app")
    with PackageIndex() as index:
        for version, allowed in (("1.0", "<2"), ("2.0", ">=2")):
            index.add("app", version, [f"core{allowed}", f"text{allowed}"])
            index.add("core", version)
            index.add("text", version)
            index.add("side", version)
        work = Work(tmp_path / "project", index, configuration={"find-links": str(links)})
        work.write({"base.in": "app\n", "dev.in": "-r base.in\nside<2\n"})
        assert pins(work.compiled()) == {"app": "2.0", "core": "2.0", "text": "2.0", "side": "1.0"}
        work.write({"dev.in": "-r base.in\nside\ncore<2\n"})
        assert pins(work.compiled()) == {"app": "1.0", "core": "1.0", "text": "1.0", "side": "1.0"}
