"""The project's jobs: ``nox -s tests`` is what the README and CI call; ``nox -l`` lists the others."""

from __future__ import annotations

import shutil
from pathlib import Path

import nox

PYPROJECT = nox.project.load_toml("pyproject.toml")
ENGINE = Path("bootstrap/locks/compiler-environment.txt")

nox.options.default_venv_backend = "virtualenv"
nox.options.sessions = ["tests", "lint", "types"]


def _group(name: str) -> list[str]:
    return list(nox.project.dependency_groups(PYPROJECT, name))


def _test(session: nox.Session) -> None:
    # A file's tests share what is slow to make.
    parallel = ["--numprocesses=auto", "--dist=loadfile"]
    session.run("pytest", *parallel, "-m", "not network and not faults", *session.posargs)


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
    """Measure against uv and against virtualenv + pip-sync by hand, side by side; prints ratios."""
    session.install(".[fast]", *_group("test"))
    session.run("python", "-P", "-m", "tests.bench", *session.posargs, env={"PYTHONPATH": "."})
    session.run("python", "-P", "-m", "tests.bench.upgrades", env={"PYTHONPATH": "."})
    session.run("python", "-P", "-m", "tests.bench.env", env={"PYTHONPATH": "."})
    session.run("python", "-P", "-m", "tests.bench.scaffold", env={"PYTHONPATH": "."})


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
    session.install(*_group("test"))
    wanted = Path(session.create_tmp()) / "compiler.in"
    bound = next(line for line in PYPROJECT["project"]["dependencies"] if line.startswith("pip-tools"))
    wanted.write_text(f"{bound}\npip\nsetuptools\nwheel\n", encoding="utf-8")
    head = "".join(f"{line}\n" for line in ENGINE.read_text(encoding="utf-8").splitlines()[:2])
    options = ["--universal", "--python-version=3.9", "--generate-hashes", "--no-annotate", "--no-header"]
    locked = session.run("uv", "pip", "compile", "--quiet", *options, str(wanted), silent=True)
    ENGINE.write_text(head + str(locked), encoding="utf-8")
