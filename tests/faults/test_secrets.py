"""Credentials of the index and values of ``.env`` show up nowhere: output, files, command lines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.subject import Subject
from tests.faults.test_signals import INSTALLING, LOCKING, held_at
from tests.index.server import PackageIndex

PASSWORD = "sentinel-of-the-index"
VALUE = "sentinel-of-the-env-file"
ENV = f"# mine\nNAME=shop\nTOKEN='{VALUE}'\nURL=postgres://u:{VALUE}@db/x\nODD={VALUE}\n"


@pytest.fixture
def secretive(tmp_path: Path, small: PackageIndex) -> Subject:
    """Give a project whose index address holds a password, and whose ``.env`` holds secrets."""
    url = small.url.replace("http://", f"http://user:{PASSWORD}@")
    subject = Subject(tmp_path, url).make()
    subject.write(
        {
            ".env": ENV,
            ".env.example": "NAME=shop\nTOKEN=\n# @type=url\nURL=\n# @type=number\nODD=1\nMORE=1\n",
        }
    )
    return subject


def files(subject: Subject) -> Iterator[Path]:
    """Yield all files of the project, its home and its temporary folder, but ``.env`` itself.

    The caches of pip and uv are theirs; the tool's own are looked at.
    """
    for folder, folders, names in os.walk(subject.base):
        folders[:] = [
            name for name in folders if name not in (".git", "uv", "pip", "pip-tools", "project/.env")
        ]
        yield from (Path(folder, name) for name in names if Path(folder, name) != subject.root / ".env")


def shown(subject: Subject) -> list[str]:
    """Return the files that hold a secret, and those whose names do."""
    found = []
    for path in files(subject):
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        if any(word.encode() in content or word in path.name for word in (PASSWORD, VALUE)):
            found.append(str(path))
    return found


def command_lines(group: int) -> list[str]:
    """Return the command lines of a process group."""
    lines = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                if os.getpgid(int(folder.name)) == group:
                    lines.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except (ProcessLookupError, FileNotFoundError):
                continue
    return lines


def tells(text: str) -> bool:
    return PASSWORD in text or VALUE in text


@pytest.mark.parametrize(
    ("pattern", "installer"),
    [
        (LOCKING, "uv"),
        pytest.param(INSTALLING, "pip", marks=pytest.mark.faults),
        pytest.param(INSTALLING, "uv", marks=pytest.mark.faults),
    ],
)
def test_no_secret_while_a_child_is_at_work(
    secretive: Subject, small: PackageIndex, pattern: str, installer: str
) -> None:
    with held_at(secretive, small, pattern, "-v", "--json", f"--installer={installer}") as (process, _):
        lines = command_lines(process.pid)
        assert len(lines) > 1
        assert not [line for line in lines if tells(line)]
        assert shown(secretive) == []
        small.mend()
        out, err = process.communicate(timeout=60)
    # The values of .env are wrong on purpose: they are named without being told.
    assert process.returncode == 4, err
    assert {problem["key"] for problem in json.loads(out)["problems"]} >= {"ODD"}
    assert not tells(out + err)
    assert shown(secretive) == []
    assert VALUE in (secretive.root / ".env").read_text()


@pytest.mark.parametrize(
    ("pattern", "how", "installer"),
    [
        ("/simple/*", 404, "pip"),
        pytest.param("/simple/*", 500, "pip", marks=pytest.mark.faults),
        pytest.param("/simple/*", 401, "pip", marks=pytest.mark.faults),
        pytest.param("/simple/*", "silence", "pip", marks=pytest.mark.faults),
        pytest.param("/simple/*", "cut", "pip", marks=pytest.mark.faults),
        pytest.param("/files/*.whl", 500, "pip", marks=pytest.mark.faults),
        pytest.param("/files/*.whl", "corrupt", "pip", marks=pytest.mark.faults),
        pytest.param("/files/*.whl", "silence", "pip", marks=pytest.mark.faults),
        pytest.param("/files/*.whl", 500, "uv", marks=pytest.mark.faults),
        pytest.param("/files/*.whl", "corrupt", "uv", marks=pytest.mark.faults),
        pytest.param("/files/*.whl", "cut", "uv", marks=pytest.mark.faults),
        pytest.param("/files/*.whl", "silence", "uv", marks=pytest.mark.faults),
        pytest.param("/files/*.whl", 401, "uv", marks=pytest.mark.faults),
    ],
)
def test_no_secret_in_what_an_error_says(
    secretive: Subject, small: PackageIndex, pattern: str, how: int, installer: str
) -> None:
    small.fail(pattern, how)
    for verbosity in ("-v", "--json"):
        done = secretive.run(verbosity, f"--installer={installer}")
        assert done.code == 1, done.err
        assert not tells(done.out + done.err)
    assert shown(secretive) == []


def test_no_secret_in_the_log_of_a_bug(secretive: Subject, tmp_path: Path) -> None:
    """An error nobody thought of may quote a value: the log tells where it broke, not what it held."""
    broken = tmp_path / "broken" / "sitecustomize.py"
    broken.parent.mkdir()
    broken.write_text(
        "import sys\n"
        "class Trap:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'bootstrap.setup.pipeline':\n"
        "            raise RuntimeError(open('.env').read())\n"
        "sys.meta_path.insert(0, Trap())\n"
    )
    env = {"PYTHONPATH": os.pathsep.join([secretive.environment()["PYTHONPATH"], str(broken.parent)])}
    done = secretive.run("-v", env=env)
    assert done.code == 70, done.err
    assert (secretive.base / "home/.local/state/bootstrap/log/error.log").exists()
    assert not tells(done.out + done.err)
    assert shown(secretive) == []
