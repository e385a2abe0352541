"""The monthly job on real input: the sample project with the locks it would have had two years ago."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bootstrap.pip import configuration
from tests import command

pytestmark = pytest.mark.network

SHOP = Path(__file__).parents[1] / "projects" / "shop"


def only_the_index(environ: dict[str, str]) -> dict[str, str]:
    """Leave out folders of files: only what an index tells an upload time of can be set back."""
    values = configuration.read(environ, sys.platform, Path.home()).values
    kept = {name: values[name] for name in ("index-url", "cert", "proxy", "timeout") if name in values}
    named = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in kept.items()}
    others = {name: value for name, value in environ.items() if not name.startswith("PIP_")}
    return {**others, **named, "PIP_CONFIG_FILE": os.devnull}


def test_two_years_later(tmp_path: Path, as_started: dict[str, str]) -> None:
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns(".venv", ".env", "*.txt", "__pycache__"))
    base = root / "requirements" / "base.in"
    # Two years ago there was no 5.2.
    base.write_text(base.read_text().replace("django>=5.2", "django>=5.1"), encoding="utf-8", newline="\n")
    (root / ".python-version").write_text(f"{command.PYTHON_VERSION}\n", encoding="utf-8")
    environ = only_the_index(as_started)
    subprocess.run(["git", "init", "--quiet", root], env=environ, check=True)
    old = command.run("lock", cwd=root, env=environ | {"BOOTSTRAP_COOLDOWN": "730"}, alone=True)
    assert old.code == 0, old.err
    before = command.versions(root / "requirements" / "dev.txt")
    assert before["django"].startswith("5.1.")
    report = tmp_path / "upgrade.md"
    done = command.run(
        "upgrade", "--json", "--report", str(report), cwd=root, env=environ, alone=True, timeout=900
    )
    assert done.code == 0, done.err
    after = command.versions(root / "requirements" / "dev.txt")
    assert after["django"] != before["django"]
    assert done.document["upgrade"]["tests"]["runs"] >= 2
    text = report.read_text(encoding="utf-8")
    for section in (
        "Needs your eye",
        "MIGRATIONS",
        "never imported by the test run",
        "Not the newest, and why",
    ):
        assert section in text
    again = command.run("upgrade", "--check", cwd=root, env=environ, alone=True)
    assert again.code in (0, 3)
