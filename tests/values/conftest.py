from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests import command

Write = Callable[[Mapping[str, str | bytes]], None]


@pytest.fixture
def folder(tmp_path: Path, isolated: Path) -> Path:
    """Give an empty folder that is no repository."""
    root = tmp_path / "shop"
    root.mkdir()
    return root.resolve()


@pytest.fixture
def write(folder: Path) -> Write:
    def _write(texts: Mapping[str, str | bytes]) -> None:
        for name, text in texts.items():
            path = folder / name
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            if name.startswith(".env") and name != ".env.example":
                path.chmod(0o600)

    return _write


@pytest.fixture
def bootstrap(folder: Path) -> Callable[..., command.Completed]:
    def _bootstrap(*words: str, **env: str) -> command.Completed:
        return command.run(*words, cwd=folder, env=env)

    return _bootstrap


@pytest.fixture
def repository(folder: Path) -> Callable[..., None]:
    """Make the folder a repository; returns what runs git in it."""

    def _git(*words: str) -> None:
        subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)

    _git("init", "--quiet")
    return _git


posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes, links and FIFOs")
