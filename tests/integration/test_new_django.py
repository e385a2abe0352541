"""A new Django project from the wheel, with real packages: everything its README says works."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from bootstrap.scaffold import templates

pytestmark = pytest.mark.network

REPOSITORY = Path(__file__).parents[2]
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"
FEATURES = tuple(templates.load("django").features)
VALUES = {
    "DJANGO_SETTINGS_MODULE": "shop.settings.production",
    "DJANGO_SECRET_KEY": "only-for-these-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DJANGO_ALLOWED_HOSTS": "example.com",
}
REQUIRED = ("DJANGO_SECRET_KEY", "DJANGO_ALLOWED_HOSTS", "DATABASE_URL")


@dataclass(frozen=True)
class Site:
    """A project that ``tool`` made and set up; ``environ`` are the variables it ran with."""

    root: Path
    tool: Path
    environ: Mapping[str, str]

    @property
    def python(self) -> Path:
        return self.root / ".venv" / SCRIPTS / "python"

    def run(self, *words: object, code: int = 0, **variables: str) -> str:
        return run([self.python, *words], self.root, {**self.environ, **variables}, code)

    def manage(self, *words: str, code: int = 0, **variables: str) -> str:
        return self.run("src/manage.py", *words, code=code, **variables)


def run(words: list[object], cwd: Path, environ: Mapping[str, str], code: int = 0) -> str:
    done = subprocess.run(
        list(map(str, words)), cwd=cwd, env=dict(environ), capture_output=True, encoding="utf-8", check=False
    )
    told = done.stdout + done.stderr
    assert done.returncode == code, f"{words}\n{told[-4000:]}"
    return told


@pytest.fixture(scope="module")
def environ(
    tmp_path_factory: pytest.TempPathFactory, as_started_session: Mapping[str, str]
) -> dict[str, str]:
    cache = str(tmp_path_factory.mktemp("cache"))
    return {**as_started_session, "BOOTSTRAP_CACHE_DIR": cache, "GIT_CONFIG_GLOBAL": os.devnull}


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory, environ: Mapping[str, str]) -> Path:
    """Install the wheel, and nothing but it, into an empty environment; returns its ``bootstrap``."""
    folder = tmp_path_factory.mktemp("tool")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder / "dist"]
    run([*build], REPOSITORY, environ)
    [wheel] = (folder / "dist").iterdir()
    run([sys.executable, "-m", "virtualenv", "--quiet", folder / "venv"], folder, environ)
    scripts = folder / "venv" / SCRIPTS
    run([scripts / "python", "-m", "pip", "install", "--quiet", wheel], folder, environ)
    asked = [scripts / "python", "-c", "from bootstrap.scaffold import templates; print(templates.folder())"]
    assert Path(run([*asked], folder, environ).strip()).is_relative_to(folder)
    return scripts / "bootstrap"


def make(tool: Path, folder: Path, environ: Mapping[str, str], *words: str) -> Site:
    done = subprocess.run(
        [tool, "new", "django", "shop", *words],
        cwd=folder,
        env=dict(environ),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if "is installed" in done.stderr and done.returncode == 1:
        pytest.skip(f"{' '.join(words)}: that Python is not installed here")
    assert done.returncode == 0, done.stderr
    return Site(folder / "shop", tool, environ)


@pytest.fixture(scope="module", params=["3.12", "3.13"])
def site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tool: Path,
    environ: Mapping[str, str],
) -> Site:
    return make(tool, tmp_path_factory.mktemp("Ünï code"), environ, "--python", request.param)


def test_the_locks_are_clean_and_settled(site: Site) -> None:
    for path in (site.root / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^--|://|file:", text, re.MULTILINE), path.name
        assert str(site.root) not in text
        pins = re.findall(r"^[a-z0-9][\w.-]*==\S+( \\)?$", text, re.MULTILINE)
        assert pins
        assert all(pins)
    before = {path: path.read_bytes() for path in (site.root / "requirements").iterdir()}
    run([site.tool, "--check"], site.root, site.environ)
    run([site.tool, "lock"], site.root, site.environ)
    assert {path: path.read_bytes() for path in (site.root / "requirements").iterdir()} == before


def test_the_dev_lock_installs_by_its_hashes(site: Site, tmp_path: Path) -> None:
    run([site.python, "-m", "venv", tmp_path / "venv"], tmp_path, site.environ)
    python = tmp_path / "venv" / SCRIPTS / "python"
    lock = site.root / "requirements" / "dev.txt"
    words = ["install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    run([python, "-m", "pip", *words], tmp_path, site.environ)
    run([python, "-m", "pip", "check"], tmp_path, site.environ)


def test_no_module_of_the_environment_is_free_as_a_name(site: Site) -> None:
    packages = site.run(
        "-c", "import django, pathlib; print(pathlib.Path(django.__file__).parents[1])"
    ).strip()
    names = {
        path.name.partition(".")[0]
        for path in Path(packages).iterdir()
        if not path.name.endswith((".dist-info", ".libs", ".pth", "-stubs")) and path.name != "__pycache__"
    }
    free = {name for name in names - templates.load("django").taken if re.fullmatch(r"[a-z][a-z0-9_]*", name)}
    assert not free


def test_style_tests_and_migrations(site: Site) -> None:
    site.run("-m", "ruff", "check", ".")
    site.run("-m", "ruff", "format", "--check", ".")
    assert "passed" in site.run("-W", "error", "-m", "pytest", "-W", "error")
    site.manage("makemigrations", "--check", "--dry-run")
    site.manage("check", "--fail-level", "WARNING")
    assert "No migrations to apply" in site.manage("migrate")


def test_git_takes_what_it_should(site: Site) -> None:
    run(["git", "add", "--all"], site.root, site.environ)
    files = run(["git", "ls-files"], site.root, site.environ).split()
    assert "requirements/production.txt" in files
    assert ".env.example" in files
    assert not [name for name in files if re.search(r"^\.env$|^\.venv|sqlite|staticfiles|\.pyc$", name)]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def get(port: int, path: str, host: str = "127.0.0.1", **headers: str) -> tuple[int, str, str]:
    """Ask a server of this machine, following no redirect; returns status, where to, and text."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": host, **headers})
    opener = urllib.request.build_opener(Stay, urllib.request.ProxyHandler({}))
    try:
        with opener.open(asked, timeout=10) as answer:
            return answer.status, "", answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers.get("Location", ""), error.read().decode()


