"""The engine writes what pip-compile writes: byte for byte, whatever the layers, the locks and the index."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bootstrap.locks.pip_tools import Moves
from tests.index.server import PackageIndex
from tests.index.wheels import Distribution
from tests.locks.compiling import HOLD_ALL, PYTHON, Texts, Work, holding, pins

_PLATFORMS = ("manylinux_2_17_x86_64", "musllinux_1_2_x86_64", "win_amd64", "macosx_11_0_arm64")


@pytest.fixture(scope="module")
def shelf() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        yield stock(index)


def stock(index: PackageIndex) -> PackageIndex:
    """Publish packages that between them have all that makes a resolution odd."""
    for version in ("1.0", "1.1", "2.0"):
        index.add("Web", version, ["util>=1"], extras={"speed": ["fast"], "async": ["aio[turbo]>=1"]})
    for version in ("1.0", "1.5", "2.0"):
        index.add("util", version, sdist=True)
        index.add("side", version, ["util"])
    index.add("fast", "1.0", ["util<2"])
    index.add("fast", "2.0", ["util>=1.5"])
    index.add("aio", "1.0", extras={"turbo": ["gear"], "loop": ["loop-a"]})
    index.add("gear", "1.0")
    index.add("tool", "1.0", ["util<2"])
    index.add("tool", "2.0", ["util", "odd.Name"])
    index.add("strict", "1.0", ["util==1.5"])
    index.add("strict", "2.0", ["util==2.0"])
    index.add("Odd_Name", "1.0.post1")
    for version in ("1.0", "2.0rc1", "2.0.dev3"):
        index.add("pre", version)
    index.add("only-pre", "1.0a1")
    index.add("yank", "1.0")
    index.add("yank", "1.1", yanked="it loses data")
    index.add("future", "1.0", requires_python=">=3.8")
    index.add("future", "2.0", requires_python=">=3.99")
    index.add("source", "1.0", ["util"], wheel=False, sdist=True)
    index.add("local", "1.0")
    index.add("local", "1.0+cpu")
    index.add("epoch", "2020.1")
    index.add("epoch", "1!1.0")
    for version in ("1.0", "1.1"):
        for platform in _PLATFORMS:
            index.add("native", version, ["util"], tags=[f"py3-none-{platform}"])
        index.add("native", version, ["util"], sdist=True)
    index.add(
        "marked",
        "1.0",
        ['nowhere; sys_platform == "none"', 'gear; python_version >= "3"', 'util; python_version < "3"'],
        extras={"odd": ['side; os_name != "none"']},
    )
    index.add("bundle", "1.0", extras={"all": ["bundle[a,b]"], "a": ["util<2"], "b": ["tool"]})
    index.add("loop-a", "1.0", ["loop-b"])
    index.add("loop-b", "1.0", ["loop-a"])
    index.add("setuptools", "80.0")
    return index


@dataclass(frozen=True)
class Case:
    """Layers to compile; ``before`` are those whose locks it starts from, as pip-compile writes them.

    Where pip-compile, a layer at a time, may choose other pins, ``held`` holds it to those of the engine.
    """

    files: Texts
    before: Texts = field(default_factory=dict)
    moves: Moves = HOLD_ALL
    options: Sequence[str] = ()
    held: bool = False
    pinned: Mapping[str, str | None] = field(default_factory=dict)


OLD = {"base.in": "web<2\nutil<2\nside<2\n", "dev.in": "-r base.in\ntool<2\n"}
LOOSE = {"base.in": "web\nutil\nside\n", "dev.in": "-r base.in\ntool\n"}
ALL_OLD = {"web": "1.1", "util": "1.5", "side": "1.5", "tool": "1.0"}
CASES: Mapping[str, Case] = {
    "fresh": Case(LOOSE, held=True, pinned={"web": "2.0"}),
    "nothing to do": Case(OLD, before=OLD, pinned=ALL_OLD),
    "loosened": Case(LOOSE, before=OLD, pinned=ALL_OLD),
    "-P direct": Case(
        LOOSE, OLD, Moves(packages={"web": "web"}), ["-P", "web"], pinned={**ALL_OLD, "web": "2.0"}
    ),
    "-P spec": Case(
        {**LOOSE, "base.in": "web<3\nutil\nside\n"},
        OLD,
        Moves(packages={"web": "web<1.1"}),
        ["-P", "web<1.1"],
        pinned={**ALL_OLD, "web": "1.0"},
    ),
    "-P transitive": Case(
        {"base.in": "web\n", "dev.in": "-r base.in\nside\n"},
        {"base.in": "web<2\nutil<2", "dev.in": "-r base.in\nside<2\n"},
        Moves(packages={"util": "util"}),
        ["-P", "util"],
        pinned={"util": "2.0", "web": "1.1", "side": "1.5"},
    ),
    "--upgrade": Case(
        {"base.in": "web\nutil\n", "dev.in": "-r base.in\nside\n"},
        {"base.in": "web<2\nutil<2", "dev.in": "-r base.in\nside<2\n"},
        Moves(everything=True),
        ["--upgrade"],
        pinned={"util": "2.0", "web": "2.0", "side": "2.0"},
    ),
    "raised floor": Case({**OLD, "base.in": "web>=2\nutil<2\nside\n"}, OLD, pinned={**ALL_OLD, "web": "2.0"}),
    "a floor that another pin is in the way of": Case(
        {"base.in": "strict>=2\n", "dev.in": "-r base.in\nside\n"},
        {"base.in": "strict<2\n", "dev.in": "-r base.in\nside<2\n"},
        pinned={"strict": "2.0", "util": "2.0", "side": "1.5"},
    ),
    "added": Case({**OLD, "dev.in": "-r base.in\ntool<2\nodd-name\n"}, OLD, pinned={"odd-name": "1.0.post1"}),
    "removed": Case({**OLD, "base.in": "web<2\nutil<2\n"}, OLD, pinned={"side": None, "web": "1.1"}),
    "extras of a package in two layers": Case(
        {
            "base.in": "web\n",
            "dev.in": "-r base.in\nweb[speed]\n",
            "production.in": "-r base.in\nWeb[async]\n",
        },
        held=True,
        pinned={"fast": "2.0", "gear": "1.0"},
    ),
    "extras that ask for extras": Case({"base.in": "aio\n", "dev.in": "-r base.in\nbundle[all]\naio[loop]"}),
    "several extras": Case({"base.in": "web[async,speed]\n", "dev.in": "web[speed]\n-c base.txt"}),
    "markers": Case(
        {
            "base.in": "marked\nutil; sys_platform != 'none'\nside; sys_platform == 'none'\n",
            "dev.in": "-r base.in\nmarked[odd]; python_version > '3.1'\nweb; python_version < '3'\n",
        },
    ),
    "pre-releases": Case({"base.in": "pre>=2.0a0\nonly-pre\n", "dev.in": "-r base.in\n"}, held=True),
    "--pre in the file": Case({"base.in": "--pre\npre\nonly-pre\n"}, pinned={"pre": "2.0rc1"}),
    "yanked": Case({"base.in": "yank\n"}, pinned={"yank": "1.0"}),
    "yanked and pinned": Case({"base.in": "yank==1.1\n", "dev.in": "-r base.in\n"}, pinned={"yank": "1.1"}),
    "-r txt": Case({"base.in": "web[speed]\n", "dev.in": "-r base.txt\ntool\n"}, held=True),
    "-c txt": Case({"base.in": "web\n", "dev.in": "-c base.txt\nside\n"}),
    "-r and -c": Case({"base.in": "web\nutil<2\n", "dev.in": "-c base.txt\n-r base.in\nside\n"}),
    "-c constraints": Case(
        {
            "base.in": "-c constraints.txt\nweb\n",
            "dev.in": "-c constraints.txt\n-r base.in\nside\n",
            "constraints.txt": "util<2  # too new\nside<2\nnowhere==1\n",
        },
        pinned={"util": "1.5", "side": "1.5"},
    ),
    "diamond": Case(
        {
            "base.in": "util\n",
            "left.in": "-r base.in\nweb\n",
            "right.in": "-r base.txt\nside\n",
            "top.in": "-r left.in\n-r right.in\nfuture\n",
        }
    ),
    "nested folders": Case(
        {
            "base.in": "util\n",
            "sub/more.in": "-r ../base.in\nweb[speed]\n",
            "dev.in": "-r sub/more.in\n-r parts/list.txt\n",
            "parts/list.txt": "side  # of parts\n",
        }
    ),
    "layers that know nothing of each other": Case(
        {"a.in": "tool<2\n", "b.in": "side\n"}, held=True, pinned={"util": "1.5"}
    ),
    "base first would fail": Case(
        {"base.in": "web\n", "dev.in": "-c base.txt\ntool<2\n"}, held=True, pinned={"util": "1.5"}
    ),
    "comments and continuations": Case(
        {
            "base.in": "# all\n\nweb \\\n  [speed] >= 1, \\\n  <3  # c\n\tutil>=1,!=2.0\nWEB\n",
            "dev.in": "-r \\\n  base.in\r\nside",
        }
    ),
    "requires-python": Case({"base.in": "future\n"}, pinned={"future": "1.0"}),
    "odd versions": Case(
        {"base.in": "local\nepoch\nodd.name\nlocal==1.0+cpu\n", "dev.in": "-r base.in\nepoch<1!2\n"},
        pinned={"local": "1.0+cpu", "epoch": "1!1.0"},
    ),
    "sdist only": Case({"base.in": "source\n", "dev.in": "-r base.in\nside\n"}),
    "wheels for many platforms": Case(
        {"base.in": "native<1.1\n", "dev.in": "-r base.in\nside\n"}, pinned={"native": "1.0"}
    ),
    "per-requirement options": Case(
        {"base.in": "native --config-settings='a=b'\n", "dev.in": "-r base.in\nside\n"},
    ),
    "--no-binary": Case({"base.in": "--no-binary native\nnative\n", "dev.in": "-r base.in\nside\n"}),
    "--only-binary": Case({"base.in": "--only-binary :all:\nutil\nnative\n", "dev.in": "-r base.in\n"}),
    "circles": Case({"base.in": "loop-a\n", "dev.in": "-r base.in\nloop-b\nsetuptools\n"}),
    "an empty layer": Case({"base.in": "# nothing yet\n", "dev.in": "-r base.in\nutil\n"}),
    "the same twice": Case({"base.in": "util>=1\nutil<2\n", "dev.in": "-r base.in\nutil\n"}),
    "===": Case({"base.in": "util===1.5\n", "dev.in": "-r base.in\nside~=1.0\n"}),
}


@pytest.fixture
def work(tmp_path: Path, shelf: PackageIndex) -> Work:
    return Work(tmp_path / "engine", shelf)


def check(work: Work, case: Case) -> dict[str, str]:
    """Compile a case by both and compare; returns the locks."""
    plain = Work(work.root.with_name("plain"), work.index, work.hashes, work.configuration)
    if case.before:
        plain.write(case.before)
        work.write(plain.plain())
    for each in (work, plain):
        each.write(case.files)
    with ThreadPoolExecutor() as pool:
        others = None if case.held else pool.submit(plain.plain, *case.options)
        locks = work.compiled(case.moves)
    assert not [said for said in work.said if "plain" in said], "the engine gave up"
    assert locks == (others.result() if others else plain.plain(*case.options, *holding(locks)))
    found = pins(locks)
    assert {name: found.get(name) for name in case.pinned} == case.pinned
    return locks


@pytest.mark.parametrize("name", CASES)
def test_equality(name: str, work: Work) -> None:
    check(work, CASES[name])


VARIED = Case({"base.in": "web[speed]\nnative\n", "dev.in": "-r base.in\nsource\nfuture\n"})


@pytest.mark.parametrize(
    "lacking",
    [
        ["legacy"],
        ["metadata"],
        ["json"],
        ["json", "metadata"],
        ["hashes"],
        ["hashes", "legacy", "json"],
    ],
    ids=" ".join,
)
def test_equality_whatever_the_index_lacks(
    lacking: Sequence[str], work: Work, isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in lacking:
        monkeypatch.setattr(work.index, part, False)
    check(work, VARIED)
    work.installable("dev.txt")


def test_equality_without_hashes(work: Work) -> None:
    work.hashes = False
    check(work, VARIED)


def test_equality_with_the_command_as_users_start_it(work: Work) -> None:
    work.write(VARIED.files)
    locks = work.compiled()
    work.write(dict.fromkeys(locks, ""))
    assert locks == work.plain(single=True)


def test_hashes_come_with_the_page(work: Work, isolated: Path) -> None:
    """Each page and metadata file is asked for once, and nothing else, whatever the number of layers."""
    work.write({f"{name}.in": "web[speed]\nnative\n" for name in ("a", "b", "c")})
    work.index.forget_requests()
    work.compiled()
    asked = work.index.paths()
    assert sorted(set(asked)) == sorted(asked)
    assert set(asked) == {*work.index.paths("simple"), *work.index.paths("metadata")}


def test_an_address_with_its_hash(work: Work) -> None:
    wheel = "web-2.0-py3-none-any.whl"
    address = f"{work.index.root}/files/{wheel}#{work.index.hash_of(wheel).replace(':', '=')}"
    files = {"base.in": f"web[speed] @ {address}\n", "dev.in": "-r base.in\nside\n"}
    locks = check(work, Case(files))
    assert f"@ {address}" in locks["dev.txt"]


def test_the_hash_of_an_address_is_that_of_its_file(work: Work) -> None:
    files = {
        "base.in": f"{work.index.root}/files/gear-1.0-py3-none-any.whl\n",
        "dev.in": "-r base.in\nside\n",
    }
    locks = check(work, Case(files))
    assert work.index.hash_of("gear-1.0-py3-none-any.whl") in locks["dev.txt"]


def test_a_folder_of_wheels_beside_the_index(work: Work, tmp_path: Path) -> None:
    folder = tmp_path / "wheels"
    folder.mkdir()
    made = [Distribution("util", "3.0"), Distribution("own", "1.0", ["gear"])]
    for one in made:
        (folder / one.wheel_name).write_bytes(one.wheel())
    work.configuration = {"find-links": str(folder)}
    locks = check(work, Case({"base.in": "web\n", "dev.in": "-r base.in\nown\n"}))
    assert pins(locks)["util"] == "3.0"
    work.installable("dev.txt")


def test_two_indexes(work: Work) -> None:
    with PackageIndex(json=False) as other:
        other.add("util", "3.0")
        other.add("util", "2.0", tags=["py3-none-win_amd64"])
        other.add("gear", "1.0", sdist=True)
        work.configuration = {"extra-index-url": other.url}
        case = Case({"base.in": "web<2\nutil<3\ngear\n", "dev.in": "-r base.in\nside\n"})
        locks = check(work, case)
        assert work.index.hash_of("util-2.0-py3-none-any.whl") in locks["dev.txt"]
        assert other.hash_of("util-2.0-py3-none-win_amd64.whl") in locks["dev.txt"]
        assert other.hash_of("gear-1.0.tar.gz") in locks["dev.txt"]


def test_new_files_of_a_pinned_version(work: Work) -> None:
    """What a lock has of hashes is kept, as pip-compile keeps it: ``-P`` fetches them anew."""
    with PackageIndex() as index:
        index.add("one", "1.0")
        index.add("two", "1.0", ["one"])
        work.index = index
        files = {"base.in": "one\n", "dev.in": "-r base.in\ntwo\n"}
        before = check(work, Case(files))
        index.add("one", "1.0", wheel=False, sdist=True)
        assert check(work, Case(files, before=files)) == before
        locks = check(work, Case(files, files, Moves(packages={"one": "one"}), ["-P", "one"]))
        assert index.hash_of("one-1.0.tar.gz") in locks["base.txt"]


def test_a_version_that_only_the_fragment_of_an_address_tells(work: Work, tmp_path: Path) -> None:
    archive, page = tmp_path / "archive.tar.gz", tmp_path / "links.html"
    archive.write_bytes(Distribution("named", "1.0", ["util"]).sdist())
    page.write_text(f'<!DOCTYPE html><a href="{archive.as_uri()}#egg=named-1.0">named</a>')
    work.configuration = {"find-links": str(page)}
    files = {"base.in": "named\n", "dev.in": "-r base.in\nside\n"}
    locks = check(work, Case(files))
    assert check(work, Case(files, before=files)) == locks


def test_what_metadata_files_say_is_asked_for_once(
    work: Work, isolated: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where layers are compiled apart, each by a process of its own; and it is the same again."""
    files = {"base.in": "web[speed]\nmarked\n", "a.in": "-r base.in\nstrict<2\n", "b.in": "strict==2\n"}
    work.write(files)
    locks = work.compiled()
    assert work.index.paths("metadata")
    for name in files:
        (work.root / "requirements" / name).with_suffix(".txt").unlink()
    monkeypatch.setenv("PIP_CACHE_DIR", str(isolated / "another cache"))
    work.index.forget_requests()
    assert work.compiled() == locks
    assert work.index.paths("metadata") == []


def test_a_wheel_that_pip_has_built_is_used(work: Work, isolated: Path, tmp_path: Path) -> None:
    work.write({"base.in": "source\n"})
    words = ["wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path / "built"), "source"]
    subprocess.run([PYTHON, "-I", "-m", "pip", *words], env={**os.environ, **work.variables()}, check=True)
    work.index.forget_requests()
    assert set(pins(work.compiled())) == {"source", "util"}
    assert work.index.paths("file") == []
