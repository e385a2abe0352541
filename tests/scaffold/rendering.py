"""Rendering without a command line: a template's files with given answers."""

from __future__ import annotations

import subprocess
from pathlib import Path

from bootstrap.scaffold import new, templates
from bootstrap.scaffold.manifest import Manifest
from bootstrap.scaffold.rendering import Answers, Rendered

REPOSITORY = Path(__file__).parents[2]
TEMPLATES = REPOSITORY / "templates"
NAMES = templates.NAMES


def answers(template: Manifest, name: str, *features: str, without: tuple[str, ...] = ()) -> Answers:
    values = {**template.values, "python": "3.13", "python-minor": "3.13"}
    return Answers(name, features, without, values)


def rendered(template: str, name: str, *features: str, without: tuple[str, ...] = ()) -> dict[str, Rendered]:
    manifest = templates.load(template)
    files = new.files(manifest, answers(manifest, name, *features, without=without))
    return {file.path: file for file in files}


def write(root: Path, files: dict[str, Rendered]) -> Path:
    for file in files.values():
        path = root / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    return root


def tracked(folder: Path) -> set[str]:
    """Return the files of a folder that git has or would take; a folder without git has none."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    return {path for path in done.stdout.split("\0") if path and (folder / path).is_file()}
