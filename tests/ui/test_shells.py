from __future__ import annotations

import shutil
import subprocess
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from bootstrap.ui.shells import Shell, activation_hint, environment_python, in_folder, shell_in_use

ROOT = PurePosixPath("/home/ann/shop")
WINDOWS_ROOT = PureWindowsPath("C:/Users/ann/shop")


def hint(environ: dict[str, str], venv: str = ".venv", parent: str | None = None) -> str | None:
    return activation_hint(venv, environ, "linux", parent, root=ROOT)


def windows_hint(environ: dict[str, str], venv: str = ".venv", parent: str | None = None) -> str | None:
    return activation_hint(venv, environ, "win32", parent, root=WINDOWS_ROOT)


@pytest.mark.parametrize(
    ("environ", "parent", "expected"),
    [
        ({"NU_VERSION": "0.9", "FISH_VERSION": "4", "SHELL": "/bin/bash"}, None, Shell.NU),
        ({"FISH_VERSION": "4", "BASH_VERSION": "5"}, None, Shell.FISH),
        ({"BASH_VERSION": "5", "SHELL": "/usr/bin/fish"}, None, Shell.BASH),
        ({"ZSH_VERSION": "5"}, None, Shell.BASH),
        ({"KSH_VERSION": "5"}, None, Shell.POSIX),
        ({"PSModulePath": "x", "SHELL": "/bin/bash"}, None, Shell.POWERSHELL),
        ({"SHELL": "/usr/bin/fish"}, "bash", Shell.FISH),
        ({"SHELL": "/bin/tcsh"}, None, Shell.CSH),
        ({"SHELL": "/bin/zsh"}, None, Shell.BASH),
        ({"SHELL": "/opt/odd"}, "-dash", Shell.POSIX),
        ({}, "/usr/bin/fish", Shell.FISH),
        ({}, "make", Shell.BASH),
        ({"FISH_VERSION": ""}, None, Shell.BASH),
    ],
)
def test_the_shell_in_use(environ: dict[str, str], parent: str | None, expected: Shell) -> None:
    assert shell_in_use(environ, "linux", parent) is expected


@pytest.mark.parametrize(
    ("environ", "parent", "expected"),
    [
        ({"PSModulePath": "x"}, None, Shell.POWERSHELL),
        ({"PSModulePath": "x", "PROMPT": "$P$G"}, None, Shell.CMD),
        ({"PSModulePath": "x", "PROMPT": "$P$G"}, r"C:\Windows\pwsh.exe", Shell.POWERSHELL),
        ({"PSModulePath": "x", "MSYSTEM": "MINGW64", "SHELL": "/usr/bin/bash"}, None, Shell.BASH),
        ({"PSModulePath": "x"}, "CMD.EXE", Shell.CMD),
        ({"NU_VERSION": "0.9", "PROMPT": "x"}, None, Shell.NU),
        ({"SHELL": r"C:\msys64\usr\bin\zsh.exe"}, "bootstrap.exe", Shell.BASH),
    ],
)
def test_the_shell_in_use_on_windows(environ: dict[str, str], parent: str | None, expected: Shell) -> None:
    assert shell_in_use(environ, "win32", parent) is expected


@pytest.mark.parametrize(
    ("shell", "plain", "spaced"),
    [
        ("bash", "source .venv/bin/activate", "source 'my env/bin/activate'"),
        ("zsh", "source .venv/bin/activate", "source 'my env/bin/activate'"),
        ("dash", ". .venv/bin/activate", ". 'my env/bin/activate'"),
        ("fish", "source .venv/bin/activate.fish", "source 'my env/bin/activate.fish'"),
        ("csh", "source .venv/bin/activate.csh", "source 'my env/bin/activate.csh'"),
        ("nu", "overlay use .venv/bin/activate.nu", 'overlay use "my env/bin/activate.nu"'),
        ("pwsh", ".venv/bin/activate.ps1", "& 'my env/bin/activate.ps1'"),
    ],
)
def test_each_shell_has_its_command(shell: str, plain: str, spaced: str) -> None:
    assert hint({"SHELL": f"/bin/{shell}"}) == plain
    assert hint({}, "my env", parent=shell) == spaced


