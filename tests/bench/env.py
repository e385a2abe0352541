"""Measure the commands about values: ``python -P -m tests.bench.env`` prints ratios and what is met."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import sysconfig
import tempfile
from pathlib import Path

from tests.bench.timing import Case, Times, alternate

TOOL = Path(sysconfig.get_path("scripts")) / "bootstrap"
QUIET = {"CI": "", "VIRTUAL_ENV": "", "PYTHONDONTWRITEBYTECODE": ""}
SIZES = (20, 2_000, 20_000)
# Of a block of five keys: what real files hold, decorators, words, quotes and references among it.
_BLOCK = """\
# Where the data of part {n} lies
# @type=url
URL_{n}=postgresql://localhost:5432/part{n}
# @optional @public @type=port
PORT_{n}=8000

# Optional: error reporting
DSN_{n}=
# Made anew for each developer
SECRET_{n}=randomString(50)
NAME_{n}=part-{n}
"""
_VALUES = """\
URL_{n}=postgresql://me:pw{n}@localhost:5432/mine
PORT_{n}=9000
DSN_{n}=
SECRET_{n}="aaaabbbbccccddddeeeeffffgggg{n}"
NAME_{n}=${{DSN_{n}}}mine-{n}
"""

TARGETS = (
    ("env check, 20 keys", "python -c pass", 7.0),
    ("run, 20 keys", "python -c pass", 7.0),
    ("env check, 2000 keys", "env check, 20 keys", 3.0),
    # In proportion: ten times the keys take at most ten times what the 2,000 take, with a tenth to spare.
    ("env check, 20000 keys", "env check, 2000 keys", 11.0),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.env", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        table = measure(Path(folder), options.rounds)
    show(table)
    if options.json:
        options.json.write_text(json.dumps(as_data(table), indent=2) + "\n", encoding="utf-8")


def measure(folder: Path, rounds: int) -> list[Times]:
    projects = {size: project(folder / str(size), size) for size in SIZES}
    program: list[str | Path] = [TOOL, "run", "--", "true"]
    return alternate(
        [
            Case("python -c pass", [sys.executable, "-c", "pass"], folder, QUIET),
            *(Case(f"env check, {n} keys", [TOOL, "env", "check"], projects[n], QUIET) for n in SIZES),
            Case("run, 20 keys", program, projects[20], QUIET),
        ],
        rounds,
    )


def project(root: Path, size: int) -> Path:
    """Make a project whose example and env file hold so many keys, all in order."""
    root.mkdir()
    for name, block in ((".env.example", _BLOCK), (".env", _VALUES)):
        path = root / name
        path.write_text("".join(block.format(n=n) for n in range(size // 5)), encoding="utf-8")
        path.chmod(0o600)
    return root


def ratios(table: list[Times]) -> dict[tuple[str, str], float]:
    by_name = {times.case.name: times for times in table}
    return {(one, other): by_name[one].ratio(by_name[other]) for one, other, _ in TARGETS}


def show(table: list[Times]) -> None:
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    for times in table:
        low, high = min(times.seconds), max(times.seconds)
        print(f"  {times.case.name:<24} {times.median * 1000:8.1f} ms   {low * 1000:.1f}-{high * 1000:.1f}")
    print("\nratios (median of the rounds)")
    found = ratios(table)
    for one, other, target in TARGETS:
        verdict = "met" if found[one, other] <= target else "MISSED"
        print(f"  {one} / {other}: {found[one, other]:.2f}   target {target:g}: {verdict}")


def as_data(table: list[Times]) -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "seconds": {times.case.name: times.seconds for times in table},
        "ratios": {f"{one} / {other}": ratio for (one, other), ratio in ratios(table).items()},
    }


if __name__ == "__main__":
    main()
