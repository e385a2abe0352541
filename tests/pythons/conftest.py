from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bootstrap.pythons import builds
from bootstrap.pythons.installed import Machine
from bootstrap.pythons.interpreter import Interpreter, understand

Install = Callable[..., Path]
Described = Callable[..., Interpreter]


def answer(name: str, *, tip: bool = False, base: str = "/base/python") -> dict[str, Any]:
    """What an interpreter of that name says of itself; a name with open numbers gets zeros."""
    build = builds.read(name)
    assert build is not None
    version = builds.dotted((*build.release, 0, 0)[:3]) + build.pre
    return {
        "version": version,
        "implementation": build.implementation,
        "free_threaded": build.free_threaded,
        "base": base,
        "platform": "linux-x86_64",
        "markers": {
            "python_full_version": version + ("+" if tip or build.development else ""),
            "implementation_version": builds.dotted(build.own_release) or version,
        },
    }


@pytest.fixture
def described() -> Described:
    """Make an interpreter of a name, without a file."""

    def make(
        name: str, *, found_by: str = "pyenv", tip: bool = False, base: str = "/base/python"
    ) -> Interpreter:
        found = understand(json.dumps(answer(name, tip=tip, base=base)), Path("/somewhere/python"), found_by)
        assert found is not None
        return found

    return make


@pytest.fixture
def install() -> Install:
    """Put a program at a path that answers as an interpreter of a name would; None makes a broken one."""

    def make(path: Path, says: str | None) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        text = f"printf '%s\\n' '{json.dumps(answer(says))}'" if says else "exit 1"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    return make


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Linux machine with an empty home and an empty PATH."""
    return Machine({"PATH": ""}, "linux", tmp_path / "home")
