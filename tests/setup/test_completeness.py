"""Locks that lack, or still hold, what only the metadata of installed packages tells."""

from __future__ import annotations

from pathlib import Path

import pytest

from bootstrap.environments import environment
from bootstrap.progress import Silent
from bootstrap.project import Project
from bootstrap.pythons.interpreter import Interpreter
from bootstrap.report import Report
from bootstrap.settings import Settings
from bootstrap.setup import completeness, memory, requirements
from bootstrap.setup.context import Context
from bootstrap.setup.options import Options
from tests import command
from tests.setup.conftest import Bootstrap

MARKERS = {
    "python_version": "3.12",
    "python_full_version": "3.12.1",
    "sys_platform": "linux",
    "platform_machine": "x86_64",
    "platform_system": "Linux",
    "implementation_name": "cpython",
    "os_name": "posix",
}


def context_of(root: Path, files: dict[str, str], installed: dict[str, str]) -> Context:
    """Make a project with these requirement files and locks, and an environment with this metadata."""
    site_packages = root / ".venv" / "lib" / "python3.12" / "site-packages"
    for name, requires in installed.items():
        folder = site_packages / f"{name.replace('==', '-')}.dist-info"
        folder.mkdir(parents=True)
        only, _, version = name.partition("==")
        header = f"Metadata-Version: 2.1\nName: {only}\nVersion: {version}\n{requires}\n"
        (folder / "METADATA").write_text(f"{header}\nRequires-Dist: this-is-the-description\n")
    (root / ".venv").mkdir(parents=True, exist_ok=True)
    (root / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (root / "requirements").mkdir()
    for name, text in files.items():
        (root / "requirements" / name).write_text(text, encoding="utf-8")
    python = Interpreter(root, "3.12.1", "cpython", False, "test", MARKERS, root, "linux-x86_64")  # noqa: FBT003
    context = Context(
        Project(root, Settings()),
        Options(),
        {},
        "linux",
        Silent(),
        Report("setup"),
        environment.look(root / ".venv", "linux"),
        interpreter=python,
    )
    requirements.read(context)
    return context


def told(context: Context) -> list[str]:
    reasons, _ = completeness.look(context, {})
    return [f"{name}: {why[0].message.partition(' (')[0]}" for name, why in reasons.items()]


REDIS = {
    "redis==6.4.0": "Provides-Extra: hiredis\nRequires-Dist: hiredis>=3 ; extra == 'hiredis'",
}
HIREDIS = {"hiredis==3.2.1": ""}


@pytest.mark.parametrize(
    ("files", "installed", "expected"),
    [
        ({"base.in": "redis", "base.txt": "redis==6.4.0"}, REDIS, []),
        (
            {"base.in": "redis[hiredis]", "base.txt": "redis==6.4.0"},
            REDIS,
            ["base: requirements/base.txt has no pin for hiredis, which redis needs"],
        ),
        ({"base.in": "redis[hiredis]", "base.txt": "redis==6.4.0\nhiredis==3.2.1"}, REDIS | HIREDIS, []),
        (
            {"base.in": "redis", "base.txt": "redis==6.4.0\nhiredis==3.2.1"},
            REDIS | HIREDIS,
            ["base: requirements/base.txt pins hiredis, which nothing needs"],
        ),
        # What is not installed is unknown, and may need anything.
        ({"base.in": "redis[hiredis]", "base.txt": "redis==6.4.0"}, {}, []),
        ({"base.in": "redis\nsix", "base.txt": "redis==6.4.0\nsix==1\nhiredis==3.2.1"}, REDIS | HIREDIS, []),
        # Another version says nothing of the pinned one.
        ({"base.in": "redis[hiredis]", "base.txt": "redis==7.0.0"}, REDIS, []),
        # The layer that includes it is not installed, and follows.
        (
            {
                "base.in": "redis",
                "base.txt": "redis==6.4.0\nhiredis==3.2.1",
                "prod.in": "-r base.in\ngunicorn",
                "prod.txt": "redis==6.4.0\nhiredis==3.2.1\ngunicorn==23.0.0",
            },
            REDIS | HIREDIS,
            [
                "base: requirements/base.txt pins hiredis, which nothing needs",
                "prod: requirements/base.txt pins hiredis, which nothing needs",
            ],
        ),
        # A lock has no extras, so they are those of the file behind it.
        (
            {
                "base.in": "redis[hiredis]",
                "base.txt": "redis==6.4.0\nhiredis==3.2.1",
                "dev.in": "-r base.txt",
                "dev.txt": "redis==6.4.0\nhiredis==3.2.1",
            },
            REDIS | HIREDIS,
            [],
        ),
        # A layer that is only constrained needs nothing of the other.
        (
            {
                "base.in": "redis[hiredis]",
                "base.txt": "redis==6.4.0\nhiredis==3.2.1",
                "dev.in": "-c base.txt\nredis",
                "dev.txt": "redis==6.4.0",
            },
            REDIS | HIREDIS,
            [],
        ),
        # Made on another system or Python, where more was needed: it stays.
        (
            {"base.in": "tool", "base.txt": "tool==1\nextra-for-windows==1\nold==1"},
            {
                "tool==1": "Requires-Dist: extra-for-windows ; sys_platform == 'win32'\n"
                "Requires-Dist: old; python_full_version < '3.11.3'",
                "extra-for-windows==1": "",
                "old==1": "",
            },
            [],
        ),
        # Made on another system, where less was needed: it lacks something here.
        (
            {"base.in": "tool", "base.txt": "tool==1"},
            {"tool==1": "Requires-Dist: greenlet>=1 ; platform_machine == 'x86_64'"},
            ["base: requirements/base.txt has no pin for greenlet, which tool needs on this platform"],
        ),
        # A line for another system, and the pin it brought there.
        (
            {"base.in": "six\npywin32; sys_platform == 'win32'", "base.txt": "six==1\npywin32-helper==1"},
            {"six==1": "", "pywin32-helper==1": ""},
            [],
        ),
        (
            {"base.in": "six", "base.txt": "six==1\npywin32==1 ; sys_platform == 'win32'"},
            {"six==1": ""},
            [],
        ),
        # Extras that ask for extras, and a circle.
        (
            {"base.in": "a[all]", "base.txt": "a==1\nb==1"},
            {
                "a==1": "Provides-Extra: all\nProvides-Extra: some\nRequires-Dist: a[some]; extra == 'all'\n"
                "Requires-Dist: b; extra == 'some'",
                "b==1": "Requires-Dist: a[all]",
            },
            [],
        ),
    ],
)
def test_whole(tmp_path: Path, files: dict[str, str], installed: dict[str, str], expected: list[str]) -> None:
    assert told(context_of(tmp_path, files, installed)) == expected


TOOL = {"tool==1": "Requires-Dist: greenlet>=1 ; platform_machine == 'x86_64'"}
LACKING = {"base.in": "tool", "base.txt": "tool==1", "dev.in": "-r base.in", "dev.txt": "tool==1"}


def codes(context: Context) -> dict[str, set[str]]:
    reasons, _ = completeness.look(context, {})
    return {name: {reason.code for reason in why} for name, why in reasons.items()}


def test_a_lock_of_another_platform_is_known_by_what_it_lacks(tmp_path: Path, isolated: Path) -> None:
    context = context_of(tmp_path, LACKING, TOOL)
    assert codes(context) == {"base": {"other-platform"}, "dev": {"other-platform"}}
    reasons, _ = completeness.look(context, {})
    assert reasons["base"][0].package == "greenlet"
    assert "on this platform (platform_machine == 'x86_64')" in reasons["base"][0].message


@pytest.mark.parametrize(
    "requires",
    [
        # The extra may be new, so that the lock was right until now.
        "Provides-Extra: x\nRequires-Dist: greenlet ; extra == 'x' and platform_machine == 'x86_64'",
        "Requires-Dist: greenlet ; python_version >= '3.11'",
        "Requires-Dist: greenlet",
    ],
)
def test_what_is_missing_everywhere_tells_nothing_of_platforms(
    tmp_path: Path, isolated: Path, requires: str
) -> None:
    context = context_of(tmp_path, {"base.in": "tool[x]", "base.txt": "tool==1"}, {"tool==1": requires})
    assert codes(context) == {"base": {"stale-lock"}}


def test_what_this_machine_made_is_of_its_platform(tmp_path: Path, isolated: Path) -> None:
    context = context_of(tmp_path, LACKING, TOOL)
    memory.keep(context, context.layers)
    assert codes(context) == {"base": {"stale-lock"}, "dev": {"stale-lock"}}


def test_what_pip_compile_has_just_answered_is_not_asked_again(tmp_path: Path) -> None:
    context = context_of(tmp_path, {"base.in": "redis[hiredis]", "base.txt": "redis==6.4.0"}, REDIS)
    context.compiled = frozenset({"base"})
    assert told(context) == []


def test_an_environment_that_is_to_be_rebuilt_tells_nothing(tmp_path: Path) -> None:
    context = context_of(tmp_path, {"base.in": "redis[hiredis]", "base.txt": "redis==6.4.0"}, REDIS)
    context.ailment = "it is old"
    assert told(context) == []


def test_an_extra_that_does_not_exist_is_a_warning(tmp_path: Path) -> None:
    files = {"base.in": "# cache\nredis[hiredsi]", "base.txt": "redis==6.4.0", "dev.in": "-r base.in"}
    reasons, [problem] = completeness.look(context_of(tmp_path, files, REDIS), {"dev": ()})
    assert reasons == {}
    assert (problem.code, problem.severity, problem.file, problem.line) == (
        "no-such-extra",
        "warning",
        "requirements/base.in",
        2,
    )


def test_an_extra_is_added_and_taken_out_again(project: Path, bootstrap: Bootstrap) -> None:
    base, folder = project / "requirements" / "base.in", project / "requirements"
    assert bootstrap(cwd=project).code == 0
    plain = command.versions(folder / "production.txt")

    base.write_text("psycopg[binary]\nredis\n", encoding="utf-8")
    done = bootstrap("--check", "--json", cwd=project)
    assert (done.code, done.codes) == (3, ["stale-lock"])
    assert bootstrap(cwd=project).code == 0
    binary = command.versions(folder / "production.txt")
    assert {name: binary[name] for name in plain} == plain
    assert set(binary) - set(plain) == {"psycopg-binary"}
    assert "psycopg-binary" in command.distributions(project)
    assert bootstrap("--check", cwd=project).code == 0

    base.write_text("psycopg\nredis\n", encoding="utf-8")
    assert bootstrap("--check", cwd=project).code == 3
    assert bootstrap(cwd=project).code == 0
    assert command.versions(folder / "production.txt") == plain
    assert "psycopg-binary" not in command.distributions(project)
    assert bootstrap("--check", cwd=project).code == 0


def test_a_clone_whose_lock_lacks_something_is_mended_in_one_run(project: Path, bootstrap: Bootstrap) -> None:
    """It is known only after installing: the lock's text says nothing of extras."""
    folder = project / "requirements"
    (folder / "base.in").write_text("psycopg[binary]\nredis\n", encoding="utf-8")
    done = bootstrap("--json", cwd=project)
    assert done.code == 0, done.err
    assert [step["name"] for step in done.document["steps"]] == [
        "python",
        "venv",
        "locks",
        "install",
        "gitignore",
        "env",
    ]
    assert (done.statuses["locks"], done.statuses["install"]) == ("changed", "changed")
    assert "psycopg-binary" in command.versions(folder / "production.txt")
    assert command.distributions(project) == command.versions(folder / "dev.txt")
    assert bootstrap(cwd=project).err.startswith("up to date")


def test_such_a_clone_is_an_error_where_locks_are_given(project: Path, bootstrap: Bootstrap) -> None:
    (project / "requirements" / "base.in").write_text("psycopg[binary]\nredis\n", encoding="utf-8")
    for _ in range(2):
        done = bootstrap("--locked", "--json", cwd=project)
        assert (done.code, done.codes) == (3, ["stale-lock"]), done.err
        assert done.statuses["locks"] == "failed"


URL = "web @ https://h/web.zip --hash=sha256:00"


@pytest.mark.parametrize(
    ("files", "requires", "expected"),
    [
        (
            {"base.in": "web\nside"},
            "Requires-Dist: web",
            ["base: web @ https://h/web.zip is an address that nothing asks for"],
        ),
        ({"base.in": "web\nside"}, "Requires-Dist: web @ https://h/web.zip", []),
        ({"base.in": "web @ https://h/web.zip\nside"}, "Requires-Dist: web", []),
        ({"base.in": "https://h/web.zip\nside"}, "Requires-Dist: web", []),
        (
            {"base.in": "-c limits.txt\nside", "limits.txt": "web @ https://h/web.zip"},
            "Requires-Dist: web",
            [],
        ),
        ({"base.in": "-r https://h/more.txt\nside"}, "Requires-Dist: web", []),
    ],
)
def test_an_address_that_became_a_name(
    tmp_path: Path, files: dict[str, str], requires: str, expected: list[str]
) -> None:
    lock = f"{URL}\n    # via\n    #   side\nside==1.0\n"
    installed = {"side==1.0": requires, "web==1.0": ""}
    assert told(context_of(tmp_path, {**files, "base.txt": lock}, installed)) == expected


def test_nothing_is_told_of_an_address_where_what_needs_it_is_not_installed(tmp_path: Path) -> None:
    files = {"base.in": "web\nside", "base.txt": f"{URL}\n    # via\n    #   side\nside==1.0\n"}
    assert told(context_of(tmp_path, files, {"side==2.0": "", "web==1.0": ""})) == []


@pytest.mark.parametrize("line", ["", "-c base.txt\n", "-r base.in\n"])
def test_an_address_that_another_layer_asks_for(tmp_path: Path, line: str) -> None:
    """All layers are resolved together, so each holds the address."""
    lock = f"{URL}\n    # via\n    #   side\nside==1.0\n"
    files = {
        "base.in": "web @ https://h/web.zip",
        "base.txt": f"{URL}\n",
        "dev.in": f"{line}side",
        "dev.txt": lock,
    }
    installed = {"side==1.0": "Requires-Dist: web", "web==1.0": ""}
    assert told(context_of(tmp_path, files, installed)) == []


def test_an_address_that_a_package_of_another_layer_asks_for(tmp_path: Path) -> None:
    own = f"{URL}\n    # via side\nside==1.0\n"
    other = f"{URL}\n    # via tool\ntool==1.0\n"
    files = {"base.in": "side", "base.txt": own, "other.in": "tool", "other.txt": other}
    installed = {"side==1.0": "Requires-Dist: web", "web==1.0": ""}
    assert told(context_of(tmp_path, files, installed)) == []
    installed["tool==1.0"] = "Requires-Dist: web @ https://h/web.zip"
    assert told(context_of(tmp_path / "both", files, installed)) == []
