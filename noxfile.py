"""The project's jobs: ``nox -s tests`` is what the README and CI call; ``nox -l`` lists the others."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import nox

PYPROJECT = nox.project.load_toml("pyproject.toml")
ENGINE = Path("bootstrap/locks/compiler-environment.txt")

nox.options.default_venv_backend = "virtualenv"
nox.options.sessions = ["tests", "lint", "types"]

# A file's tests share what is slow to make.
PARALLEL = ["--numprocesses=auto", "--dist=loadfile"]


def _group(name: str) -> list[str]:
    return list(nox.project.dependency_groups(PYPROJECT, name))


class Range(NamedTuple):
    """The lowest and the highest release that the engine is tested with, each as far as it is written."""

    low: str
    high: str

    @property
    def end(self) -> str:
        """The first release behind the range."""
        *before, last = self.high.split(".")
        return ".".join([*before, str(int(last) + 1)])


def _tested(session: nox.Session) -> dict[str, Range]:
    """Return the range of pip and that of pip-tools, as the installed tool has them."""
    code = "import json; from bootstrap.locks import pip_tools; print(json.dumps(pip_tools._TESTED))"
    told = json.loads(str(session.run("python", "-c", code, silent=True)))
    return {name: Range(*(".".join(map(str, end)) for end in ends)) for name, ends in told.items()}


def _test(session: nox.Session) -> None:
    session.run("pytest", *PARALLEL, "-m", "not network and not faults", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests that need no network."""
    session.install("-e", ".", *_group("test"))
    _test(session)


@nox.session
def minimums(session: nox.Session) -> None:
    """Run the tests with the lowest version of each dependency that pyproject.toml allows."""
    lowest = [
        requirement.split("#")[0].split(",")[0].replace(">=", "==")
        for requirement in PYPROJECT["project"]["dependencies"]
    ]
    session.install("-e", ".", *_group("test"), *lowest)
    _test(session)


ENGINE_TESTS = [f"tests/locks/{name}" for name in ("worker", "test_worker.py", "test_failures.py")]
ENGINE_TESTS.append("tests/locks/test_cooldown.py")
PYTHONS = ["3.9", "3.10", "3.11", "3.12", "3.13", "3.14"]
# Prints where the tool finds a Python: it knows of more places than virtualenv does.
FIND = """
import sys
from bootstrap.pythons import discovery, installed, request
asked = request.Asked(sys.argv[1], request.Origin.OPTION)
found = discovery.search(request.parse(asked), installed.here()).interpreter
print(found.base if found else "")
"""


@nox.session
def engine(session: nox.Session) -> None:
    """Run the engine with the lowest and highest pip and pip-tools, then with what ships for each Python."""
    session.install("-e", ".", *_group("test"))
    tested = _tested(session)
    for end in ({name: found.low for name, found in tested.items()}, {}):
        wanted = [f"{name}=={end.get(name, f'{found.high}.*')}" for name, found in tested.items()]
        session.install("--upgrade", *wanted)
        session.run("pytest", *PARALLEL, *ENGINE_TESTS, *session.posargs)
    for python in PYTHONS:
        _engine_of(session, python)


def _engine_of(session: nox.Session, python: str) -> None:
    """Install the lock that ships for another Python, and run the engine there."""
    found = str(session.run("python", "-c", FIND, python, silent=True)).strip()
    if not found:
        session.log(f"Python {python} is not here: skipped")
        return
    made = Path(session.create_tmp()).absolute() / python
    session.run("python", "-m", "virtualenv", "--quiet", "--clear", f"--python={found}", str(made))
    programs = made / ("Scripts" if sys.platform == "win32" else "bin")
    installed = ["--require-hashes", "--no-deps", "--requirement", str(ENGINE)]
    session.run("uv", "pip", "install", "--quiet", f"--python={programs / 'python'}", *installed)
    tests = [name for name in ENGINE_TESTS if not name.endswith("worker")]
    session.run(
        "pytest", *PARALLEL, *tests, *session.posargs, env={"ENGINE_PYTHON": str(programs / "python")}
    )


@nox.session
def integration(session: nox.Session) -> None:
    """Run the real input against the configured package index, with every Python that is installed."""
    session.install("-e", ".[fast]", *_group("test"))
    session.run("pytest", "-m", "network", *session.posargs)


@nox.session
def faults(session: nox.Session) -> None:
    """Kill a set-up at hundreds of moments and run it again: the result equals a clean run."""
    session.install("-e", ".", *_group("test"))
    session.run("pytest", "-m", "faults", "-s", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    session.install(*_group("lint"))
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Check types, strictly."""
    session.install("-e", ".", *_group("types"), "nox")
    session.run("mypy")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure against uv and against pip-tools and virtualenv by hand, side by side; prints ratios."""
    session.install(".[fast]", *_group("test"))
    session.run("python", "-P", "-m", "tests.bench", *session.posargs, env={"PYTHONPATH": "."})
    for subject in ("locking", "upgrades", "env", "scaffold"):
        session.run("python", "-P", "-m", f"tests.bench.{subject}", env={"PYTHONPATH": "."})


@nox.session
def wheel(session: nox.Session) -> None:
    """Build the wheel, install it alone, and run it from an empty folder."""
    session.install("build")
    dist = Path(session.create_tmp()) / "dist"
    shutil.rmtree(dist, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(dist))
    session.install("--force-reinstall", *map(str, dist.glob("*.whl")))
    empty = Path(session.create_tmp()) / "empty"
    empty.mkdir(exist_ok=True)
    session.chdir(empty)
    session.run("bootstrap", "--version")
    session.run("bootstrap", "--help", silent=True)


@nox.session(name="compiler-environment")
def compiler_environment(session: nox.Session) -> None:
    """Lock anew what pip-compile runs on for Pythons other than the tool's own."""
    session.install("-e", ".", *_group("test"))
    wanted = Path(session.create_tmp()) / "compiler.in"
    bounds = [f"{name}>={tested.low},<{tested.end}" for name, tested in _tested(session).items()]
    wanted.write_text("\n".join([*bounds, "setuptools", "wheel", ""]), encoding="utf-8")
    head = "".join(f"{line}\n" for line in ENGINE.read_text(encoding="utf-8").splitlines()[:2])
    options = ["--universal", "--python-version=3.9", "--generate-hashes", "--no-annotate", "--no-header"]
    locked = session.run("uv", "pip", "compile", "--quiet", *options, str(wanted), silent=True)
    ENGINE.write_text(head + str(locked), encoding="utf-8")
