from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bootstrap.pythons import launcher
from bootstrap.pythons.installed import Machine

BEFORE_3_11 = """\
Installed Pythons found by py Launcher for Windows
 -3.9-64        C:\\Users\\Ada Lovelace\\AppData\\Local\\Programs\\Python\\Python39\\python.exe *
 -3.8-32        C:\\Python38-32\\python.exe

"""
SINCE_3_11 = """\
 *               C:\\shop\\.venv\\Scripts\\python.exe
 -V:3.13t         C:\\Python313\\python3.13t.exe
 -V:3.12 *        C:\\Program Files\\Python312\\python.exe
 -V:3.11-32       C:\\Python311-32\\python.exe
 -V:3.11-arm64    C:\\Python311-arm64\\python.exe
 -V:Astral/CPython3.10.4 C:\\odd
 -V:ContinuumAnalytics/py39_4.12.0-0 C:\\conda\\python.exe
"""
INSTALL_MANAGER = """\
  *               C:\\shop\\.venv\\Scripts\\python.exe
 -V:3.14[-64] *   C:\\Users\\ada\\AppData\\Local\\Python\\pythoncore-3.14-64\\python.exe
 -V:3.15-dev[-64] C:\\Users\\ada\\AppData\\Local\\Python\\pythoncore-3.15-64\\python.exe
 -V:Astral\\CPython3.12.1 \\\\server\\share\\uv\\python.exe
 -V:PyPy\\3.10    D:\\pypy\\python.exe
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (BEFORE_3_11, [("3.9", r"C:\Users\Ada Lovelace\AppData\Local\Programs\Python\Python39\python.exe")]),
        (
            SINCE_3_11,
            [("3.13t", r"C:\Python313\python3.13t.exe"), ("3.12", r"C:\Program Files\Python312\python.exe")],
        ),
        (
            INSTALL_MANAGER,
            [
                ("3.14", r"C:\Users\ada\AppData\Local\Python\pythoncore-3.14-64\python.exe"),
                ("3.15", r"C:\Users\ada\AppData\Local\Python\pythoncore-3.15-64\python.exe"),
                ("3.12.1", r"\\server\share\uv\python.exe"),
                ("pypy3.10", r"D:\pypy\python.exe"),
            ],
        ),
        ("No installed Pythons found!\n", []),
        ("", []),
    ],
)
def test_every_launchers_list(text: str, expected: list[tuple[str, str]]) -> None:
    found = launcher.parse(text)
    assert [(str(one.build), str(one.path)) for one in found] == expected
    assert launcher.parse(text.replace("\n", "\r\n")) == found


@given(st.text(max_size=120))
def test_any_text_is_a_list(text: str) -> None:
    assert all(one.path.name for one in launcher.parse(text))


@pytest.mark.skipif(sys.platform == "win32", reason="the launcher is a shell script here")
@pytest.mark.parametrize(("ends", "count"), [(0, 2), (1, 0)])
def test_listed_asks_the_launcher(ends: int, count: int, tmp_path: Path, machine: Machine) -> None:
    windows = replace(machine, platform="win32", environ={"PATH": str(tmp_path)})
    assert launcher.listed(windows) == []
    program = tmp_path / "py.exe"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{SINCE_3_11}END\nexit {ends}\n")
    assert launcher.listed(windows) == []  # it may not be run
    program.chmod(0o755)
    assert len(launcher.listed(windows)) == count
