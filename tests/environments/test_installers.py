"""Real pip and real uv against the local index: the same lock gives the same environment."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import uv

from bootstrap.environments import create, installers
from bootstrap.environments.environment import Environment, look
from bootstrap.environments.installers import Installer, Pip, Sources, Uv, choose
from bootstrap.environments.packages import installed
from bootstrap.errors import BootstrapError, UsageError
from bootstrap.pip.configuration import PipConfiguration
from tests.index.server import PackageIndex

UV = Uv(Path(uv.find_uv_bin()))
both = pytest.mark.parametrize("installer", [Pip(), UV], ids=["pip", "uv"])
LOCKED = {"celery": "5.5.3", "vine": "5.1.0", "zope.interface": "7.0", "typing-extensions": "4.15.0"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Make one environment; copies of it serve the tests, for nothing in it but scripts knows its path."""
    path = tmp_path_factory.mktemp("made") / ".venv"
    made = create.create(path, Path(sys.executable), "x", sys.platform)
    create.finish(made)
    return made


@pytest.fixture
def environment(template: Environment, tmp_path: Path) -> Environment:
    return copy(template, tmp_path / "with a space" / ".venv")


def copy(template: Environment, path: Path) -> Environment:
    shutil.copytree(template.path, path, symlinks=True)
    return look(path, sys.platform)


@pytest.fixture
def packages(index: PackageIndex) -> PackageIndex:
    index.add("celery", "5.5.3", ["vine>=5", "not-in-the-lock"], scripts={"celery": "celery:main"})
    index.add("vine", "5.1.0")
    index.add("vine", "5.2.0")
    index.add("zope.interface", "7.0", files={"zope/interface/__init__.py": b"", "zope/ä.txt": b"\xff"})
    index.add("typing-extensions", "4.15.0", files={"typing_extensions.py": b"x = 1\n"})
    index.add("not-in-the-lock", "1.0")
    return index


def lock(folder: Path, index: PackageIndex, *, wrong: str = "") -> Path:
    lines = []
    for name, version in LOCKED.items():
        wheel = f"{name.replace('-', '_').replace('.', '_')}-{version}-py3-none-any.whl"
        digest = f"sha256:{'0' * 64}" if name == wrong else index.hash_of(wheel)
        lines.append(f"{name}=={version} \\\n    --hash={digest}\n")
    path = folder / "base lock.txt"
    path.write_text("".join(lines), encoding="utf-8")
    return path


def sources(lock_file: Path, index: PackageIndex, *, offline: bool = False) -> Sources:
    values = {"index-url": index.url, "retries": "0"}
    return Sources((lock_file,), hashes=True, configuration=PipConfiguration(values), offline=offline)


def silent(_: str) -> None:
    """Take a line."""


def holds(environment: Environment) -> dict[str, str]:
    assert environment.site_packages is not None
    found = installed(environment.site_packages)
    assert found.damaged == set()
    return {name: ", ".join(versions) for name, versions in found.versions.items() if name != "pip"}


def contents(environment: Environment) -> Iterator[tuple[str, bytes]]:
    """Give every file that was installed; what must differ is left out, and so are paths in scripts."""
    for path in sorted(environment.path.rglob("*")):
        relative = path.relative_to(environment.path).as_posix()
        if path.is_symlink() or path.is_dir() or "__pycache__" in relative or "/pip" in relative:
            continue
        if path.name in ("INSTALLER", "REQUESTED", ".lock") or path.parent == environment.scripts:
            continue
        yield relative, records(path) if path.name == "RECORD" else path.read_bytes()


def records(path: Path) -> bytes:
    """Return a RECORD without compiled files, the two files above, and the hashes of scripts."""
    rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    kept = [
        row[:1] if row[0].startswith("..") else row
        for row in rows
        if not row[0].endswith((".pyc", "/INSTALLER", "/REQUESTED"))
    ]
    return repr(sorted(kept)).encode()


