"""What lies around a project must not decide what becomes of it: settings, modules, paths, modes, links."""

from __future__ import annotations

import os
import site
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests import command
from tests.command import Completed
from tests.faults.subject import Subject
from tests.index.server import PackageIndex

EXPECTED = {"alpha": "1.1", "beta": "1.0", "gamma": "1.0"}


@pytest.fixture
def restored(settled: Subject) -> Subject:
    settled.restore()
    return settled


@pytest.fixture(scope="module")
def locks(settled: Subject) -> dict[str, bytes]:
    """Give the locks of a run that nothing disturbed."""
    return dict(settled.outcome().contents)


def set_up(subject: Subject, *arguments: str, env: Mapping[str, str] | None = None) -> Completed:
    done = subject.run(*arguments, env=env)
    assert done.code == 0, done.err
    assert command.distributions(subject.root) == EXPECTED
    return done


STEERING = {
    "user": "true",
    "target": "{away}/target",
    "prefix": "{away}/prefix",
    "root": "{away}/root",
    "src": "{away}/src",
    "log": "{away}/pip.log",
    "report": "{away}/report.json",
    "require-virtualenv": "true",
    "no-deps": "true",
    "dry-run": "true",
    "constraint": "{away}/constraints.txt",
    "requirement": "{away}/more.txt",
    "editable": "{away}",
    "require-hashes": "false",
    "pre": "true",
    "upgrade": "true",
    "force-reinstall": "true",
    "ignore-installed": "true",
    "quiet": "3",
    "isolated": "false",
    "python": "{away}/python",
}


@pytest.mark.parametrize("where", ["files", pytest.param("variables", marks=pytest.mark.faults)])
@pytest.mark.parametrize("installer", ["pip", pytest.param("uv", marks=pytest.mark.faults)])
def test_what_pip_is_told_elsewhere_decides_nothing(
    subject: Subject, locks: dict[str, bytes], where: str, installer: str, tmp_path: Path
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    (away / "constraints.txt").write_text("alpha==1.0\n")
    (away / "more.txt").write_text("delta\n")
    values = {name: value.format(away=away) for name, value in STEERING.items()}
    before = command.fingerprint(away)
    if where == "files":
        config = subject.base / "home" / ".config" / "pip" / "pip.conf"
        config.parent.mkdir(parents=True)
        lines = "".join(f"{name} = {value}\n" for name, value in values.items())
        config.write_text(f"[global]\nindex-url = {subject.index_url}\n{lines}\n[install]\n{lines}")
        # The session's PIP_CONFIG_FILE would hide the file.
        env = {"PIP_CONFIG_FILE": str(config), "PIP_INDEX_URL": ""}
    else:
        env = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in values.items()}
    set_up(subject, f"--installer={installer}", env=env)
    assert subject.outcome().contents == locks
    assert command.fingerprint(away) == before


HOSTILE = (
    "pip",
    "piptools",
    "virtualenv",
    "typing",
    "json",
    "uv",
    "packaging",
    "typer",
    "pathlib",
    "subprocess",
)


def plant(folder: Path, away: Path, names: tuple[str, ...]) -> None:
    """Write modules that leave a file behind when they are imported, and then fail."""
    folder.mkdir(exist_ok=True)
    for name in names:
        code = (
            f"open({str(away / name)!r}, 'a').close()\nraise SystemExit('{name}.py of the project was run')\n"
        )
        (folder / f"{name}.py").write_text(code)


@pytest.fixture
def console_script(tmp_path: Path) -> Path:
    """Give what an installer makes of the entry point: its folder, not the current one, is the first."""
    script = tmp_path / "bin" / "bootstrap"
    script.parent.mkdir()
    script.write_text("import sys\nfrom bootstrap.__main__ import main\nsys.exit(main())\n")
    return script


