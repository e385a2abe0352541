"""The no-op route, which asks whether everything is as the last run left it.

Costs a few milliseconds, so it imports os, sys, json and re and nothing else. It compares every file that
run read or wrote, every variable it looked at and every installed distribution with the stamp; at the first
difference, or where anything is odd, it answers None and the whole run decides. Deleting the stamp changes
the time a run takes, never its result.
"""

from __future__ import annotations

import os
import re
import sys

from bootstrap import __version__

_MARKS = (".python-version", "requirements", "requirements.in", "pyproject.toml")
_COMMANDS = ("setup", "lock")
_PLAIN = frozenset({*_COMMANDS, "-q", "--quiet", "--json", "--check"})
# Set by the shell that asks what may stand on its command line; there are no arguments then.
COMPLETING = "_BOOTSTRAP_COMPLETE"
_DIST_INFO = re.compile(r"(.+?)-([^-]+)\.dist-info")


def answer(arguments: list[str]) -> int | None:
    """Print that all is up to date and return the exit code 0, or return None where there may be work."""
    words = frozenset(arguments)
    commands = [word for word in arguments if word in _COMMANDS]
    if not words <= _PLAIN or len(commands) > 1 or COMPLETING in os.environ:
        return None
    try:
        stamp = _stamp(root_of(os.getcwd()))
        if stamp is None or not _holds(stamp):
            return None
        _print(stamp, words)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # A stamp that is damaged, or a file that vanished meanwhile: the whole run will see.
        return None
    return 0


def root_of(folder: str) -> str:
    """Find the project as `project.find_root` does; raises ``FileNotFoundError`` where there is none."""
    folder = os.path.realpath(folder)
    while not any(os.path.exists(os.path.join(folder, mark)) for mark in _MARKS):
        parent = os.path.dirname(folder)
        if parent == folder or os.path.exists(os.path.join(folder, ".git")):
            raise FileNotFoundError
        folder = parent
    return folder


def _stamp(root: str) -> dict[str, object] | None:
    import json

    path = os.path.join(root, _venv(root), ".bootstrap.json")
    with open(path, encoding="utf-8") as file:
        stamp = json.load(file)
    if stamp["tool"] != __version__ or stamp["root"] != root:
        return None
    stamp["written"] = os.stat(path).st_mtime_ns
    return stamp  # type: ignore[no-any-return]


def _venv(root: str) -> str:
    """Return the environment's folder: a guess, which the state of pyproject.toml in the stamp confirms."""
    named = os.environ.get("BOOTSTRAP_VENV")
    if not named:
        try:
            with open(os.path.join(root, "pyproject.toml"), encoding="utf-8") as file:
                table = re.search(
                    r"^\[tool\.bootstrap\]\s*$(.*?)(?=^\[|\Z)", file.read(), re.MULTILINE | re.DOTALL
                )
        except FileNotFoundError:
            table = None
        match = table and re.search(r"""^venv\s*=\s*["']([^"']+)["']""", table[1], re.MULTILINE)
        named = match[1] if match else ".venv"
    return named


def _holds(stamp: dict) -> bool:  # type: ignore[type-arg]
    return (
        _variables() == stamp["variables"]
        and all(os.environ.get(name) == value for name, value in stamp["watched"].items())
        and not any(key in os.environ for key in stamp["keys"])
        and all(state_of(path) == state for path, state in stamp["files"].items())
        and all(state is None or state[1] < stamp["written"] for state in stamp["files"].values())
        and requirement_files(stamp["root"]) == stamp["requirement_files"]
        and distributions(stamp["site_packages"]) == stamp["distributions"]
    )


def _variables() -> dict[str, str]:
    return variables(os.environ)


def variables(environ) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """Return the variables that decide what a run does."""
    return {name: environ[name] for name in environ if name == "CI" or name.startswith("BOOTSTRAP_")}


def state_of(path: str | os.PathLike[str]) -> list[int] | None:
    """Return the state of a file, None for one that is not there."""
    try:
        return state(os.stat(path))
    except (FileNotFoundError, NotADirectoryError):
        return None


def state(seen: os.stat_result) -> list[int]:
    """Return what tells one state of a file from another: its size, its time in nanoseconds, its mode.

    And the time of its last change of any kind: programs that copy files set the other one.
    """
    return [seen.st_size, seen.st_mtime_ns, seen.st_mode, seen.st_ctime_ns]


def requirement_files(root: str) -> list[str]:
    """Return the requirement files that lie at a project's root; a new one may be a new layer."""
    return sorted(name for name in os.listdir(root) if name.endswith(".in"))


def distributions(site_packages: str) -> list[str]:
    """Return what is installed, a word each; names in their normal form (PEP 503).

    One that lost its list of files is damaged, and told apart.
    """
    found = map(_DIST_INFO.fullmatch, os.listdir(site_packages))
    return sorted(_distribution(site_packages, match) for match in found if match)


def _distribution(site_packages: str, match: re.Match[str]) -> str:
    name = re.sub(r"[-_.]+", "-", match[1]).lower()
    whole = os.path.exists(os.path.join(site_packages, match[0], "RECORD"))
    return f"{name}=={match[2]}" if whole else f"{name}=={match[2]} damaged"


def _print(stamp: dict, words: frozenset[str]) -> None:  # type: ignore[type-arg]
    run = stamp["runs"]["lock" if "lock" in words else "setup"]
    if "--json" in words:
        import json

        sys.stdout.write(json.dumps(run["report"]) + "\n")
    if not words & {"-q", "--quiet"}:
        sys.stderr.write(run["summary"] + "\n")