def test_pip_comes_the_same_from_uv_as_from_virtualenv(
    template: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_NO_INDEX", "0")
    monkeypatch.setenv("UV_OFFLINE", "0")
    made = create.create(
        tmp_path / "with a space" / ".venv", Path(sys.executable), "x", sys.platform, installers.seed_of(UV)
    )
    assert template.site_packages is not None
    assert made.site_packages is not None
    assert installed(made.site_packages) == installed(template.site_packages)
    assert pip_files(made.site_packages) == pip_files(template.site_packages)
    assert not list(made.site_packages.glob("*/direct_url.json")), "it must not name a path of this machine"
    pip = made.scripts / ("pip.exe" if made.windows else "pip")
    subprocess.run([pip, "check"], capture_output=True, check=True)


def pip_files(site_packages: Path) -> dict[str, bytes]:
    files = (path for path in (site_packages / "pip").rglob("*.py"))
    return {path.relative_to(site_packages).as_posix(): path.read_bytes() for path in files}


def test_a_python_that_virtualenv_has_no_pip_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("virtualenv.seed.wheels.embed.get_embed_wheel", lambda *_: None)
    with pytest.raises(BootstrapError, match="it has no pip for Python 3") as caught:
        create.create(tmp_path / ".venv", Path(sys.executable), "x", sys.platform, installers.seed_of(UV))
    assert caught.value.problem.code == "venv-failed"


def test_a_narrow_terminal_hides_no_error(
    environment: Environment, packages: PackageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    file = lock(tmp_path, packages)
    file.write_text(f"{file.read_text()}not-in-the-lock==1.0\n")
    with pytest.raises(BootstrapError, match=r"no hash for not-in-the-lock==1\.0"):
        UV.install(environment, sources(file, packages), silent)


def test_both_leave_the_same_behind(packages: PackageIndex, template: Environment, tmp_path: Path) -> None:
    file = lock(tmp_path, packages)
    made = {}
    for installer in (Pip(), UV):
        into = copy(template, tmp_path / installer.name / ".venv")
        installer.install(into, sources(file, packages), silent)
        assert holds(into) == {name.replace(".", "-"): version for name, version in LOCKED.items()}
        script = into.scripts / ("celery.exe" if into.windows else "celery")
        done = subprocess.run([script], capture_output=True, text=True, check=True)
        assert done.stdout == "celery 5.5.3\n"
        made[installer.name] = dict(contents(into))
    assert made["pip"] == made["uv"]
    assert len(made["pip"]) > 10


@both
def test_a_wrong_hash_is_refused(
    packages: PackageIndex, environment: Environment, tmp_path: Path, installer: Installer
) -> None:
    wrong = sources(lock(tmp_path, packages, wrong="vine"), packages)
    with pytest.raises(BootstrapError, match=r"vine==5\.1\.0") as caught:
        installer.install(environment, wrong, silent)
    assert caught.value.problem.code == "hash-mismatch"
    assert holds(environment) == {}


@both
def test_a_file_that_was_spoiled_on_the_way_is_refused(
    packages: PackageIndex, environment: Environment, tmp_path: Path, installer: Installer
) -> None:
    packages.fail("/files/vine-5.1.0-py3-none-any.whl", "corrupt")
    with pytest.raises(BootstrapError):
        installer.install(environment, sources(lock(tmp_path, packages), packages), silent)
    assert holds(environment) == {}


@both
def test_a_lock_line_without_a_hash_is_refused(
    packages: PackageIndex, environment: Environment, tmp_path: Path, installer: Installer
) -> None:
    file = tmp_path / "lock.txt"
    file.write_text("vine==5.1.0\n")
    with pytest.raises(BootstrapError) as caught:
        installer.install(environment, sources(file, packages), silent)
    assert caught.value.problem.code == "unhashed"
    without = Sources((file,), hashes=False, configuration=PipConfiguration({"index-url": packages.url}))
    installer.install(environment, without, silent)
    assert holds(environment) == {"vine": "5.1.0"}


@both
def test_another_version_is_replaced_and_removed(
    packages: PackageIndex, environment: Environment, tmp_path: Path, installer: Installer
) -> None:
    for version in ("5.2.0", "5.1.0"):
        (tmp_path / "lock.txt").write_text(
            f"vine=={version} --hash={packages.hash_of(f'vine-{version}-py3-none-any.whl')}\n"
        )
        installer.install(environment, sources(tmp_path / "lock.txt", packages), silent)
        assert holds(environment) == {"vine": version}
    told: list[str] = []
    installer.remove(environment, ["vine"], told.append)
    assert holds(environment) == {}
    assert any("vine" in line for line in told)


@both
def test_what_the_user_set_for_others_changes_nothing(
    packages: PackageIndex,
    environment: Environment,
    tmp_path: Path,
    installer: Installer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    elsewhere = tmp_path / "elsewhere"
    limits = tmp_path / "limits.txt"
    limits.write_text("vine==5.2.0\n")
    text = f"[global]\ntarget = {elsewhere}\nconstraint = {limits}\n"
    (Path.home() / ".config" / "pip").mkdir(parents=True)
    (Path.home() / ".config" / "pip" / "pip.conf").write_text(text)
    (tmp_path / "uv.toml").write_text('[pip]\ntarget = "elsewhere"\n')
    monkeypatch.chdir(tmp_path)
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_CONSTRAINT", "PIP_PYTHON", "PIP_CONFIG_FILE"):
        monkeypatch.setenv(name, str(elsewhere))
    for name in ("UV_CONSTRAINT", "UV_OVERRIDE", "UV_CONFIG_FILE", "UV_DEFAULT_INDEX", "UV_FIND_LINKS"):
        monkeypatch.setenv(name, str(elsewhere))
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_DRY_RUN", "1")
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_EXCLUDE_NEWER", "2001-01-01")
    monkeypatch.setenv("PYTHONPATH", str(elsewhere))
    (tmp_path / "pip.py").write_text("raise SystemExit('not me')")
    installer.install(environment, sources(lock(tmp_path, packages), packages), silent)
    assert holds(environment)["vine"] == "5.1.0"
    assert not elsewhere.exists()


@both
def test_offline_asks_nobody(
    packages: PackageIndex, environment: Environment, tmp_path: Path, installer: Installer
) -> None:
    file = lock(tmp_path, packages)
    with pytest.raises(BootstrapError) as caught:
        installer.install(environment, sources(file, packages, offline=True), silent)
    assert caught.value.problem.code == "offline"
    assert packages.requests == []


@both
def test_removing_what_is_not_there_is_no_error(
    isolated: Path, environment: Environment, installer: Installer
) -> None:
    installer.remove(environment, ["vine"], silent)


@both
def test_no_credential_is_told(
    packages: PackageIndex, environment: Environment, tmp_path: Path, installer: Installer
) -> None:
    secret = packages.url.replace("127.0.0.1", "me:hunter2@127.0.0.1")
    file = tmp_path / "lock.txt"
    file.write_text(f"vine==9 --hash=sha256:{'0' * 64}\n")
    told: list[str] = []
    wanted = Sources((file,), hashes=True, configuration=PipConfiguration({"index-url": secret}))
    with pytest.raises(BootstrapError) as caught:
        installer.install(environment, wanted, told.append)
    problem = caught.value.problem
    assert "hunter2" not in f"{problem} {caught.value.details} {told}"


def test_pip_is_taken_where_it_is_wanted() -> None:
    assert choose("pip", os.environ.get("PATH")) == Pip()


@pytest.mark.parametrize("wanted", ["auto", "uv"])
def test_uv_is_taken_where_it_is_found(wanted: str) -> None:
    assert choose(wanted, "") == UV


@pytest.fixture
def no_uv_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)


@pytest.mark.usefixtures("no_uv_of_our_own")
def test_uv_on_the_path(tmp_path: Path) -> None:
    name = "uv.exe" if sys.platform == "win32" else "uv"
    (tmp_path / name).touch(mode=0o755)
    assert choose("auto", str(tmp_path)) == Uv(tmp_path / name)


@pytest.mark.usefixtures("no_uv_of_our_own")
def test_a_shim_is_no_uv(tmp_path: Path) -> None:
    name = "uv.exe" if sys.platform == "win32" else "uv"
    (tmp_path / "shims").mkdir()
    (tmp_path / "shims" / name).touch(mode=0o755)
    assert choose("auto", str(tmp_path / "shims")) == Pip()


@pytest.mark.usefixtures("no_uv_of_our_own")
def test_no_uv_where_it_is_wanted() -> None:
    assert choose("auto", "") == Pip()
    with pytest.raises(UsageError, match="uv was asked for") as caught:
        choose("uv", "")
    assert caught.value.problem.code == "no-installer"
    assert "--installer pip" in str(caught.value.problem.hint)


def test_both_are_installers() -> None:
    assert [installers.Pip().name, UV.name] == ["pip", "uv"]
