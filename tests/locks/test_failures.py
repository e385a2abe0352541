"""What the user is told where locking fails, whatever is in the way; and that nothing is written then."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Literal

import pytest

from bootstrap.errors import BootstrapError
from bootstrap.locks import compiler, conflict, head_start, pip_tools
from bootstrap.locks.requirements import parse
from bootstrap.report import Problem, Severity
from tests.index.server import PackageIndex
from tests.locks.compiling import HERE, Texts, Work


@pytest.fixture(scope="module")
def shelf() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        index.add("web", "1.0", ["util>=1"])
        index.add("web", "2.0", ["util>=1"], extras={"old": ["util<2"]})
        index.add("util", "1.0")
        index.add("util", "2.0")
        index.add("strict", "1.0", ["util==2.0"])
        index.add("wants", "1.0", ["strict"])
        index.add("needy", "1.0", ["nowhere>=1"])
        index.add("future", "1.0", requires_python=">=3.99")
        index.add("waits", "1.0", ["future"])
        index.add("win", "1.0", tags=["py3-none-win_arm64"])
        index.add("old", "1.0", tags=["cp26-cp26-any"])
        index.add("old", "1.1", tags=["cp27-cp27-any"])
        index.add("recalled", "0.9", yanked="")
        index.add("recalled", "1.0", yanked="")
        index.add("recalled", "1.1", yanked="it leaks")
        index.add("yank", "1.0")
        index.add("yank", "1.1", yanked="it loses data")
        yield index


@pytest.fixture
def work(tmp_path: Path, shelf: PackageIndex) -> Iterator[Work]:
    yield Work(tmp_path, shelf, configuration={"retries": "0", "timeout": "5"})
    shelf.mend()


def failure(work: Work, files: Texts) -> BootstrapError:
    work.write(files)
    with pytest.raises(BootstrapError) as caught:
        work.compiled()
    return caught.value


CONFLICTS = [
    (
        {"base.in": "# the web\nweb\nutil<2\n", "dev.in": "-r base.in\nstrict\n"},
        [
            "The user requested util<2 (requirements/base.in:3)",
            "strict 1.0 depends on util==2.0 (requirements/dev.in:2)",
        ],
    ),
    (
        {"base.in": "util < 2\n", "dev.in": "-c base.txt\nwants\n"},
        ["The user requested util<2 (requirements/base.in:1)", "strict 1.0 depends on util==2.0"],
    ),
    (
        {"base.in": "util>=2\n", "dev.in": "-r base.in\nWeb [old]>=2\n"},
        ["The user requested util>=2 (requirements/base.in:1)", "web[old] 2.0 depends on util<2"],
    ),
    (
        {"base.in": "-c limits.txt\nweb\n", "limits.txt": "util<2\n", "dev.in": "-r base.in\nutil>=2"},
        ["util<2 (requirements/limits.txt:1)", "util>=2 (requirements/dev.in:2)"],
    ),
]


@pytest.mark.parametrize(("files", "told"), CONFLICTS)
def test_a_conflict_names_each_line_that_takes_part(work: Work, files: Texts, told: Sequence[str]) -> None:
    problem = failure(work, files).problem
    assert problem.code == "conflict"
    assert [text for text in told if text not in problem.message] == [], problem.message
    assert f"({problem.file}:{problem.line})" in problem.message.splitlines()[1]


def test_an_old_pin_is_never_blamed(work: Work) -> None:
    """It would be let go of where that helped."""
    work.write({"base.in": "web\nutil<2\n"})
    work.compiled()
    problem = failure(work, {"base.in": "web\nutil<2\nstrict\n"}).problem
    assert "constraint" not in problem.message
    assert "util==1.0" not in problem.message


def test_the_shortest_comes_first() -> None:
    causes = [
        "  much-longer-name 1.0 depends on util>=2",
        "  The user requested util<1.5,>=0.1",
        "  The user requested util>=3",
        "  The user requested (constraint) util<9",
    ]
    source = parse("util>=3\nutil>=0.1,<1.5\nmuch-longer.name", "base.in")
    problem = Problem("conflict", "\n".join(["no way:", *causes]))
    placed = conflict.placed(problem, [source])
    assert placed.message.splitlines() == [
        "no way:",
        "  The user requested util>=3 (base.in:1)",
        "  The user requested util<1.5,>=0.1 (base.in:2)",
        "  much-longer-name 1.0 depends on util>=2 (base.in:3)",
        "  The user requested (constraint) util<9",
    ]
    assert (placed.file, placed.line) == ("base.in", 1)


def test_what_an_option_asks_for_is_told_as_such() -> None:
    causes = ["  The user requested (constraint) util<9,>=1", "  The user requested util>=9"]
    problem = Problem("conflict", "\n".join(["no way:", *causes]))
    placed = conflict.placed(problem, [parse("util>=9", "base.in")], ["web", "util>=1,<9"])
    assert placed.message.splitlines()[1:] == [f"{causes[1]} (base.in:1)", f"{causes[0]} (-P util>=1,<9)"]


@pytest.mark.parametrize("cause", ["  The user requested not == a requirement", "  something new"])
def test_what_cannot_be_read_is_told_as_it_is(cause: str) -> None:
    problem = Problem("conflict", f"no way:\n{cause}", file="base.in")
    assert conflict.placed(problem, [parse("not\n", "base.in")]) == problem


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("Nope>=1", "no index knows a package called nope"),
        ("future", "what there is for future is made for another Python: 1.0 needs Python >=3.99"),
        ("util>=7", "no version for util>=7; the newest it has: 1.0, 2.0"),
        ("recalled>=1", "what there is for recalled>=1 was yanked from the index: 1.0, 1.1"),
        ("win", "no file for win is for this Python and platform, all are for others: py3-none-win_arm64"),
        (
            "old<2",
            "for old<2 is for this Python and platform, all are for others: cp26-cp26-any, cp27-cp27-any",
        ),
        ("needy", "no index knows a package called nowhere (which needy needs)"),
        ("waits", "what there is for future (which waits needs) is made for another Python"),
    ],
)
@pytest.mark.parametrize("json", [True, False])
def test_what_is_not_there_is_told_with_its_line(
    work: Work, monkeypatch: pytest.MonkeyPatch, line: str, told: str, *, json: bool
) -> None:
    monkeypatch.setattr(work.index, "json", json)
    problem = failure(work, {"base.in": "web\n", "dev.in": f"-r base.in\n# more\n{line}\n"}).problem
    assert (problem.code, problem.file, problem.line) == ("not-found", "requirements/dev.in", 3)
    assert told in problem.message
    assert ".union" not in f"{problem.message} {problem.hint}"


@pytest.mark.parametrize(
    ("files", "hint"),
    [
        ({"base.in": "strict\n", "dev.in": "-r base.in\nstrcit\n"}, "did you mean strict? Else see"),
        ({"base.in": "wanst\n", "base.txt": "wants==1.0\n"}, "did you mean wants? Else see"),
        ({"base.in": "web\n", "dev.in": "-r base.in\nzzz\n"}, "see that the name is right"),
        ({"base.in": "nowher; os_name == 'none'\n", "dev.in": "needy\n"}, "see that the name is right"),
    ],
)
def test_close_names_are_those_that_the_project_knows(work: Work, files: Texts, hint: str) -> None:
    problem = failure(work, files).problem
    assert (problem.code, (problem.hint or "").startswith(hint)) == ("not-found", True), problem
    assert "pip config list" in (problem.hint or "")


@pytest.mark.parametrize("is_tested", [True, False])
def test_a_yanked_pin_is_a_warning_with_the_reason(
    work: Work, monkeypatch: pytest.MonkeyPatch, *, is_tested: bool
) -> None:
    if not is_tested:
        monkeypatch.setattr(pip_tools, "_TESTED", {"pip": ((1, 0), (2, 0))})
    work.write({"base.in": "yank==1.1\n"})
    warned = list[Problem]()
    [base] = work.layers()
    texts = {base.source: "yank==1.1\n"}
    made = compiler.compile_stale(
        replace(work.pip_tools(), warn=warned.append), (base,), frozenset({"base"}), texts, HERE
    )
    assert "yank==1.1" in made[PurePosixPath("requirements/base.txt")]
    [problem] = warned
    assert (problem.code, problem.severity) == ("yanked", Severity.WARNING)
    assert problem.message == "yank==1.1 was yanked from the index: it loses data"


FILES = {"base.in": "web\n", "dev.in": "-r base.in\nstrict\n"}


@pytest.mark.parametrize("how", [500, pytest.param(403, marks=pytest.mark.faults), "cut"])
def test_an_index_that_fails_at_any_request(
    work: Work, isolated: Path, tmp_path: Path, how: Literal[500, 403, "cut"]
) -> None:
    """The new pins are made of nothing but what came, so nothing is made where something did not come."""
    work.write(FILES)
    work.index.forget_requests()
    work.compiled()
    asked = dict.fromkeys(work.index.paths())
    assert len(asked) == 6
    for path in asked:
        shutil.rmtree(isolated, ignore_errors=True)
        work.metadata.unlink(missing_ok=True)
        work.write({"base.txt": "# old\n"})
        work.index.fail(path, how)
        problem = failure(work, FILES).problem
        work.index.mend()
        expected = "network" if how == "cut" else "index-error"
        assert (problem.code, problem.hint and "pip config list" in problem.hint) == (expected, True), path
        assert (tmp_path / "requirements" / "base.txt").read_text() == "# old\n"


def test_an_index_that_dies_after_any_answer(work: Work, isolated: Path) -> None:
    for answers in range(6):
        shutil.rmtree(isolated, ignore_errors=True)
        work.index.die_after(answers)
        problem = failure(work, FILES).problem
        work.index.mend()
        assert problem.code == "network", answers
        assert "cannot be reached" in problem.message


@pytest.fixture
def sabotaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the hooks of a copy of the engine; pip and pip-tools may change inside at any release."""
    copy = tmp_path / "worker"
    shutil.copytree(head_start.WORKER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(head_start, "WORKER", copy)
    return copy / "hooks.py"


def fallen_back(work: Work, reason: str) -> bool:
    """Compile, and see that pip-compile as it is did the work and that a user of ``-v`` is told so."""
    work.write(FILES)
    locks = work.compiled()
    assert [said for said in work.said if said.startswith("plain pip-compile a layer: ") and reason in said]
    work.write(dict.fromkeys(locks, ""))
    return locks == work.plain()


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("import pip.nothing", "No module named 'pip.nothing'"),
        ("TESTED['PackageFinder.nothing'] = _PIP", "type object 'PackageFinder' has no attribute 'nothing'"),
        ("del Link.from_json", "AttributeError: type object 'Link'"),
        ("_taken['PackageFinder.evaluate_links'] = lambda _: lambda self: None", "TypeError: "),
        (
            "_taken['PackageFinder.evaluate_links'] = lambda _: lambda *_: {}['nothing']",
            "KeyError: 'nothing'",
        ),
        ("import os; os._exit(3)", "exit code 3"),
    ],
)
def test_a_hook_that_no_longer_fits(work: Work, sabotaged: Path, broken: str, reason: str) -> None:
    with sabotaged.open("a", encoding="utf-8") as file:
        file.write(f"\n\n{broken}\n")
    assert fallen_back(work, reason)


