"""What is shipped: of the templates exactly what their manifests name, dot-files included."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from bootstrap.scaffold import templates
from tests.scaffold.rendering import NAMES, REPOSITORY

FOLDER = "bootstrap/_templates"


def build(kind: str, source: Path, target: Path) -> Path:
    words = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(target)]
    subprocess.run(words, cwd=source, check=True, capture_output=True)
    [built] = target.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """Build the wheel from the source distribution, as an index gets them."""
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(build("sdist", REPOSITORY, folder / "sdist")) as archive:
        archive.extractall(folder / "source", filter="data")
    [source] = (folder / "source").iterdir()
    return zipfile.ZipFile(build("wheel", source, folder / "built"))


def expected() -> set[str]:
    paths = {f"{FOLDER}/{name}.toml" for name in NAMES}
    for name in NAMES:
        manifest = templates.load(name)
        paths |= {f"{FOLDER}/{name}/{path}" for path in manifest.owners}
        for feature in manifest.features.values():
            paths |= {f"{FOLDER}/overlays/{name}/{feature.name}/{path}" for path in feature.files}
    return paths


def test_the_templates_are_those_of_the_manifests(wheel: zipfile.ZipFile) -> None:
    shipped = {name for name in wheel.namelist() if name.startswith(f"{FOLDER}/")}
    assert shipped == expected()


def test_each_file_is_shipped_as_it_is(wheel: zipfile.ZipFile) -> None:
    for name in expected():
        assert wheel.read(name) == (REPOSITORY / name.replace(FOLDER, "templates", 1)).read_bytes()


def test_nothing_else_is_shipped(wheel: zipfile.ZipFile) -> None:
    assert {name.split("/")[0].partition("-")[0] for name in wheel.namelist()} == {
        "bootstrap",
        "bootstrap_cli",
    }
