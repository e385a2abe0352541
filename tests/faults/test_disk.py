"""A disk that is full or read-only at any stage: said in words, nothing lost, and a run continues."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import command
from tests.faults.subject import OWN_ENV, Subject
from tests.index.server import PackageIndex

_MEGABYTE = 1 << 20
_SIZE = 64 * _MEGABYTE


@pytest.fixture
def volume(tmp_path: Path) -> Iterator[Path]:
    """Mount a small file system of its own."""
    folder = tmp_path / "volume"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    words = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "none", str(folder)]
    if subprocess.run(words, capture_output=True, check=False).returncode != 0:
        pytest.skip("this container allows no mounts")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def on_volume(volume: Path, small: PackageIndex) -> Subject:
    """Give a project on the small file system; home and caches lie there too."""
    small.add("delta", "2.0", files={"delta/data.bin": bytes(4 * _MEGABYTE)})
    return Subject(volume, small.url).make()


def fill(volume: Path, free: int) -> Path:
    """Fill a file system until so many bytes are left; returns the file that does it."""
    filler = volume / "filler"
    with filler.open("wb") as file:
        seen = os.statvfs(volume)
        os.posix_fallocate(file.fileno(), 0, max(1, seen.f_bavail * seen.f_frsize - free))
    return filler


def refused(subject: Subject, expected: str, *arguments: str) -> command.Completed:
    before = subject.user_bytes()
    done = subject.run(*arguments)
    assert done.code == 1, done.err
    assert re.search(expected, done.err, re.IGNORECASE), done.err
    assert "  fix: " in done.err
    assert "try: virtualenv" not in done.err
    assert subject.lost(before) == 0
    assert subject.user_bytes() == before
    return done


# Bytes that are free; uv links into the environment what its cache has, and so needs less.
FREE = [
    *((installer, size << 10) for installer in ("uv", "pip") for size in (0, 8, 64, 512, 3 << 10)),
    *(("uv", size << 20) for size in (5, 8)),
    *(("pip", size << 20) for size in (12, 17)),
]


@pytest.mark.parametrize(
    ("installer", "free"),
    [pytest.param(*case, marks=() if case == ("uv", 0) else pytest.mark.faults) for case in FREE],
)
def test_the_disk_fills_up_in_a_first_run(on_volume: Subject, installer: str, free: int) -> None:
    on_volume.write({"requirements/dev.in": "-r base.in\ndelta\n"})
    filler = fill(on_volume.base, free)
    refused(on_volume, "no space left", f"--installer={installer}")
    filler.unlink()
    done = on_volume.run(f"--installer={installer}")
    assert done.code == 0, done.err
    assert on_volume.run("--check").code == 0


@pytest.mark.faults
@pytest.mark.parametrize(
    "skipped", [(), ("locks", "install"), ("locks", "install", "gitignore")], ids=["locks", "ignore", "env"]
)
def test_the_disk_is_full_when_files_are_written(on_volume: Subject, skipped: tuple[str, ...]) -> None:
    assert on_volume.run().code == 0
    on_volume.write(
        {
            "requirements/base.in": "alpha<1.1\n",
            ".gitignore": "*.log",
            ".env": OWN_ENV,
            ".env.example": "NAME=shop\nPORT=8000\n",
        }
    )
    # It goes before the first change, and its blocks would be room enough.
    (on_volume.venv / ".bootstrap.json").unlink()
    locks = command.fingerprint(on_volume.root / "requirements")
    filler = fill(on_volume.base, 0)
    refused(on_volume, "no space left", *(f"--skip={step}" for step in skipped))
    assert command.fingerprint(on_volume.root / "requirements") == locks
    filler.unlink()
    assert on_volume.run().code == 0
    assert on_volume.run("--check").code == 0


@pytest.mark.faults
def test_a_rebuild_on_a_full_disk_brings_the_old_environment_back(on_volume: Subject) -> None:
    assert on_volume.run().code == 0
    (on_volume.venv / "mine.txt").write_text("kept")
    for free in (0, 16 << 10, 64 << 10):
        filler = fill(on_volume.base, free)
        refused(on_volume, "no space left", "--rebuild")
        assert (on_volume.venv / "mine.txt").read_text() == "kept"
        assert not (on_volume.root / ".venv.bootstrap-old").exists()
        filler.unlink()
    assert on_volume.run("--check").code == 0


@pytest.mark.faults
def test_the_cache_is_full(subject: Subject, volume: Path) -> None:
    """The project's disk has room, that of the cache has none."""
    fill(volume, 0)
    env = {"BOOTSTRAP_CACHE_DIR": str(volume / "cache")}
    done = subject.run("--installer=pip", env=env)
    assert done.code == 1, done.err
    assert re.search("no space left", done.err, re.IGNORECASE), done.err
    assert "  fix: " in done.err
    (volume / "filler").unlink()
    assert subject.run("--installer=pip", env=env).code == 0


@pytest.mark.parametrize("what", ["project", pytest.param("cache", marks=pytest.mark.faults)])
def test_a_read_only_file_system(volume: Path, small: PackageIndex, tmp_path: Path, what: str) -> None:
    base = tmp_path / "elsewhere"
    if what == "project":
        (base / "project").mkdir(parents=True)
        subprocess.run(["mount", "--bind", volume, base / "project"], check=True)
    subject = Subject(base, small.url).make()
    env = {"BOOTSTRAP_CACHE_DIR": str(volume / "cache")} if what == "cache" else {}
    try:
        _set_read_only(base / "project" if what == "project" else volume)
        done = subject.run(env=env)
        assert done.code == 1, done.err
        assert "Read-only file system" in done.err
        assert "  fix: " in done.err
        _set_writable(base / "project" if what == "project" else volume)
        assert subject.run(env=env).code == 0
        _set_read_only(base / "project" if what == "project" else volume)
        done = subject.run(env=env)
        assert (done.code, done.err[:10]) == (0, "up to date")
        if what == "project":
            done = subject.run("--rebuild")
            assert (done.code, "Read-only file system" in done.err) == (1, True), done.err
            assert subject.run("--check").code == 0
    finally:
        if what == "project":
            subprocess.run(["umount", "--lazy", base / "project"], check=True)


def _set_read_only(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,bind,ro", folder, folder], check=False, capture_output=True)
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)


def _set_writable(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,rw", folder], check=True)
