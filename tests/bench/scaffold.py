"""Measure ``bootstrap new``: how long rendering takes, and the way from nothing to a server that answers.

The packages are real ones, from the configured index. Run with ``python -P -m tests.bench.scaffold``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SCRIPTS = Path(sysconfig.get_path("scripts"))
TOOL = SCRIPTS / "bootstrap"
TARGETS = {
    "rendering, the command": 0.3,
    "answering server, cold cache": 25.0,
    "answering server, warm cache": 6.0,
    "answering server, warm cache, pip": 25.0,
}
"""Seconds; the issue names no figure for pip with a warm cache."""
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.scaffold", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each measurement")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    figures = measure(options.rounds)
    show(figures)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def measure(rounds: int) -> dict[str, list[float]]:
    """Return the wall-clock seconds of each case, a number a round."""
    figures: dict[str, list[float]] = {name: [] for name in TARGETS}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for number in range(rounds):
            # Nothing is removed before the end: some file systems make new files slowly where many old ones
            # have just gone.
            environ = environment(Path(folder, str(number), "cache"))
            places = (Path(folder, str(number), str(place)) for place in itertools.count())
            figures["rendering, the command"].append(to_render(next(places), environ))
            for name, installer in (("cold cache", "uv"), ("warm cache", "uv"), ("warm cache, pip", "pip")):
                own = {**environ, "BOOTSTRAP_INSTALLER": installer}
                if installer == "pip":
                    to_answer(next(places), own)  # its cache is another one
                figures[f"answering server, {name}"].append(to_answer(next(places), own))
    return figures


def environment(cache: Path) -> dict[str, str]:
    """Return the variables with which every cache begins empty."""
    left_out = ("CI", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    caches = {name: str(cache / name) for name in ("PIP_CACHE_DIR", "UV_CACHE_DIR", "BOOTSTRAP_CACHE_DIR")}
    return {**kept, **caches, "PATH": os.pathsep.join([str(SCRIPTS), kept["PATH"]])}


def to_render(place: Path, environ: dict[str, str]) -> float:
    place.mkdir(parents=True)
    begin = time.perf_counter()
    new(place, environ, "--no-install", "--no-git")
    return time.perf_counter() - begin


def new(place: Path, environ: dict[str, str], *words: str) -> None:
    command = [str(TOOL), "new", "django", "shop", "--python", PYTHON, "--quiet", *words]
    done = subprocess.run(command, cwd=place, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"bootstrap new ended with {done.returncode}:\n{done.stderr[-2000:]}")


def to_answer(place: Path, environ: dict[str, str]) -> float:
    """Make a project, start its server as the closing lines say, and return the seconds until / answers."""
    place.mkdir(parents=True)
    begin = time.perf_counter()
    new(place, environ)
    with serving(place / "shop", environ) as port:
        wait_for(port)
        return time.perf_counter() - begin


@contextmanager
def serving(root: Path, environ: dict[str, str]) -> Iterator[int]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = int(one.getsockname()[1])
    python = root / ".venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    command = [str(python), "src/manage.py", "runserver", "--noreload", str(port)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=root, env=environ, stdout=quiet, stderr=quiet)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(port: int, patience: float = 60.0) -> None:
    until = time.perf_counter() + patience
    while time.perf_counter() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the server does not answer")


def show(figures: dict[str, list[float]]) -> None:
    print("bootstrap new django shop: one command, 0 services, 0 questions")
    for name, seconds in figures.items():
        median, spread = statistics.median(seconds), f"{min(seconds):.2f}-{max(seconds):.2f}"
        verdict = "met" if median <= TARGETS[name] else "MISSED"
        print(f"  {name:<34} {median:6.2f} s   {spread:<12} target {TARGETS[name]:g}: {verdict}")


if __name__ == "__main__":
    main()