@pytest.mark.parametrize(
    ("shell", "plain", "spaced"),
    [
        ("pwsh.exe", r".venv\Scripts\activate.ps1", r"& 'it''s mine\Scripts\activate.ps1'"),
        ("cmd.exe", r".venv\Scripts\activate.bat", r'"it' + r"""'s mine\Scripts\activate.bat" """.strip()),
        (
            "nu.exe",
            r"overlay use .venv\Scripts\activate.nu",
            r'''overlay use "it's mine\\Scripts\\activate.nu"''',
        ),
        ("bash.exe", "source .venv/Scripts/activate", """source 'it'"'"'s mine/Scripts/activate'"""),
    ],
)
def test_each_shell_has_its_command_on_windows(shell: str, plain: str, spaced: str) -> None:
    assert windows_hint({}, parent=shell) == plain
    assert windows_hint({}, "it's mine", parent=shell) == spaced


@pytest.mark.parametrize("variables", [{"CI": "true"}, {"VIRTUAL_ENV": "/home/ann/shop/.venv"}])
def test_no_hint_where_it_is_active_or_nobody_reads_it(variables: dict[str, str]) -> None:
    assert hint({"SHELL": "/bin/bash", **variables}) is None


def test_another_active_environment_does_not_count() -> None:
    assert hint({"VIRTUAL_ENV": "/home/ann/other/.venv"}) == "source .venv/bin/activate"


def test_windows_paths_are_compared_as_windows_does() -> None:
    assert windows_hint({"VIRTUAL_ENV": r"c:\users\ANN\shop\.venv"}) is None


@pytest.mark.parametrize("shell", ["bash", "zsh", "dash", "fish", "tcsh", "pwsh", "nu"])
def test_the_real_shell_runs_the_command(isolated: Path, tmp_path: Path, shell: str) -> None:
    program = shutil.which(shell)
    if program is None:
        pytest.skip(f"{shell} is not installed")
    folder = tmp_path / "it's $HOME, isn't it" / "bin"
    folder.mkdir(parents=True)
    for suffix in ("", ".fish", ".csh", ".nu", ".ps1"):
        (folder / f"activate{suffix}").write_text("echo active\n")
    command = activation_hint("it's $HOME, isn't it", {}, "linux", shell, root=tmp_path)
    assert command is not None
    done = subprocess.run([program, "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "active\n"


@pytest.mark.parametrize(
    ("parent", "plain", "spaced"),
    [
        ("bash", "cd shop && ls", "cd 'it'\"'\"'s mine' && ls"),
        ("fish", "cd shop && ls", "cd 'it'\"'\"'s mine' && ls"),
        ("nu", "cd shop; ls", 'cd "it\'s mine"; ls'),
        ("pwsh", "cd shop; ls", "cd 'it''s mine'; ls"),
        ("cmd.exe", "cd shop && ls", 'cd "it\'s mine" && ls'),
    ],
)
def test_a_line_for_another_folder(parent: str, plain: str, spaced: str) -> None:
    platform = "win32" if parent == "cmd.exe" else "linux"
    assert in_folder("shop", ["ls"], {}, platform, parent) == plain
    assert in_folder("it's mine", ["ls"], {}, platform, parent) == spaced
    assert in_folder(".", ["ls", "-l"], {}, platform, parent) == "ls -l"


def test_the_way_to_the_environments_python() -> None:
    assert environment_python("linux") == ".venv/bin/python"
    assert environment_python("darwin", from_inside=True) == "../.venv/bin/python"
    assert environment_python("win32") == r".venv\Scripts\python"
    assert environment_python("win32", from_inside=True) == r"..\.venv\Scripts\python"
