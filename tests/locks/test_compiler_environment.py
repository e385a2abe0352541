"""What pip-compile runs on for other Pythons: whole, hashed, and what the engine was tested with."""

from __future__ import annotations

from importlib import resources

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

from bootstrap.locks import pip_tools
from bootstrap.locks.lockfile import parse_lock

TEXT = resources.files("bootstrap.locks").joinpath("compiler-environment.txt").read_text("utf-8")
PINS = parse_lock(TEXT, "compiler-environment.txt").pins
PYTHONS = ["3.9.18", "3.10.1", "3.10.13", "3.11.7", "3.12.1", "3.13.0", "3.14.0"]


def installed(python: str, system: str) -> dict[str, str]:
    """Return what the lock installs for a Python, name to version."""
    short = python.rpartition(".")[0]
    names = {"python_full_version": python, "python_version": short, "sys_platform": system}
    environment = names | {"os_name": "nt" if system == "win32" else "posix"}
    lines = [Requirement(pin.text.partition(" \\")[0]) for pin in PINS]
    applying = [line for line in lines if line.marker is None or line.marker.evaluate(environment)]
    assert len(applying) == len({line.name for line in applying})
    return {line.name: str(line.specifier).removeprefix("==") for line in applying}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_pip_and_pip_tools_are_those_that_were_tested(python: str, system: str) -> None:
    found = installed(python, system)
    assert all(pip_tools.is_tested(name, found[name]) for name in ("pip", "pip-tools"))
    assert pip_tools.knows_upload_times(found["pip"])
    needed = {"build", "click", "packaging", "pyproject-hooks", "setuptools", "wheel"}
    assert needed <= found.keys()
    assert ("colorama" in found) is (system == "win32")


def test_every_pin_has_its_hashes() -> None:
    assert PINS
    assert [pin.name for pin in PINS if not pin.hashes] == []


def test_markers_are_of_python_and_system_alone() -> None:
    """Nothing else is tried above."""
    known = {"python_full_version", "sys_platform", "os_name"}
    told = [pin.text.partition(" ; ")[2].partition(" \\")[0] for pin in PINS]
    words = {word for text in filter(None, told) for word in str(Marker(text)).split() if "_" in word}
    assert {word.strip("()") for word in words} <= known
