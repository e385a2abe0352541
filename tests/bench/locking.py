"""Locking, against pip-compile as it is and uv, on an index whose pages are as long as the real one's.

``python -P -m tests.bench.locking`` prints a table with the number of requests by kind, and writes JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shlex
import shutil
import ssl
import subprocess
import sys
import sysconfig
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path

import platformdirs

from tests.bench import packages
from tests.bench.timing import Case, Times, alternate

SCRIPTS = Path(sysconfig.get_path("scripts"))
FOLDER = "requirements"
OLD = ("pip-tools==7.6.0", "pip==26.1", "click==8.4.2")
"""The last pip-tools that finds hashes by the JSON API, with what was current then."""

OURS, NEWEST, OLDER, UV = "bootstrap lock", "3 x newest pip-compile", "3 x pip-compile 7.6.0", "3 x uv"
ALONE = "the union alone"
FRESH, WARM, COLD = "nothing stale", "warm cache, no locks", "cold cache, no locks, 25 ms"
ADDED, PLAIN, MANY = "one line added, warm", "plain HTML, nothing kept", "12 layers, 300 pins, warm"
TARGETS = (
    (FRESH, NEWEST, OURS, 50.0),
    (WARM, NEWEST, OURS, 5.0),
    (WARM, OLDER, OURS, 3.5),
    (COLD, OLDER, OURS, 6.0),
    (COLD, UV, OURS, 1 / 2),
    (ADDED, NEWEST, OURS, 5.0),
    (PLAIN, NEWEST, OURS, 5.0),
    (MANY, ALONE, OURS, 1 / 1.5),
)
"""Row, the command compared with, ours, and at least how many times faster than the former the latter is."""

ONE_COMPILE = "one pip-compile"
MEMORY = 1.5

# Runs a command and tells the memory of the largest process among it and its children, in the unit of the
# system: it must be small itself, as a child begins with the size of its parent.
_PEAK = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@dataclass(frozen=True)
class Subject:
    """A project for one command, with caches of its own."""

    name: str
    command: Sequence[str]
    root: Path
    index: str
    certificate: Path
    layers: Mapping[str, str]

    @property
    def caches(self) -> Path:
        return self.root.with_name(f"{self.root.name}-caches")

    @property
    def folder(self) -> Path:
        return self.root / FOLDER

    @property
    def environ(self) -> dict[str, str]:
        return {
            "PIP_CONFIG_FILE": "/dev/null",
            "PIP_INDEX_URL": f"{self.index}/simple",
            "PIP_CACHE_DIR": str(self.caches / "pip"),
            "PIP_TOOLS_CACHE_DIR": str(self.caches / "pip-tools"),
            "PIP_CERT": str(self.certificate),
            "SSL_CERT_FILE": str(self.certificate),
            "UV_DEFAULT_INDEX": f"{self.index}/simple",
            "UV_CACHE_DIR": str(self.caches / "uv"),
            "BOOTSTRAP_CACHE_DIR": str(self.caches / "bootstrap"),
            # pip takes an empty value for none; the environments in here must not be found as a project's.
            **dict.fromkeys(("PIP_FIND_LINKS", "CI", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE"), ""),
        }

    @property
    def settled(self) -> Path:
        """Exists where the project was set up."""
        return self.root.with_name(f"{self.root.name}-settled")

    def make(self) -> None:
        """Write the project."""
        self.folder.mkdir(parents=True)
        subprocess.run(["git", "init", "--quiet", self.root], check=True)
        (self.root / ".python-version").write_text(platform.python_version(), encoding="utf-8")
        for name, text in self.layers.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def case(self, prepare: Callable[[Subject], None]) -> Case:
        return Case(self.name, self.command, self.root, self.environ, lambda: prepare(self))


@dataclass
class Results:
    """Times by row, requests by row and command, and the peak memory in kilobytes."""

    times: dict[str, list[Times]] = field(default_factory=dict)
    requests: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    memory: dict[str, int] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.locking", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--only", default="", help="only rows whose title has this word")
    options = parser.parse_args()
    results = measured(options.rounds, options.only)
    show(results)
    if options.json:
        options.json.write_text(json.dumps(as_data(results), indent=2) + "\n", encoding="utf-8")


def measured(rounds: int, only: str = "") -> Results:
    """Measure every row, or those whose title has a word."""
    results = Results()
    with tempfile.TemporaryDirectory(prefix="bench-") as named, served(folder := Path(named)) as index:
        subjects = dict(made(folder, index, results))
        for subject in subjects.values():
            subject.make()
        for title, names, prepare, settings in rows():
            if only in title:
                tell(index, settings)
                chosen = [subjects[name].case(prepare) for name in names if name in subjects]
                results.times[title] = alternate(chosen, rounds)
                results.requests[title] = {case.name: requests_of(case, index) for case in chosen}
                tell(index, "latency=0")
        if only in WARM:
            results.memory = peaks(subjects[OURS], subjects[NEWEST])
    return results


Row = tuple[str, Sequence[str], Callable[[Subject], None], str]


def rows() -> Iterator[Row]:
    """Yield each row: its title, whose projects, what comes before each round, how the index answers."""
    yield WARM, (OURS, NEWEST, OLDER, UV), without_locks, "latency=0"
    yield ADDED, (OURS, NEWEST, OLDER, UV), with_a_line_more, "latency=0"
    # Not the newest pip-tools, which downloads every file of every pin.
    yield COLD, (OURS, OLDER, UV), without_anything, "latency=25"
    yield PLAIN, (OURS, NEWEST, OLDER), without_locks, "plain=1"
    yield MANY, ("many", "union"), without_locks, "latency=0"
    yield FRESH, (OURS, NEWEST), set_up, "latency=0"


def made(folder: Path, index: str, results: Results) -> Iterator[tuple[str, Subject]]:
    """Yield a project for each command; pip-tools 7.6.0 is left out where it cannot be had."""
    ours = [str(SCRIPTS / "bootstrap"), "lock", "--quiet"]
    commands: dict[str, Sequence[str]] = {
        OURS: ours,
        NEWEST: three_times(str(SCRIPTS / "pip-compile"), *PIP_COMPILE),
        UV: three_times(str(SCRIPTS / "uv"), "pip", "compile", "--quiet", "--generate-hashes"),
    }
    try:
        commands[OLDER] = three_times(pip_compile_of(OLD), *PIP_COMPILE)
    except subprocess.CalledProcessError as error:
        results.skipped.append(f"{OLDER}: {error.stderr.decode().strip().splitlines()[-1]}")
    certificate = folder / "certificate.pem"
    for number, (name, command) in enumerate(commands.items()):
        yield name, Subject(name, command, folder / str(number), index, certificate, packages.LAYERS)
    lines = [line for text in packages.MANY.values() for line in text.splitlines() if line[0] != "-"]
    yield "many", Subject(OURS, ours, folder / "many", index, certificate, packages.MANY)
    yield "union", Subject(ALONE, ours, folder / "union", index, certificate, {"base.in": "\n".join(lines)})


PIP_COMPILE = ("--quiet", "--allow-unsafe", "--generate-hashes", "--no-emit-index-url", "--strip-extras")


def three_times(*words: str) -> list[str]:
    """Return the command that compiles each layer, one after the other."""
    command = shlex.join(words)
    each = [f"{command} -o {FOLDER}/{name}.txt {FOLDER}/{name}.in" for name in ("base", "dev", "production")]
    return ["sh", "-c", " && ".join(each)]


def pip_compile_of(requirements: Sequence[str]) -> str:
    """Return an older pip-tools' pip-compile, installed from the configured index where it is missing."""
    venv = platformdirs.user_cache_path("bootstrap-bench") / "-".join(requirements).replace("==", "-")
    if not (venv / "whole").exists():
        for command in (
            [sys.executable, "-m", "virtualenv", "--quiet", "--clear", str(venv)],
            [str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", *requirements],
        ):
            subprocess.run(command, check=True, capture_output=True)
        (venv / "whole").touch()
    return str(venv / "bin" / "pip-compile")


def without_locks(subject: Subject) -> None:
    for lock in subject.folder.glob("*.txt"):
        lock.unlink()


def without_anything(subject: Subject) -> None:
    without_locks(subject)
    shutil.rmtree(subject.caches, ignore_errors=True)


def with_a_line_more(subject: Subject) -> None:
    """Restore the locks of the layers as they were, and then add the line."""
    kept = subject.root.with_name(f"{subject.root.name}-locks")
    if not kept.exists():
        without_locks(subject)
        run(subject.case(lambda _: None))
        shutil.copytree(subject.folder, kept)
    shutil.copytree(kept, subject.folder, dirs_exist_ok=True)
    with (subject.folder / "dev.in").open("a", encoding="utf-8") as file:
        file.write(packages.ADDED)


def set_up(subject: Subject) -> None:
    """Have locks; for the tool, also an environment: the state in which a project is most of the time."""
    if list(subject.folder.glob("*.txt")) and subject.settled.exists():
        return
    command = [str(SCRIPTS / "bootstrap"), "--quiet"] if subject.name == OURS else subject.command
    for _ in range(2):
        run(replace(subject.case(lambda _: None), command=command))
    subject.settled.touch()


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Run the index in a process of its own, and yield its address; its certificate is in the folder."""
    command = [sys.executable, "-P", "-m", "tests.bench.mirror", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def tell(index: str, settings: str) -> None:
    """Change how the index answers."""
    _ask(f"{index}/-/set?{settings}")


def requests_of(case: Case, index: str) -> dict[str, int]:
    """Return the number of requests of one more round, by kind."""
    case.prepare()
    _ask(f"{index}/-/requests")
    run(case)
    return _ask(f"{index}/-/requests")


def _ask(address: str) -> dict[str, int]:
    with urllib.request.urlopen(address, context=ssl._create_unverified_context()) as answer:
        told: dict[str, int] = json.load(answer)
    return told


def run(case: Case) -> None:
    """Run a command once, and end where it fails."""
    alternate([replace(case, prepare=lambda: None)], 0)


def peaks(ours: Subject, newest: Subject) -> dict[str, int]:
    """Return the peak memory of a whole lock and of compiling the largest layer alone, in kilobytes."""
    alone = [str(SCRIPTS / "pip-compile"), *PIP_COMPILE, "-o", f"{FOLDER}/dev.txt", f"{FOLDER}/dev.in"]
    found = {}
    for name, subject, command in ((OURS, ours, ours.command), (ONE_COMPILE, newest, alone)):
        without_locks(subject)
        if name == ONE_COMPILE:
            (subject.folder / "base.txt").touch()  # dev.in names it
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", _PEAK, *command],
            cwd=subject.root,
            env={**os.environ, **subject.environ},
            capture_output=True,
            text=True,
            check=True,
        )
        code, peak = map(int, done.stdout.split())
        if code:
            raise SystemExit(f"{name} ended with {code}")
        found[name] = peak // (1024 if sys.platform == "darwin" else 1)
    return found


def show(results: Results) -> None:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in ("pip-tools", "pip", "uv"))
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; {versions}")
    for line in results.skipped:
        print(f"left out: {line}")
    for title, table in results.times.items():
        print(f"\n{title}")
        for times in table:
            counts = results.requests[title][times.case.name]
            told = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "no request"
            print(f"  {times.case.name:<22} {times.median:7.3f} s   {told}")
    print("\nratios (median of the rounds)")
    for title, slower, faster, target in TARGETS:
        ratio = ratio_of(results, title, slower, faster)
        if ratio is not None:
            verdict = "met" if ratio >= target else "MISSED"
            print(f"  {title}: {slower} / {faster}: {ratio:.2f}   at least {target:.2f}: {verdict}")
    if results.memory:
        share = results.memory[OURS] / results.memory[ONE_COMPILE]
        peaks = ", ".join(f"{name} {size / 1024:.0f} MB" for name, size in results.memory.items())
        verdict = "met" if share <= MEMORY else "MISSED"
        print(f"  peak memory: {peaks}: {share:.2f}   at most {MEMORY}: {verdict}")


def ratio_of(results: Results, title: str, slower: str, faster: str) -> float | None:
    by_name = {times.case.name: times for times in results.times.get(title, ())}
    there = slower in by_name and faster in by_name
    return by_name[slower].ratio(by_name[faster]) if there else None


def as_data(results: Results) -> dict[str, object]:
    seconds = {
        title: {times.case.name: times.seconds for times in table} for title, table in results.times.items()
    }
    ratios = {
        f"{title}: {slower} / {faster}": ratio_of(results, title, slower, faster)
        for title, slower, faster, _ in TARGETS
    }
    versions = {name: metadata.version(name) for name in ("pip-tools", "pip", "uv")}
    return {
        "python": platform.python_version(),
        "versions": versions,
        "seconds": seconds,
        "ratios": ratios,
        "requests": results.requests,
        "kilobytes": results.memory,
        "left out": results.skipped,
    }


if __name__ == "__main__":
    main()
