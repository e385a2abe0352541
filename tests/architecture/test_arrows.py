"""The rules of the layout, kept by reading the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "bootstrap"
WORKER = PACKAGE / "locks" / "worker"
ASKER = PACKAGE / "upgrades" / "asker"
# Programs of their own, which run without this package.
FILES = sorted(
    path
    for path in PACKAGE.rglob("*.py")
    if not path.is_relative_to(WORKER) and not path.is_relative_to(ASKER)
)
SUBJECTS = ("pythons", "environments", "locks", "envfiles", "gitignore")
# What each part may import, besides itself.
GROUND = {"exit_codes", "report", "errors", "progress", "wording"}
BELOW_SUBJECTS = GROUND | {"system", "pip", "project", "settings"}
ALLOWED: dict[str, set[str]] = {
    "exit_codes": set(),
    "report": {"exit_codes"},
    "wording": set(),
    "errors": {"exit_codes", "report"},
    "progress": {"report"},
    "settings": {"errors"},
    "project": {"errors", "settings"},
    "unchanged": set(),
    "system": GROUND,
    "pip": GROUND,
    "ui": GROUND | {"system"},
    **dict.fromkeys(SUBJECTS, BELOW_SUBJECTS),
    "values": BELOW_SUBJECTS | set(SUBJECTS),
    "setup": BELOW_SUBJECTS | set(SUBJECTS) | {"unchanged", "values"},
    "scaffold": BELOW_SUBJECTS | set(SUBJECTS),
    # An upgrade reads a project, and finds its Python and its pip-tools, as a set-up does.
    "upgrades": BELOW_SUBJECTS | set(SUBJECTS) | {"setup"},
    "cli": BELOW_SUBJECTS | {"setup", "upgrades", "scaffold", "ui", "unchanged", "values"} | set(SUBJECTS),
    "__main__": {"unchanged", "cli", "system"},
    "__init__": set(),
}


def part(path: Path) -> str:
    relative = path.relative_to(PACKAGE)
    return relative.parts[0].removesuffix(".py")


def imported(tree: ast.AST) -> Iterator[str]:
    """Name every module a file imports; ``from a import b`` counts as ``a.b``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_arrows_run_down(path: Path) -> None:
    own = part(path)
    names = {
        name.split(".")[1] for name in imported(ast.parse(path.read_text())) if name.startswith("bootstrap.")
    }
    assert names - {own, "__version__"} <= ALLOWED[own]


@pytest.mark.parametrize(
    ("module", "parts"),
    [
        ("subprocess", {"system"}),
        ("time", {"system"}),
        ("shutil", {"system", "environments"}),
        ("tempfile", {"system"}),
        ("signal", {"system", "cli"}),
    ],
)
def test_effects_stay_in_their_part(module: str, parts: set[str]) -> None:
    using = {
        part(path)
        for path in FILES
        if module in {n.split(".")[0] for n in imported(ast.parse(path.read_text()))}
    }
    assert using <= parts


def calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize(
    ("endings", "parts"),
    [
        (("print", "sys.stdout.write", "sys.stderr.write"), {"ui", "cli", "unchanged"}),
        (("sys.exit",), {"cli", "__main__"}),
        (
            (".write_text", ".write_bytes", ".unlink", ".rename", ".mkdir", "os.replace", "os.open"),
            {"system"},
        ),
    ],
)
def test_calls_stay_in_their_part(endings: tuple[str, ...], parts: set[str]) -> None:
    using = {
        part(path) for path in FILES for call in calls(ast.parse(path.read_text())) if call.endswith(endings)
    }
    assert using <= parts


def attributes(tree: ast.AST) -> Iterator[ast.Attribute]:
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))


def test_the_environment_is_read_in_one_part() -> None:
    trees = {path: ast.parse(path.read_text()) for path in FILES}
    using = {
        part(path)
        for path, tree in trees.items()
        if "os.environ" in {*imported(tree), *map(ast.unparse, attributes(tree))}
    }
    assert using <= {"system", "unchanged", "__main__"}


def test_nothing_goes_through_a_shell() -> None:
    assert not [path for path in FILES if "shell=" in path.read_text()]


def modules() -> list[str]:
    names = [path.relative_to(PACKAGE.parent).with_suffix("").parts for path in FILES]
    return [".".join(words[:-1] if words[-1] == "__init__" else words) for words in names]


def test_every_module_imports_alone() -> None:
    """Each in a fresh interpreter with warnings as errors: no circle hides behind the order of imports."""
    code = (
        "import importlib, os, sys\n"
        "for name in sys.argv[1:]:\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        importlib.import_module(name)\n"
        "        os._exit(0)\n"
        "    if os.waitpid(pid, 0)[1]:\n"
        "        sys.exit(name)\n"
    )
    if not hasattr(__import__("os"), "fork"):
        pytest.skip("one process a module takes minutes where there is no fork; the other systems test it")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *modules()], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", [WORKER, ASKER])
def test_a_program_needs_nothing_of_this_package(folder: Path) -> None:
    names = [name for path in folder.glob("*.py") for name in imported(ast.parse(path.read_text()))]
    assert not [name for name in names if name.startswith("bootstrap")]


def test_one_file_takes_hold_of_pip() -> None:
    taking = {
        path.name
        for path in WORKER.glob("*.py")
        for name in imported(ast.parse(path.read_text()))
        if name.split(".")[0] in ("pip", "piptools")
    }
    assert taking == {"hooks.py"}
