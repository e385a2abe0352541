"""The real pip, pip-tools and uv take the index for a real one, in each of its modes."""

from __future__ import annotations

import importlib.metadata
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import uv

from tests.index.scenarios import write_layers
from tests.index.server import PackageIndex

_MODES = [
    pytest.param({}, id="all"),
    pytest.param({"json": False}, id="html"),
    pytest.param({"metadata": False}, id="no-metadata"),
    pytest.param({"hashes": False}, id="no-hashes"),
    pytest.param({"json": False, "metadata": False, "hashes": False, "legacy": False}, id="bare"),
]
modes = pytest.mark.parametrize("mode", _MODES)


def switch(index: PackageIndex, mode: dict[str, bool]) -> None:
    for name, value in mode.items():
        setattr(index, name, value)


def run(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    variables = os.environ | {"PIP_RETRIES": "0", "PIP_RESUME_RETRIES": "0", "UV_HTTP_RETRIES": "0"}
    return subprocess.run([*words], cwd=cwd, env=variables, capture_output=True, text=True, check=False)


def pip(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-I", "-m", "pip", *words)


def uv_install(index: PackageIndex, target: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [uv.find_uv_bin(), "pip", "install", "--no-config", "--default-index", index.url]
    return run(*command, "--python", sys.executable, "--target", target, *words)


def compile_lock(project: Path, layer: str, *words: str) -> str:
    lock = f"requirements/{layer}.txt"
    options = ["--quiet", "--allow-unsafe", "--strip-extras", "--no-emit-index-url", "--output-file", lock]
    done = run(
        sys.executable, "-m", "piptools", "compile", *options, *words, f"requirements/{layer}.in", cwd=project
    )
    assert done.returncode == 0, done.stderr
    return (project / lock).read_text()


def pins(text: str) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE))


def installed(target: Path) -> dict[str, str]:
    found = importlib.metadata.distributions(path=[str(target)])
    return {distribution.name.lower(): distribution.version for distribution in found}


@modes
def test_pip_installs(world: PackageIndex, tmp_path: Path, mode: dict[str, bool]) -> None:
    switch(world, mode)
    done = pip("install", "--target", tmp_path / "site", "kombu<6", "psycopg[binary]==3.2.9")
    assert done.returncode == 0, done.stderr
    found = installed(tmp_path / "site")
    assert found["kombu"] == "5.5.4", "5.6.0 is yanked"
    assert found["amqp"] == "5.3.1"
    assert found["psycopg-binary"] == "3.2.9"
    assert bool(world.paths("metadata")) == world.metadata


def test_pip_downloads_an_sdist_and_builds_it(index: PackageIndex, tmp_path: Path) -> None:
    index.add("demo", "1.0", wheel=False, sdist=True, scripts={"demo": "demo:main"})
    assert pip("download", "--dest", tmp_path, "demo").returncode == 0
    assert (tmp_path / "demo-1.0.tar.gz").exists()
    done = pip("install", "--target", tmp_path / "site", "demo")
    assert done.returncode == 0, done.stderr
    assert installed(tmp_path / "site") == {"demo": "1.0"}


def test_pip_skips_what_is_for_another_python(index: PackageIndex, tmp_path: Path) -> None:
    index.add("demo", "1.0")
    index.add("demo", "2.0", requires_python=">=4")
    assert pip("install", "--target", tmp_path / "site", "demo").returncode == 0
    assert installed(tmp_path / "site") == {"demo": "1.0"}


def test_pip_holds_back_by_upload_time(world: PackageIndex, tmp_path: Path) -> None:
    done = pip(
        "download", "--dest", tmp_path, "--no-deps", "--uploaded-prior-to", "2025-07-31T00:00:00Z", "django"
    )
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.glob("*.whl")] == ["django-5.2.4-py3-none-any.whl"]


@modes
def test_pip_compile_locks_and_pip_and_uv_install_the_lock(
    world: PackageIndex, tmp_path: Path, mode: dict[str, bool]
) -> None:
    switch(world, mode)
    write_layers(tmp_path)
    lock = compile_lock(tmp_path, "base", "--generate-hashes")
    assert pins(lock) | {"django": "6.0.1", "kombu": "5.5.4", "redis": "6.4.0", "psycopg": "3.3.0"} == pins(
        lock
    )
    assert world.hash_of("django-6.0.1-py3-none-any.whl") in lock
    path = tmp_path / "requirements" / "base.txt"
    words: list[str | Path] = ["--no-deps", "--require-hashes", "-r", path]
    for name, done in {
        "pip": pip("install", "--target", tmp_path / "pip", *words),
        "uv": uv_install(world, tmp_path / "uv", *words),
    }.items():
        assert done.returncode == 0, done.stderr
        assert installed(tmp_path / name) == pins(lock)


def test_pip_compile_takes_the_hashes_from_the_legacy_page(world: PackageIndex, tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "base.in").write_text("vine\n")
    compile_lock(tmp_path, "base", "--generate-hashes")
    assert world.paths("legacy") == ["/pypi/vine/json"]
    assert world.paths("file") == []


@modes
def test_uv_installs(world: PackageIndex, tmp_path: Path, mode: dict[str, bool]) -> None:
    switch(world, mode)
    done = uv_install(world, tmp_path / "site", "kombu<6", "psycopg[binary]==3.2.9")
    assert done.returncode == 0, done.stderr
    found = installed(tmp_path / "site")
    assert (found["kombu"], found["psycopg-binary"]) == ("5.5.4", "3.2.9")


@pytest.mark.parametrize("how", [404, 500, "cut", "corrupt"])
def test_pip_and_uv_see_a_chosen_failure(world: PackageIndex, tmp_path: Path, how: int) -> None:
    requirement = f"vine==5.1.0 --hash={world.hash_of('vine-5.1.0-py3-none-any.whl')}"
    (tmp_path / "lock.txt").write_text(requirement)
    world.fail("/files/vine-*.whl", how)
    words: list[str | Path] = ["--no-deps", "--require-hashes", "-r", tmp_path / "lock.txt"]
    for done in (
        pip("install", "--target", tmp_path / "pip", *words),
        uv_install(world, tmp_path / "uv", *words),
    ):
        assert done.returncode != 0
    world.mend()
    assert pip("install", "--no-cache-dir", "--target", tmp_path / "pip", *words).returncode == 0