@pytest.mark.parametrize("how", ["script", pytest.param("module", marks=pytest.mark.faults)])
def test_modules_of_the_project_are_never_run(
    subject: Subject, console_script: Path, tmp_path: Path, how: str
) -> None:
    """They lie in the project, where it is started, and on PYTHONPATH, as with ``PYTHONPATH=.``."""
    away = tmp_path / "away"
    away.mkdir()
    plant(subject.root, away, HOSTILE)
    # Python itself runs this one before any program, so it can only be kept from the children.
    plant(tmp_path / "startup", away, ())
    (tmp_path / "startup" / "sitecustomize.py").write_text(
        f"import os, sys\nopen(os.path.join({str(away)!r}, 'site.' + str(os.getpid())), 'w').close()\n"
    )
    words = [sys.executable, *([str(console_script)] if how == "script" else ["-m", "bootstrap"])]
    folders = [command.IMPORTED_FROM, str(tmp_path / "startup"), "."]
    env = subject.environment({"PYTHONPATH": os.pathsep.join(folders)})
    for arguments in (["--installer=pip"], ["--rebuild"], ["--check"], []):
        done = subprocess.run(
            [*words, *arguments], cwd=subject.root, env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    assert command.distributions(subject.root) == EXPECTED
    ran = sorted(path.name for path in away.iterdir())
    assert [name for name in ran if not name.startswith("site.")] == []
    assert len(ran) == 4, "the tool's own processes, and no child"


def test_spaces_and_letters_of_the_world_in_every_path(tmp_path: Path, small: PackageIndex) -> None:
    subject = Subject(tmp_path / 'Mein Büro — 店 \'n "co" $HOME', small.url).make()
    set_up(subject, "--installer=pip")
    set_up(subject, "--rebuild", "--installer=uv")
    assert subject.run().code == 0
    assert subject.run("--check").err.startswith("up to date")
    alpha = subprocess.run([subject.venv / "bin" / "alpha"], capture_output=True, text=True, check=True)
    assert alpha.stdout == "alpha 1.1\n"


@pytest.mark.parametrize(
    "how",
    [
        "unset",
        "missing",
        pytest.param("empty", marks=pytest.mark.faults),
        pytest.param("a file", marks=pytest.mark.faults),
    ],
)
def test_a_home_that_is_none(restored: Subject, tmp_path: Path, how: str) -> None:
    """The caches have places of their own; what only the home could tell is left out."""
    restored.write({"requirements/dev.in": "-r base.in\ngamma\n\n# more\n", ".gitignore": "*.log\n"})
    env = restored.environment({"PYENV_ROOT": str(Path(sys.base_prefix).parents[1])})
    del env["HOME"]
    if how != "unset":
        (tmp_path / "a file").touch()
        env["HOME"] = {"empty": "", "missing": str(tmp_path / "none"), "a file": str(tmp_path / "a file")}[
            how
        ]
    words = [sys.executable, "-P", "-m", "bootstrap"]
    done = subprocess.run(words, cwd=restored.root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not (restored.root / "~").exists()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("mask", [0o000, pytest.param(0o077, marks=pytest.mark.faults)])
def test_the_umask_never_opens_env(restored: Subject, mask: int) -> None:
    (restored.root / ".env").unlink()
    (restored.root / ".gitignore").unlink()
    (restored.root / "requirements" / "dev.txt").unlink()
    previous = os.umask(mask)
    try:
        set_up(restored)
    finally:
        os.umask(previous)
    modes = {
        name: stat.S_IMODE((restored.root / name).stat().st_mode)
        for name in (".env", ".gitignore", "requirements/dev.txt")
    }
    assert modes == {".env": 0o600, ".gitignore": 0o666 & ~mask, "requirements/dev.txt": 0o666 & ~mask}
    locks = list((restored.cache / "locks").glob("*.lock"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in locks] == [0o600]


def _a_file(venv: Path, precious: Path) -> None:
    venv.write_text(str(precious))


def _a_link(venv: Path, precious: Path) -> None:
    venv.symlink_to(precious)


def _a_link_to_an_environment(venv: Path, precious: Path) -> None:
    (precious / "pyvenv.cfg").write_text("home = /usr/bin\n")
    (precious / ".x.bootstrap-new").write_text("not ours")
    venv.symlink_to(precious)


def _a_folder(venv: Path, precious: Path) -> None:
    venv.mkdir()
    (venv / "thesis.txt").write_text("years of work")


def _an_old_one_that_is_none(venv: Path, precious: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (venv.parent / ".venv.bootstrap-old").mkdir()
    (venv.parent / ".venv.bootstrap-old" / "thesis.txt").write_text("years of work")


def _an_old_one_that_is_a_link(venv: Path, precious: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (venv.parent / ".venv.bootstrap-old").symlink_to(precious)


@pytest.mark.parametrize(
    "lay",
    [
        _a_file,
        _a_link,
        _a_link_to_an_environment,
        _a_folder,
        _an_old_one_that_is_none,
        _an_old_one_that_is_a_link,
    ],
    ids=lambda lay: lay.__name__.strip("_"),
)
def test_what_is_no_environment_is_not_touched(
    subject: Subject, tmp_path: Path, lay: Callable[[Path, Path], None]
) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "thesis.txt").write_text("years of work")
    lay(subject.venv, precious)
    before = command.fingerprint(subject.root), command.fingerprint(precious)
    for arguments in ([], ["--rebuild"]):
        done = subject.run(*arguments)
        assert done.code == 1, done.err
        assert "  fix: move" in done.err, done.err
    assert (command.fingerprint(subject.root), command.fingerprint(precious)) == before


@pytest.mark.parametrize("name", [".env", ".gitignore", "requirements/dev.txt", "requirements/base.txt"])
def test_nothing_is_written_through_a_planted_link(restored: Subject, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "bashrc"
    outside.write_bytes(b"# mine\n")
    path = restored.root / name
    path.unlink(missing_ok=True)
    path.symlink_to(outside)
    # A neighbour that is about to take a file's place may be planted, too.
    (path.parent / f".{path.name.removeprefix('.')}.bootstrap-new").symlink_to(outside)
    done = restored.run()
    assert done.code in (1, 2), done.err
    assert "symbolic link" in done.err
    assert outside.read_bytes() == b"# mine\n"
    assert path.is_symlink()


def test_links_inside_an_environment_are_not_followed(restored: Subject, tmp_path: Path) -> None:
    outside = tmp_path / "precious"
    outside.mkdir()
    (outside / "thesis.txt").write_text("years of work")
    (restored.venv / "link").symlink_to(outside)
    (restored.venv / ".bootstrap-unfinished").symlink_to(tmp_path / "made")
    (restored.venv / ".bootstrap.json").unlink()
    (restored.venv / ".bootstrap.json").symlink_to(outside / "thesis.txt")
    set_up(restored, "--rebuild")
    assert (outside / "thesis.txt").read_text() == "years of work"
    assert not (tmp_path / "made").exists()


def test_the_environment_it_runs_from_is_not_pulled_away(restored: Subject) -> None:
    """As after ``pip install bootstrap-cli`` in the project's own environment."""
    (site_packages,) = restored.venv.glob("lib/*/site-packages")
    own = [command.IMPORTED_FROM, sysconfig.get_path("purelib"), *site.getsitepackages()]
    (site_packages / "tool.pth").write_text("\n".join(own))
    words = [str(restored.venv / "bin" / "python"), "-P", "-m", "bootstrap"]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*words, *arguments],
            cwd=restored.root,
            env=restored.environment({"PYTHONPATH": ""}),
            capture_output=True,
            text=True,
            check=False,
        )

    done = run("--rebuild")
    assert done.returncode == 1, done.stderr
    assert "bootstrap runs from it" in done.stderr
    assert "fix: install bootstrap outside the project" in done.stderr
    (site_packages / "bootstrap_cli-0.1.dist-info").mkdir()
    (site_packages / "bootstrap_cli-0.1.dist-info" / "RECORD").touch()
    before = command.fingerprint(site_packages)
    done = run()
    assert done.returncode == 1, done.stderr
    assert "bootstrap runs from .venv" in done.stderr
    assert command.fingerprint(site_packages) == before
