"""Measure what the project promises, print a table, and write it as JSON.

The packages are the real input's, from the configured index; everything is warm before it is timed.
"""

from __future__ import annotations

import argparse
import itertools
import json
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.timing import Case, Times, alternate

SHOP = Path(__file__).parents[1] / "projects" / "shop"
SCRIPTS = Path(sysconfig.get_path("scripts"))
TOOL, UV = SCRIPTS / "bootstrap", SCRIPTS / "uv"
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
FAST = "fresh, good locks, warm caches, uv"
PLAIN = "fresh, good locks, warm caches, pip"
BASE = Path(sys.executable).resolve()
# The environments it times in hold a program's own Python; this one must not be found as a project's.
QUIET = {"CI": "", "VIRTUAL_ENV": "", "PYTHONDONTWRITEBYTECODE": ""}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=5, help="rounds of what takes seconds; of the rest 5 times that"
    )
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    with prepared() as (shop, for_pip, by_hand, for_uv):
        tables = {
            "nothing to do": nothing_to_do(shop, for_uv, options.rounds * 5),
            FAST: fresh_with_uv(shop, for_uv, options.rounds * 2),
            PLAIN: fresh_with_pip(for_pip, by_hand, options.rounds),
        }
    show(tables)
    if options.json:
        options.json.write_text(json.dumps(as_data(tables), indent=2) + "\n", encoding="utf-8")


@contextmanager
def prepared() -> Iterator[tuple[Path, Path, Path, Path]]:
    """Yield four projects of the same packages: two of ours, one for virtualenv and pip-sync, one for uv."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        shop = Path(folder, "shop")
        shutil.copytree(SHOP, shop, ignore=shutil.ignore_patterns(".venv", ".env", "*.txt"))
        subprocess.run(["git", "init", "--quiet", str(shop)], check=True)
        (shop / ".python-version").write_text(f"{PYTHON}\n", encoding="utf-8")
        subprocess.run([TOOL], cwd=shop, check=True)
        for_pip = Path(folder, "pip")
        shutil.copytree(shop, for_pip, ignore=shutil.ignore_patterns(".venv"))
        by_hand = Path(folder, "by-hand")
        shutil.copytree(shop / "requirements", by_hand)
        for_uv = Path(folder, "uv")
        for_uv.mkdir()
        (for_uv / "pyproject.toml").write_text(uv_project(by_hand / "dev.txt"), encoding="utf-8")
        subprocess.run([UV, "sync", "--python", BASE, "--quiet"], cwd=for_uv, check=True)
        yield shop, for_pip, by_hand, for_uv


def uv_project(lock: Path) -> str:
    """Return a uv project that depends on exactly what a lock pins."""
    pins = re.findall(r"^([\w.-]+==[^ \\;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE)
    listed = "".join(f"    {json.dumps(pin)},\n" for pin in pins)
    head = f'[project]\nname = "shop"\nversion = "0"\nrequires-python = "=={PYTHON}.*"\n'
    return f"{head}dependencies = [\n{listed}]\n"


def nothing_to_do(shop: Path, for_uv: Path, rounds: int) -> list[Times]:
    return alternate(
        [
            Case("bootstrap", [TOOL], shop, QUIET),
            Case("python -c pass", [sys.executable, "-c", "pass"], shop, QUIET),
            Case("uv sync", [UV, "sync"], for_uv, QUIET),
            Case("bootstrap --version", [TOOL, "--version"], shop, QUIET),
            Case("bootstrap setup --help", [TOOL, "setup", "--help"], shop, QUIET),
        ],
        rounds,
    )


def fresh_with_uv(shop: Path, for_uv: Path, rounds: int) -> list[Times]:
    return alternate(
        [
            Case("bootstrap, uv", [TOOL, "--installer", "uv"], shop, QUIET, without_venv(shop)),
            Case("uv sync", [UV, "sync", "--python", BASE], for_uv, QUIET, without_venv(for_uv)),
        ],
        rounds,
    )


def fresh_with_pip(for_pip: Path, by_hand: Path, rounds: int) -> list[Times]:
    script = (
        f"'{SCRIPTS / 'virtualenv'}' -q -p '{sys.executable}' .venv && "
        f"'{SCRIPTS / 'pip-sync'}' -q --python-executable .venv/bin/python dev.txt"
    )
    return alternate(
        [
            Case("bootstrap, pip", [TOOL, "--installer", "pip"], for_pip, QUIET, without_venv(for_pip)),
            Case("virtualenv + pip-sync", ["sh", "-c", script], by_hand, QUIET, without_venv(by_hand)),
        ],
        rounds,
    )


def without_venv(project: Path) -> Callable[[], None]:
    """Put the environment aside: some file systems make files slowly where many have just been removed."""
    numbers = itertools.count()

    def put_aside() -> None:
        if (project / ".venv").exists():
            (project / ".venv").rename(project.with_name(f"{project.name}-{next(numbers)}"))

    return put_aside


TARGETS = (
    ("nothing to do", "bootstrap", "python -c pass", 2.5),
    ("nothing to do", "bootstrap", "uv sync", 1.5),
    ("nothing to do", "bootstrap --version", "python -c pass", 7),
    ("nothing to do", "bootstrap setup --help", "python -c pass", 7),
    (FAST, "bootstrap, uv", "uv sync", 1.3),
    (PLAIN, "bootstrap, pip", "virtualenv + pip-sync", 1.0),
)


def show(tables: dict[str, list[Times]]) -> None:
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    for title, table in tables.items():
        print(f"\n{title}")
        for times in table:
            low, high = min(times.seconds), max(times.seconds)
            print(
                f"  {times.case.name:<24} {times.median * 1000:8.1f} ms   {low * 1000:.1f}-{high * 1000:.1f}"
            )
    print("\nratios (median of the rounds)")
    for title, one, other, target in TARGETS:
        ratio = ratio_of(tables[title], one, other)
        verdict = "met" if ratio <= target else "MISSED"
        print(f"  {one} / {other}: {ratio:.2f}   target {target:g}: {verdict}")


def ratio_of(table: list[Times], one: str, other: str) -> float:
    by_name = {times.case.name: times for times in table}
    return by_name[one].ratio(by_name[other])


def as_data(tables: dict[str, list[Times]]) -> dict[str, object]:
    figures = {title: {times.case.name: times.seconds for times in table} for title, table in tables.items()}
    ratios = {f"{one} / {other}": ratio_of(tables[title], one, other) for title, one, other, _ in TARGETS}
    return {"python": platform.python_version(), "seconds": figures, "ratios": ratios}


if __name__ == "__main__":
    main()
