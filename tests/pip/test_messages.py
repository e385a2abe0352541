"""What failures made on purpose are told as: those of the real pip, pip-compile and uv, and samples."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uv

from bootstrap.pip import messages
from bootstrap.pip.finding import Finding
from tests.index.server import PackageIndex

Tool = Callable[[Path, str], str]
_REFUSED = (
    "Could not fetch URL https://x/simple/b/: {} - skipping\n"
    "The conflict is caused by:\n    a 1 depends on b>=1\n\n"
)
_REFUSING = "http://127.0.0.1:9/simple"


@pytest.fixture(scope="module")
def shared() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        index.add("demo", "1.0", ["base>=1"])
        index.add("demo", "1.1", ["base>=1"])
        index.add("base", "1.0")
        index.add("base", "2.0")
        index.add("alpha", "1.0", ["base<2"])
        index.add("beta", "1.0", ["base>=2"])
        index.add("newer", "1.0", requires_python=">=3.99")
        index.add("partly", "1.0")
        index.add("partly", "2.0", requires_python=">=3.99")
        index.add("recalled", "1.0", yanked="it leaks")
        index.add("elsewhere", "1.0", tags=["cp26-cp26-win_arm64"])
        yield index


@pytest.fixture
def packages(shared: PackageIndex, isolated: Path) -> Iterator[PackageIndex]:
    yield shared
    shared.mend()


def said(command: list[str | Path], folder: Path, index_url: str) -> str:
    """Return what a program wrote that had to fail; each asks the index twice at most."""
    variables = {
        "PIP_INDEX_URL": index_url,
        "PIP_NO_INPUT": "1",
        "PIP_RETRIES": "1",
        "PIP_RESUME_RETRIES": "0",
        "UV_DEFAULT_INDEX": index_url,
        "UV_HTTP_RETRIES": "0",
        "UV_CACHE_DIR": str(folder / "uv-cache"),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        command, cwd=folder, env=os.environ | variables, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode != 0
    return done.stdout + done.stderr


def pip(folder: Path, index_url: str) -> str:
    words = ["install", "--target", "site", "--requirement", "base.in"]
    return said([sys.executable, "-I", "-m", "pip", *words], folder, index_url)


def pip_compile(folder: Path, index_url: str) -> str:
    options = ["--no-config", "--verbose", "--strip-extras", "--generate-hashes", "--output-file=base.txt"]
    return said([sys.executable, "-I", "-m", "piptools", "compile", *options, "base.in"], folder, index_url)


def with_uv(folder: Path, index_url: str) -> str:
    words = ["pip", "install", "--python", sys.executable, "--target", "site", "--requirement", "base.in"]
    return said([uv.find_uv_bin(), "--no-config", *words], folder, index_url)


def finding(tool: Tool, folder: Path, index_url: str, requirements: str) -> Finding:
    (folder / "base.in").write_text(requirements, encoding="utf-8")
    found = messages.explain(tool(folder, index_url))
    assert "Traceback" not in found.message
    assert "pip._" not in found.message
    assert found.hint
    return found


anybody = pytest.mark.parametrize("tool", [pip, pip_compile, with_uv])
installers = pytest.mark.parametrize("tool", [pip, with_uv])


@installers
def test_a_wrong_hash(packages: PackageIndex, tmp_path: Path, tool: Tool) -> None:
    found = finding(tool, tmp_path, packages.url, f"demo==1.0 --hash=sha256:{'0' * 64}\n")
    assert found.code == "hash-mismatch"
    assert "demo==1.0" in found.message


@installers
def test_a_line_without_a_hash(packages: PackageIndex, tmp_path: Path, tool: Tool) -> None:
    hashed = f"base==1.0 --hash={packages.hash_of('base-1.0-py3-none-any.whl')}\n"
    found = finding(tool, tmp_path, packages.url, f"--require-hashes\n{hashed}demo==1.0\n")
    assert (found.code, "demo==1.0" in found.message) == ("unhashed", True)


@installers
def test_a_line_without_a_pin(packages: PackageIndex, tmp_path: Path, tool: Tool) -> None:
    hashed = f"base==1.0 --hash={packages.hash_of('base-1.0-py3-none-any.whl')}\n"
    found = finding(tool, tmp_path, packages.url, f"--require-hashes\n{hashed}demo\n")
    assert (found.code, "demo" in found.message) == ("unpinned", True)


@anybody
@pytest.mark.parametrize(
    ("requirement", "told"),
    [
        ("no-such-thing", ["no-such-thing"]),
        ("demo==9.9", ["demo==9.9"]),
        ("newer", ["newer", "Python", ">=3.99"]),
        ("partly==2.0", ["partly==2.0", "Python", ">=3.99"]),
        ("elsewhere", ["elsewhere"]),
        ("recalled", ["recalled"]),
    ],
)
def test_what_the_index_does_not_have(
    packages: PackageIndex, tmp_path: Path, tool: Tool, requirement: str, told: list[str]
) -> None:
    found = finding(tool, tmp_path, packages.url, f"{requirement}\n")
    assert found.code == "not-found"
    assert [word for word in told if word not in found.message] == []


def test_a_version_that_is_not_there_tells_which_are(packages: PackageIndex, tmp_path: Path) -> None:
    assert "1.0, 1.1" in finding(pip, tmp_path, packages.url, "demo==9.9\n").message


@pytest.mark.parametrize("tool", [pip, pip_compile])
def test_versions_that_were_yanked_are_told(packages: PackageIndex, tmp_path: Path, tool: Tool) -> None:
    found = finding(tool, tmp_path, packages.url, "recalled>=1\n")
    assert found.message == "what there is for recalled>=1 was yanked from the index: 1.0"
    assert "==1.0" in found.hint


def test_a_version_for_another_python_is_not_blamed_for_one_that_is_not_there(
    packages: PackageIndex, tmp_path: Path
) -> None:
    assert "Python" not in finding(pip, tmp_path, packages.url, "partly==3.0\n").message


@anybody
def test_a_conflict_names_who_wants_what(packages: PackageIndex, tmp_path: Path, tool: Tool) -> None:
    found = finding(tool, tmp_path, packages.url, "alpha\nbeta\n")
    assert found.code == "conflict"
    assert [word for word in ("alpha", "beta", "base<2", "base>=2") if word not in found.message] == []


@anybody
def test_nobody_listens(isolated: Path, tmp_path: Path, tool: Tool) -> None:
    found = finding(tool, tmp_path, _REFUSING, "demo\n")
    assert found.code == "network"
    assert f"(asked {_REFUSING}" in found.message


@anybody
@pytest.mark.parametrize("where", ["/simple/*", "/files/*"])
def test_half_an_answer(packages: PackageIndex, tmp_path: Path, tool: Tool, where: str) -> None:
    packages.fail(where, "cut")
    assert finding(tool, tmp_path, packages.url, "demo\n").code == "network"


@anybody
@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_file_that_the_index_does_not_hand_out(
    packages: PackageIndex, tmp_path: Path, tool: Tool, status: int
) -> None:
    packages.fail("/files/*", status)
    found = finding(tool, tmp_path, packages.url, "demo\n")
    assert found.code == "index-error"
    assert str(status) in found.message


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503])
def test_a_page_that_the_index_does_not_hand_out(packages: PackageIndex, tmp_path: Path, status: int) -> None:
    """pip tells nobody why a page did not come; so the hint names all that it can be."""
    packages.fail("/simple/*", status)
    found = finding(pip, tmp_path, packages.url, "demo\n")
    assert found.code == "not-found"
    assert "credentials" in found.hint
    expected = "not-found" if status == 404 else "index-error"
    assert finding(with_uv, tmp_path, packages.url, "demo\n").code == expected


@anybody
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('raise RuntimeError("pg_config not found")', "RuntimeError: pg_config not found"),
        ('sys.exit("Error: pg_config not found")', "Error: pg_config not found"),
        (
            'sys.exit("a.c:1:1: fatal error: pq.h: No such file\\nerror: command gcc failed")',
            "fatal error: pq.h: No such file",
        ),
    ],
    ids=["exception", "message", "compiler"],
)
def test_a_build_that_fails(
    packages: PackageIndex, tmp_path: Path, tool: Tool, body: str, reason: str
) -> None:
    write_sdist(tmp_path / "links" / "broken-1.0.tar.gz", f"import sys\ndef build_wheel(*_):\n    {body}\n")
    found = finding(tool, tmp_path, packages.url, "--find-links links\nbroken\n")
    assert found.code == "build-failed"
    assert found.message.startswith("broken")
    assert found.message.endswith(reason)


def write_sdist(path: Path, backend: str) -> None:
    path.parent.mkdir()
    texts = {
        "PKG-INFO": "Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n",
        "pyproject.toml": '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
        "backend.py": backend,
    }
    with tarfile.open(path, "w:gz") as archive:
        for name, text in texts.items():
            entry = tarfile.TarInfo(f"broken-1.0/{name}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
            "disk-full",
        ),
        ("error: Failed to write\n  cause: No space left on device (os error 28)", "disk-full"),
        ("OSError: [WinError 112] There is not enough space on the disk: 'x'", "disk-full"),
        ("PermissionError: [WinError 32] The process cannot access the file because it is", "venv-in-use"),
        ("ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied", "venv-in-use"),
        ("error: subprocess-exited-with-error\n  x pip install did not run successfully.", "build-failed"),
        ("requests.exceptions.HTTPError: 502 Server Error: Bad Gateway for url: x", "index-error"),
        ("  ERROR: Failed building wheel for psycopg2", "build-failed"),
        ("  ERROR: Cannot install a==1 and a==2 because these package versions have conf", "conflict"),
        ("pip._internal.exceptions.network.ConnectionFailedError: <ConnectionFailedError: x>", "network"),
        (
            _REFUSED.format("403 Client Error: Forbidden"),
            "index-error",
        ),
        (
            _REFUSED.format("404 Client Error: Not Found"),
            "conflict",
        ),
        ("something nobody has seen before", "failed"),
        ("", "failed"),
    ],
)
def test_samples(text: str, code: str) -> None:
    assert messages.explain(text).code == code


def test_what_is_not_known_is_told_in_the_programs_own_words() -> None:
    text = (
        "Traceback (most recent call last):\n  x\npip._internal.exceptions.InstallationError: odd line\nbye\n"
    )
    assert messages.explain(text).message == "odd line"


def test_an_exception_without_words_of_its_own_is_told_with_those_below_it() -> None:
    text = "ERROR: InstallationError:\n404 Client Error: x\n"
    assert messages.explain(text).message.startswith("the package index answered 404")
    assert messages.explain("ERROR: InstallationError:\nodd file\n").message == "odd file"
    assert messages.explain("ERROR: OddError:\nodd file\n").message == "OddError: odd file"


def test_what_was_yanked() -> None:
    said = "WARNING: The candidate selected for download or install is a yanked version: {} candidate "
    said += (
        "(version 1.1 at https://x/demo-1.1.whl (from https://x/simple/demo/))\nReason for being yanked: {}\n"
    )
    text = said.format("'demo'", "it loses data") * 2 + said.format("other", "<none given>")
    assert messages.yanked(text) == [("demo==1.1", "it loses data"), ("other==1.1", "<none given>")]


def test_a_retry_for_another_package_is_no_excuse() -> None:
    retry = (
        "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError': /simple/{}/\n"
    )
    end = "ERROR: No matching distribution found for Demo_x==1\n"
    assert messages.explain(retry.format("other") + end).code == "not-found"
    assert messages.explain(retry.format("demo-x") + end).code == "network"


def test_a_retry_that_helped_is_no_failure() -> None:
    retry = "WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError': /simple/a/\n"
    assert messages.explain(f"{retry}ERROR: Failed building wheel for a\n").code == "build-failed"


@pytest.mark.parametrize(
    "text", ["ERROR: No matching distribution found for demo", "error sending request for url (http://x/)"]
)
def test_offline_is_the_reason_where_something_is_missing(text: str) -> None:
    found = messages.explain(text, offline=True)
    assert (found.code, found.hint) == ("offline", "run it once without --offline")


def test_uv_offline(packages: PackageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    (tmp_path / "base.in").write_text("demo\n")
    assert messages.explain(with_uv(tmp_path, packages.url), offline=True).code == "offline"


def test_credentials_are_masked_in_messages() -> None:
    found = messages.explain("error: odd answer from https://me:hunter2@host/simple")
    assert "hunter2" not in found.message


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("ERROR: No version of a (from -r base.in (line 3)) (from versions: 1)", ("base.in", 3)),
        (
            "  ERROR: Cannot install -r requirements/dev.in (line 1) and b==2 because",
            ("requirements/dev.in", 1),
        ),
        ("ERROR: x (from -c my limits.txt (line 12))", ("my limits.txt", 12)),
        ("Collecting demo (from -r base.in (line 1))\nERROR: something else", None),
        ("ERROR: No matching distribution found for x", None),
    ],
)
def test_the_place_is_that_of_the_error(text: str, place: tuple[str, int] | None) -> None:
    assert messages.place(text) == place


def test_held_pins_are_those_of_the_conflict(packages: PackageIndex, tmp_path: Path) -> None:
    (tmp_path / "base.txt").write_text("Base==1.0\nalpha==1.0\n")
    (tmp_path / "base.in").write_text("alpha\nbeta\n")
    assert messages.held_pins(pip_compile(tmp_path, packages.url)) == {"base"}