@pytest.mark.parametrize("name", ["pip", "pip-tools"])
def test_versions_that_were_not_tested(work: Work, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setitem(pip_tools._TESTED, name, ((998, 0), (999, 0)))
    assert fallen_back(work, f"{name} ")


def put_broken(folder: Path, name: str) -> None:
    """Put a source distribution into a folder whose build fails."""
    source = folder / f"{name}-source" / f"{name}-0.1"
    source.mkdir(parents=True)
    (source / "PKG-INFO").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n")
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (source / "backend.py").write_text("raise RuntimeError('no compiler')\n")
    shutil.make_archive(str(folder / source.name), "gztar", source.parent, source.name)


def test_a_build_that_fails_is_named(work: Work, tmp_path: Path) -> None:
    """By pip-compile only where it begins to look into it."""
    put_broken(tmp_path / "links", "broken")
    work.configuration["find-links"] = str(tmp_path / "links")
    error = failure(work, {"base.in": "web\nbroken\n"})
    assert error.problem.message.partition(": ")[2] == (
        "broken-0.1.tar.gz has no wheel for this Python, and its build failed: RuntimeError: no compiler"
    )


def test_what_is_kept_of_metadata_files_stays_where_locking_fails(work: Work) -> None:
    work.write({"base.in": "web\n"})
    work.compiled()
    kept = work.metadata.read_bytes()
    failure(work, {"base.in": "web\nstrict\nutil<2\n"})
    assert work.metadata.read_bytes() == kept


def test_a_page_that_cannot_be_read_is_named(work: Work) -> None:
    work.index.fail("/simple/util/", "corrupt")
    problem = failure(work, FILES).problem
    assert problem.code == "index-error"
    assert f"{work.index.url}/util/" in problem.message


@pytest.mark.parametrize("status", [404, 410])
def test_an_address_that_has_no_file_is_named(work: Work, status: int) -> None:
    work.index.fail("/files/web-1.0-py3-none-any.whl", status)
    address = f"{work.index.root}/files/web-1.0-py3-none-any.whl"
    problem = failure(work, {"base.in": f"util\nweb @ {address}\n"}).problem
    assert (problem.code, problem.file, problem.line) == ("not-found", "requirements/base.in", 2)
    assert f"there is no file at {address}" in problem.message
