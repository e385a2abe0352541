from __future__ import annotations

import os
from pathlib import Path

import pytest

from bootstrap.envfiles.document import parse
from bootstrap.project import Project
from bootstrap.settings import Settings
from bootstrap.values import launch
from bootstrap.values.place import Place
from bootstrap.values.view import View

HOST = {"PATH": "/usr/bin", "PYTHONHOME": "/wrong", "A": "host"}
ENV = parse(b"A=file\nB=${A}\n", ".env")


@pytest.mark.parametrize(("platform", "scripts"), [("linux", "bin"), ("win32", "Scripts")])
def test_the_environment_is_first_on_the_path(tmp_path: Path, platform: str, scripts: str) -> None:
    place = Place(Project(tmp_path, Settings()), HOST, platform)
    view = View(None, ".env", HOST, "host", override=False)
    assert launch.environment(place, view) == HOST
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    seen = launch.environment(place, view)
    assert seen["PATH"] == f"{tmp_path / '.venv' / scripts}{os.pathsep}/usr/bin"
    assert seen["VIRTUAL_ENV"] == str(tmp_path / ".venv")
    assert "PYTHONHOME" not in seen


@pytest.mark.parametrize(
    ("source", "override", "expected"),
    [
        ("both", False, {"A": "host", "B": "host"}),
        ("both", True, {"A": "file", "B": "file"}),
        ("file", True, {"A": "file", "B": "file"}),
    ],
)
def test_the_rule_of_precedence(source: str, *, override: bool, expected: dict[str, str]) -> None:
    host = {} if source == "file" else HOST
    merged = launch.merged(HOST, View(ENV, ".env", host, source, override), "linux")
    assert {key: merged[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("platform", "override", "expected"),
    [
        ("linux", False, {"A": "host", "a": "file"}),
        ("win32", False, {"A": "host"}),
        ("win32", True, {"A": "file"}),
    ],
)
def test_on_windows_a_name_has_no_case(platform: str, *, override: bool, expected: dict[str, str]) -> None:
    view = View(parse(b"a=file\n", ".env"), ".env", {"A": "host"}, "both", override)
    assert launch.merged({"A": "host"}, view, platform) == expected