@contextmanager
def serving(words: list[object], cwd: Path, environ: Mapping[str, str], port: int) -> Iterator[None]:
    """Run a server until the block ends; it answers /healthz before the block begins."""
    process = subprocess.Popen(
        list(map(str, words)),
        cwd=cwd,
        env=dict(environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = monotonic() + 60
        while True:
            assert process.poll() is None, f"{words} ended with {process.returncode}"
            try:
                assert get(port, "/healthz")[0] == 200
            except OSError:
                assert monotonic() < until, f"{words} does not answer"
                process.poll()
            else:
                break
        yield
    finally:
        process.terminate()
        process.wait(30)


def test_the_development_server_answers(site: Site) -> None:
    port = free_port()
    words: list[object] = [site.python, "src/manage.py", "runserver", "--noreload", str(port)]
    with serving(words, site.root, site.environ, port):
        status, _, home = get(port, "/")
        assert (status, "It works" in home) == (200, True)
        [style] = re.findall(r'href="(/static/site[^"]*\.css)"', home)
        assert get(port, style)[0] == 200
        assert [get(port, path)[0] for path in ("/healthz", "/readyz", "/admin/login/")] == [200, 200, 200]


@dataclass(frozen=True)
class Production:
    """An environment of the production lock alone, and the variables of a production host."""

    site: Site
    python: Path
    environ: Mapping[str, str]


@pytest.fixture(scope="module")
def production(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Production:
    folder = tmp_path_factory.mktemp("production")
    copy = folder / "shop"
    skipped = shutil.ignore_patterns(".venv", ".env", "*.sqlite3*", "__pycache__", ".git", "tests")
    shutil.copytree(site.root, copy, ignore=skipped)
    run([site.python, "-m", "venv", folder / "venv"], folder, site.environ)
    python = folder / "venv" / SCRIPTS / "python"
    lock = copy / "requirements" / "production.txt"
    words = ["install", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", lock]
    run([python, "-m", "pip", *words], folder, site.environ)
    database = (folder / "data.sqlite3").as_posix()
    values = {**site.environ, **VALUES, "DATABASE_URL": f"sqlite:///{database}"}
    made = Production(Site(copy, site.tool, site.environ), python, values)
    run([python, "src/manage.py", "migrate", "--verbosity", "0"], copy, values)
    run([python, "src/manage.py", "collectstatic", "--noinput"], copy, values)
    return made


def test_production_has_no_package_of_development(production: Production) -> None:
    told = run([production.python, "-c", "import dotenv"], production.site.root, production.environ, 1)
    assert "ModuleNotFoundError" in told


def test_production_has_nothing_left_to_do(production: Production) -> None:
    words = ["src/manage.py", "check", "--deploy", "--fail-level", "WARNING", "--database", "default"]
    told = run([production.python, "-W", "error", *words], production.site.root, production.environ)
    assert "no issues (0 silenced)" in told
    if sys.platform != "win32":
        gunicorn = production.python.with_name("gunicorn")
        words = [str(gunicorn), "--chdir", "src", "--check-config", "shop.wsgi"]
        run([*words], production.site.root, production.environ)


@pytest.mark.parametrize("name", REQUIRED)
def test_production_names_what_is_missing(production: Production, name: str) -> None:
    environ = {key: value for key, value in production.environ.items() if key != name}
    told = run([production.python, "src/manage.py", "check"], production.site.root, environ, 1)
    assert f"Set the {name} environment variable" in told


@pytest.mark.skipif(sys.platform == "win32", reason="gunicorn runs on POSIX alone")
def test_gunicorn_answers(production: Production) -> None:
    port = free_port()
    words: list[object] = [production.python.with_name("gunicorn"), "--chdir", "src"]
    words += ["--bind", f"127.0.0.1:{port}", "shop.wsgi"]
    environ = {**production.environ, "DJANGO_TRUST_PROXY_TLS": "true"}
    with serving(words, production.site.root, environ, port):
        assert get(port, "/healthz", host="10.0.0.7")[::2] == (200, "ok")
        assert get(port, "/readyz", host="10.0.0.7")[::2] == (200, "ok")
        assert get(port, "/", host="example.com")[:2] == (301, "https://example.com/")
        assert get(port, "/", host="other.com", **{"X-Forwarded-Proto": "https"})[0] == 400
        status, _, home = get(port, "/", host="example.com", **{"X-Forwarded-Proto": "https"})
        assert status == 200
        [style] = re.findall(r'href="(/static/site\.[0-9a-f]{12}\.css)"', home)
        assert get(port, style, host="example.com", **{"X-Forwarded-Proto": "https"})[0] == 200


def programs_of_postgres() -> Path | None:
    """Return where the server's programs lie: distributions keep them off PATH."""
    found = shutil.which("pg_ctl")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """Run a PostgreSQL server of our own; gives its address."""
    programs = programs_of_postgres()
    if programs is None or sys.platform == "win32":
        pytest.skip("no PostgreSQL server is installed here")
    is_root = os.geteuid() == 0
    if is_root and shutil.which("runuser") is None:
        pytest.skip("a PostgreSQL server does not run as root, and there is no runuser")
    as_user: list[object] = ["runuser", "-u", "nobody", "--"] if is_root else []
    # Not among pytest's folders: each run of it closes those to all other users.
    with tempfile.TemporaryDirectory(prefix="postgres-") as name:
        folder, port, environ = Path(name), free_port(), dict(os.environ)
        if is_root:
            shutil.chown(folder, "nobody")
        data = folder / "data"
        run([*as_user, programs / "initdb", "--auth=trust", "--username=shop", "-D", data], folder, environ)
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        start = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
        command, quiet = list(map(str, [*as_user, *start])), subprocess.DEVNULL
        subprocess.run(command, cwd=folder, check=True, stdout=quiet, stderr=quiet)
        try:
            yield f"postgres://shop@127.0.0.1:{port}/postgres"
        finally:
            run([*as_user, programs / "pg_ctl", "-D", data, "-m", "fast", "stop"], folder, environ)


def test_the_tests_pass_on_postgresql(site: Site, postgres: str) -> None:
    told = site.run("-W", "error", "-m", "pytest", "-W", "error", DATABASE_URL=postgres)
    assert "passed" in told


def test_every_feature_at_once(tmp_path: Path, tool: Path, environ: Mapping[str, str]) -> None:
    words = [word for feature in FEATURES for word in ("--with", feature)]
    site = make(tool, tmp_path, environ, *words)
    site.run("-m", "ruff", "check", ".")
    site.run("-m", "ruff", "format", "--check", ".")
    site.run("-m", "mypy")
    site.run("-W", "error", "-m", "pytest", "-W", "error")
    site.manage("makemigrations", "--check", "--dry-run")
    test_no_module_of_the_environment_is_free_as_a_name(site)
    as_there = Site(site.root, site.tool, {**environ, **VALUES, "DATABASE_URL": "sqlite://:memory:"})
    as_there.manage("check", "--deploy", "--fail-level", "WARNING")


def test_the_template_as_it_stands(site: Site) -> None:
    """Linted, type-checked and tested without being rendered: with the packages of a rendered one."""
    template = site.root.parent / "as it stands"
    shutil.copytree(REPOSITORY / "templates" / "django", template, dirs_exist_ok=True)
    for words in (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("pytest", "-W", "error")):
        run([site.python, "-W", "error", "-m", *words], template, site.environ)


def test_the_second_developer(site: Site, tmp_path: Path) -> None:
    who = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    run(["git", "add", "--all"], site.root, site.environ)
    run(["git", *who, "commit", "--quiet", "--allow-empty", "--message", "begin"], site.root, site.environ)
    run(["git", "clone", "--quiet", site.root, tmp_path / "clone"], tmp_path, site.environ)
    told = run([site.tool], tmp_path / "clone", site.environ)
    assert "unchanged, 3 locks fresh" in told
    clone = Site(tmp_path / "clone", site.tool, site.environ)
    clone.manage("migrate", "--verbosity", "0")
    assert "passed" in clone.run("-m", "pytest")
    run([site.tool, "template", "update", "--check"], clone.root, site.environ)


def test_the_locked_versions_are_of_the_series(site: Site) -> None:
    text = (REPOSITORY / "templates" / "django.toml").read_text(encoding="utf-8")
    series = tomllib.loads(text)["series"][-1]["values"]["django"]
    lock = (site.root / "requirements" / "base.txt").read_text(encoding="utf-8")
    assert re.search(rf"^django=={re.escape(series)}(\.\d+)? ", lock, re.MULTILINE)
