"""Asking git: what it ignores, and what it tracks that belongs to one machine alone."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bootstrap.report import Problem, Severity
from bootstrap.system import processes

_TIMEOUT = 60.0
# A repository's own configuration may name a program as fsmonitor, which `git ls-files` would start.
_HARMLESS = ("-c", "core.fsmonitor=false", "--no-optional-locks")
_OWN_FILES = ("index", "info/exclude", "config")
_TEMPLATES = (".defaults", ".dist", ".example", ".sample", ".template")


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository, seen from a project in it.

    ``prefix`` is the project's folder from the top of the work tree: empty, or with a ``/`` at its end.
    ``own_files`` are those of the repository itself that decide what it ignores and tracks.
    """

    git: Path
    root: Path
    prefix: str
    own_files: tuple[Path, ...]

    def ask(self, *words: str, stdin: str | None = None) -> processes.Completed:
        """Run a git command in the project."""
        return _ask(self.git, self.root, *words, stdin=stdin)


@dataclass(frozen=True, slots=True)
class Refused:
    """Git refuses a repository that another user owns; ``hint`` is the command that git itself names."""

    hint: str


def repository(root: Path, search_path: str | None) -> Repository | Refused | None:
    """Return the repository that the project at ``root`` lies in; None without git or outside a repository.

    ``search_path`` is the ``PATH`` to find git on; a git that lies in the project is not taken.
    """
    git = processes.find("git", search_path, outside=root)
    if git is None:
        return None
    files = [word for name in _OWN_FILES for word in ("--git-path", name)]
    done = _ask(git, root, "rev-parse", "--is-inside-work-tree", "--show-prefix", *files)
    if done.returncode == 0:
        inside, *lines = done.stdout.removesuffix("\n").split("\n")
        # The name of a folder may hold a line break; the files are told relative to it.
        prefix, own = "\n".join(lines[: -len(_OWN_FILES)]), lines[-len(_OWN_FILES) :]
        return Repository(git, root, prefix, tuple(root / path for path in own)) if inside == "true" else None
    advice = re.search(r"^\s*(git config .*safe\.directory.*)$", done.stderr, re.MULTILINE)
    return Refused(advice[1].strip()) if advice else None


def deciding_files(repo: Repository, environ: Mapping[str, str], home: Path) -> tuple[Path, ...]:
    """Return the files whose change may change what git ignores or tracks; a missing one may appear."""
    named = repo.ask("config", "--path", "core.excludesFile").stdout.strip()
    user = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "git"
    depth = repo.prefix.count("/")
    above = [folder / ".gitignore" for folder in repo.root.parents[:depth]]
    excludes = Path(named) if named else user / "ignore"
    return (*repo.own_files, *above, excludes, home / ".gitconfig", user / "config")


def ignored(repo: Repository, probes: Sequence[str], venv: str) -> frozenset[str] | None:
    """Return the probes that git ignores; None where it cannot say, as for a path beyond a link.

    A rule in a file inside the environment does not count (virtualenv writes ``*`` to ``.venv/.gitignore``):
    the answer must not depend on whether the environment exists. ``--no-index`` as a tracked file is else
    never ignored.
    """
    asked = "".join(f"{probe}\0" for probe in probes)
    done = repo.ask("check-ignore", "--no-index", "--verbose", "--stdin", "-z", stdin=asked)
    if done.returncode not in (0, 1):
        return None
    fields = done.stdout.split("\0")
    matches = zip(fields[0::4], fields[2::4], fields[3::4], strict=False)
    inside = f"{repo.prefix}{venv}/"
    return frozenset(
        path for source, rule, path in matches if not rule.startswith("!") and not source.startswith(inside)
    )


def tracked(repo: Repository, venv: str, env_file: str, env_example: str) -> list[Problem]:
    """Return a problem for everything tracked that must not be: values, the environment, compiled files.

    Only the ``.env`` of the project itself is an error.
    """
    specs = [_spec(env_file), _spec(f"{env_file}.*", glob=True), f":(literal){venv}", ":(glob)**/*.pyc"]
    done = repo.ask("ls-files", "-z", "--", *specs, ":(glob)**/__pycache__/**")
    paths = [path for path in done.stdout.split("\0") if path]
    inside = [path for path in paths if f"{path}/".startswith(f"{venv}/")]
    others = [path for path in paths if path not in set(inside)]
    compiled = [path for path in others if path.endswith(".pyc") or "__pycache__/" in path]
    values = [path for path in others if path not in set(compiled) and not _is_template(path, env_example)]
    return [
        *(_values_tracked(path, own=path == env_file) for path in values),
        *_environment_tracked(inside, venv),
        *_compiled_tracked(compiled),
    ]


def versions_of(repo: Repository, path: str, most: int) -> list[str]:
    """Return every line that a file had in its last versions that git holds, without the order."""
    words = ("-p", "-U0", "--no-color", "--no-ext-diff", "--no-textconv", "--format=", f"--max-count={most}")
    done = repo.ask("log", *words, "--", f":(literal){path}")
    lines = done.stdout.split("\n") if done.returncode == 0 else []
    return [line[1:] for line in lines if line[:1] in ("+", "-") and not line.startswith(("+++", "---"))]


def refused(refusal: Refused) -> Problem:
    """Return what to tell where git does not answer."""
    message = (
        "git does not trust this repository, as it belongs to another user: nothing tracked was looked at"
    )
    return Problem("git-refuses", message, refusal.hint, severity=Severity.WARNING)


def _values_tracked(path: str, *, own: bool) -> Problem:
    message = f"{path} is tracked by git: change the secrets that were committed, they stay in the history"
    severity = Severity.ERROR if own else Severity.WARNING
    return Problem("tracked-by-git", message, f"git rm --cached {_quoted(path)}", path, severity=severity)


def _environment_tracked(paths: Sequence[str], venv: str) -> list[Problem]:
    if not paths:
        return []
    message = f"{venv} is tracked by git ({len(paths)} files): it fits this machine alone"
    hint = f"git rm -r --cached {_quoted(venv)}"
    return [Problem("tracked-by-git", message, hint, venv, severity=Severity.WARNING)]


def _compiled_tracked(paths: Sequence[str]) -> list[Problem]:
    if not paths:
        return []
    message = f"compiled files are tracked by git ({len(paths)}), the first is {paths[0]}"
    patterns = {'"*.pyc"' if path.endswith(".pyc") else '"*__pycache__/*"' for path in paths}
    hint = f"git rm --cached {' '.join(sorted(patterns))}"
    return [Problem("tracked-by-git", message, hint, paths[0], severity=Severity.WARNING)]


def _is_template(path: str, env_example: str) -> bool:
    return path == env_example or path.endswith(_TEMPLATES)


def _spec(name: str, *, glob: bool = False) -> str:
    """Return the pathspec of a file: at any depth where the name has no folder, as in ``.gitignore``."""
    escaped = re.sub(r"([\\*?\[])", r"\\\1", name.removesuffix(".*") if glob else name) + (
        ".*" if glob else ""
    )
    return f":(glob){escaped}" if "/" in name else f":(glob)**/{escaped}"


def _quoted(path: str) -> str:
    """Quote a path for any shell where that can be, for POSIX ones where a shell would read more into it."""
    if re.fullmatch(r"[\w./+-]+", path):
        return path
    return shlex.quote(path) if re.search(r'["$`\\!%\n]', path) else f'"{path}"'


def _ask(git: Path, root: Path, *words: str, stdin: str | None = None) -> processes.Completed:
    return processes.run([git, *_HARMLESS, *words], cwd=root, timeout=_TIMEOUT, stdin=stdin)
