"""pip's configuration, read as pip reads it: tables, and the real pip and uv as judges."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import uv

from bootstrap.errors import UsageError
from bootstrap.pip import configuration
from bootstrap.pip.configuration import PipConfiguration, read
from tests.index.server import PackageIndex
from tests.index.wheels import Distribution

HOME = Path("/home/me")


def names(environ: Mapping[str, str], platform: str, home: Path = HOME) -> list[str]:
    return [path.as_posix().replace("\\", "/") for path in configuration.files(environ, platform, home)]


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        (
            "linux",
            {},
            [
                "/etc/xdg/pip/pip.conf",
                "/etc/pip.conf",
                "/home/me/.pip/pip.conf",
                "/home/me/.config/pip/pip.conf",
            ],
        ),
        (
            "linux",
            {"XDG_CONFIG_DIRS": "/a:/b", "XDG_CONFIG_HOME": "/c"},
            [
                "/a/pip/pip.conf",
                "/b/pip/pip.conf",
                "/etc/pip.conf",
                "/home/me/.pip/pip.conf",
                "/c/pip/pip.conf",
            ],
        ),
        (
            "darwin",
            {"XDG_CONFIG_HOME": "/c"},
            [
                "/Library/Application Support/pip/pip.conf",
                "/home/me/.pip/pip.conf",
                "/home/me/.config/pip/pip.conf",
            ],
        ),
        (
            "win32",
            {"PROGRAMDATA": "C:/Data", "APPDATA": "C:/Users/me/Roaming"},
            ["C:/Data/pip/pip.ini", "/home/me/pip/pip.ini", "C:/Users/me/Roaming/pip/pip.ini"],
        ),
        (
            "win32",
            {},
            ["C:/ProgramData/pip/pip.ini", "/home/me/pip/pip.ini", "/home/me/AppData/Roaming/pip/pip.ini"],
        ),
        ("linux", {"PIP_CONFIG_FILE": os.devnull}, []),
    ],
)
def test_where_the_files_lie(platform: str, environ: dict[str, str], expected: list[str]) -> None:
    assert names(environ, platform) == expected


def test_macos_has_a_folder_of_its_own_where_it_exists(tmp_path: Path) -> None:
    library = tmp_path / "Library" / "Application Support" / "pip"
    library.mkdir(parents=True)
    assert names({}, "darwin", tmp_path)[-1] == (library / "pip.conf").as_posix()


def test_a_named_file_stands_for_the_users_own_where_it_exists(tmp_path: Path) -> None:
    named = tmp_path / "pip.conf"
    environ = {"PIP_CONFIG_FILE": str(named)}
    assert names(environ, "linux")[2:] == ["/home/me/.pip/pip.conf", "/home/me/.config/pip/pip.conf"]
    named.touch()
    assert names(environ, "linux")[2:] == [named.as_posix()]


@pytest.mark.parametrize(("platform", "name"), [("linux", "pip.conf"), ("win32", "pip.ini")])
def test_an_environment_may_have_one_of_its_own(tmp_path: Path, platform: str, name: str) -> None:
    """It wins over the user's own, and a named one over it."""
    venv, named = tmp_path / ".venv", tmp_path / "named.conf"
    named.touch()
    assert [*configuration.files({}, platform, HOME, venv)][-1] == venv / name
    environ = {"PIP_CONFIG_FILE": str(named)}
    assert [*configuration.files(environ, platform, HOME, venv)][-2:] == [venv / name, named]


def windows(tmp_path: Path) -> dict[str, str]:
    """Return the variables of a Windows where all files lie in the test's folder: none of this machine's."""
    return {"PROGRAMDATA": str(tmp_path / "one"), "APPDATA": str(tmp_path / "two")}


def values(
    tmp_path: Path, one: str, two: str = "", environ: Mapping[str, str] | None = None
) -> dict[str, str]:
    for name, text in {"one": one, "two": two}.items():
        (tmp_path / name / "pip").mkdir(parents=True)
        (tmp_path / name / "pip" / "pip.ini").write_text(text, encoding="utf-8")
    return dict(read({**windows(tmp_path), **(environ or {})}, "win32", tmp_path / "home").values)


@pytest.mark.parametrize(
    ("first", "second", "environ", "expected"),
    [
        ("[global]\nindex-url = a", "[global]\nindex-url = b", {}, "b"),
        ("[install]\nindex-url = a", "[global]\nindex-url = b", {}, "a"),
        ("[global]\nindex-url = b\n[install]\nindex-url = a", "", {}, "a"),
        ("[install]\nindex-url = a", "", {"PIP_INDEX_URL": "c"}, "c"),
        ("[global]\nindex-url = a", "", {"PIP_INDEX_URL": ""}, "a"),
        ("[global]\nindex-url = a", "[global]\nindex-url =", {}, None),
        ("[global]\nIndex_URL = a", "", {}, "a"),
        ("[global]\n--index-url = a", "", {}, "a"),
        ("[global]\nindex-url: a", "", {}, "a"),
        ("[freeze]\nindex-url = a", "", {}, None),
    ],
)
def test_what_wins(
    tmp_path: Path, first: str, second: str, environ: dict[str, str], expected: str | None
) -> None:
    assert values(tmp_path, first, second, environ).get("index-url") == expected


def test_values_over_several_lines(tmp_path: Path) -> None:
    text = "[global]\nextra-index-url =\n    https://a/simple\n    https://b/simple\n"
    pip = PipConfiguration(values(tmp_path, text))
    assert pip.for_pip()["PIP_EXTRA_INDEX_URL"].split() == ["https://a/simple", "https://b/simple"]
    assert pip.for_uv()["UV_INDEX"] == "https://a/simple https://b/simple"


def test_what_leads_pip_astray_is_left_out(tmp_path: Path) -> None:
    text = "[global]\ntarget = x\nprefix = x\nuser = true\nrequire-virtualenv = true\nretries = 3\n"
    environ = {"PIP_TARGET": "x", "PIP_PYTHON": "x", "PIP_NO_DEPS": "1"}
    assert values(tmp_path, text, environ=environ) == {"retries": "3"}


def test_two_names_of_one_option_are_one_value(tmp_path: Path) -> None:
    text = "[global]\ntimeout = 5\n"
    assert values(tmp_path, text, environ={"PIP_DEFAULT_TIMEOUT": "30"}) == {"timeout": "30"}


@pytest.mark.parametrize("text", ["index-url = a\n", "[global]\nindex-url = a\nindex_url = b\n", "[global\n"])
def test_a_file_that_is_no_configuration(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match=r"pip\.ini cannot be read") as caught:
        values(tmp_path, text)
    assert caught.value.problem.file == str(tmp_path / "one" / "pip" / "pip.ini")


def test_bytes_that_are_no_text_in_any_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "pip.ini"
    named.write_bytes("[global]\nfind-links = /häuser\n".encode("latin-1"))
    environ = {**windows(tmp_path), "PIP_CONFIG_FILE": str(named)}
    monkeypatch.setattr("locale.getencoding", lambda: "utf-8")
    with pytest.raises(UsageError, match="UnicodeDecodeError"):
        read(environ, "win32", tmp_path)
    monkeypatch.setattr("locale.getencoding", lambda: "latin-1")
    assert read(environ, "win32", tmp_path).values == {"find-links": "/häuser"}


def test_a_folder_in_place_of_a_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "one" / "pip" / "pip.ini").mkdir(parents=True)
    assert read(windows(tmp_path), "win32", tmp_path).values == {}


def test_the_repr_hides_credentials() -> None:
    assert "hunter2" not in repr(PipConfiguration({"index-url": "https://me:hunter2@host/simple"}))


def test_pip_reads_no_file_of_its_own() -> None:
    pip = PipConfiguration({"index-url": "https://host/simple", "no-cache-dir": "1"})
    assert pip.for_pip() == {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": "https://host/simple",
        "PIP_NO_CACHE_DIR": "1",
    }


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("index-url", "https://host/simple", {"UV_DEFAULT_INDEX": "https://host/simple"}),
        ("find-links", "/a\n/b", {"UV_FIND_LINKS": "/a,/b"}),
        ("trusted-host", "a b:80", {"UV_INSECURE_HOST": "a b:80"}),
        ("cert", "/my certs/ca.pem", {"SSL_CERT_FILE": "/my certs/ca.pem"}),
        ("client-cert", "/me.pem", {"SSL_CLIENT_CERT": "/me.pem"}),
        ("proxy", "http://p:1", {"HTTP_PROXY": "http://p:1", "HTTPS_PROXY": "http://p:1"}),
        ("timeout", "15.5", {"UV_HTTP_TIMEOUT": "16"}),
        ("timeout", "soon", {}),
        ("retries", "2", {"UV_HTTP_RETRIES": "2"}),
        ("keyring-provider", "import", {"UV_KEYRING_PROVIDER": "subprocess"}),
        ("keyring-provider", "auto", {}),
        ("no-cache-dir", "true", {"UV_NO_CACHE": "1"}),
        ("cache-dir", "/cache", {}),
    ],
)
def test_variables_for_uv(key: str, value: str, expected: dict[str, str]) -> None:
    assert PipConfiguration({key: value}).for_uv() == {"UV_INDEX_STRATEGY": "unsafe-best-match", **expected}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, []),
        ({"no-index": "Yes"}, ["--no-index"]),
        ({"no-index": "0"}, []),
        ({"only-binary": ":all:", "no-binary": "a,b"}, ["--only-binary=:all:", "--no-binary=a,b"]),
    ],
)
def test_options_for_uv(given: dict[str, str], expected: list[str]) -> None:
    assert PipConfiguration(given).uv_options() == expected


def test_pip_itself_reads_the_same(isolated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    texts = {
        "xdg/pip/pip.conf": "[global]\nindex-url = http://weak/simple\nretries = 9\nproxy = http://p\n",
        "home/.pip/pip.conf": "[global]\nindex_url = http://old/simple\n[install]\nretries = 1\n",
        "home/.config/pip/pip.conf": "[global]\nextra-index-url =\n  http://a/simple\n  http://b/simple\n"
        "--find-links = /links\nretries = 7\nproxy =\n[list]\ncert = /x\n",
    }
    for path, text in texts.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(tmp_path / "xdg"))
    monkeypatch.setenv("PIP_TIMEOUT", "4")
    ours = read(os.environ, sys.platform, isolated)
    expected = {**ours.values, "timeout": 4.0, "retries": 1}
    for key in ("extra-index-url", "find-links"):
        expected[key] = ours.values[key].split()
    theirs = pip_defaults()
    assert {key: theirs.get(key, "") for key in expected} == expected
    assert theirs["proxy"] is None
    for name, value in ours.for_pip().items():
        monkeypatch.setenv(name, value)
    assert pip_defaults() == theirs, "given as variables they mean the same"


def pip_defaults() -> dict[str, object]:
    """Return what the real pip would install with."""
    names = ("index_url", "extra_index_urls", "find_links", "timeout", "retries", "proxy", "cert")
    code = (
        "from pip._internal.commands import create_command\n"
        "options, _ = create_command('install').parse_args(['x'])\n"
        f"print({{name: getattr(options, name) for name in {names}}})"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    found = ast.literal_eval(done.stdout)
    return {name.replace("_", "-").replace("urls", "url"): value for name, value in found.items()}


def uv_install(pip: PipConfiguration, target: Path, *wanted: str) -> subprocess.CompletedProcess[str]:
    options: list[str | Path] = ["--python", sys.executable, "--target", target, *pip.uv_options()]
    command: list[str | Path] = [uv.find_uv_bin(), "--no-config", "pip", "install", *options, *wanted]
    variables = os.environ | pip.for_uv() | {"UV_CACHE_DIR": str(target / "cache")}
    return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)


def write_wheel(folder: Path, name: str) -> Path:
    folder.mkdir()
    made = Distribution(name, "1.0")
    (folder / made.wheel_name).write_bytes(made.wheel())
    return folder


def test_uv_asks_where_it_is_told(index: PackageIndex, tmp_path: Path) -> None:
    index.add("demo", "1.0")
    links = [write_wheel(tmp_path / name, name) for name in ("one", "two")]
    with PackageIndex() as other:
        other.add("demo", "2.0")
        other.add("third", "1.0")
        pip = PipConfiguration(
            {
                "index-url": index.url,
                "extra-index-url": f"\n{other.url}",
                "find-links": "\n".join(map(str, links)),
                "timeout": "9.5",
                "retries": "0",
                "keyring-provider": "auto",
                "trusted-host": "127.0.0.1 example.com",
                "no-cache-dir": "true",
            }
        )
        done = uv_install(pip, tmp_path / "site", "demo", "one", "two", "third")
    assert done.returncode == 0, done.stderr
    found = {path.name for path in (tmp_path / "site").glob("*.dist-info")}
    assert found == {f"{name}.dist-info" for name in ("demo-2.0", "one-1.0", "two-1.0", "third-1.0")}


def test_uv_asks_no_index_where_pip_must_not(index: PackageIndex, tmp_path: Path) -> None:
    index.add("demo", "1.0")
    links = write_wheel(tmp_path / "links", "one")
    pip = PipConfiguration({"index-url": index.url, "no-index": "true", "find-links": str(links)})
    assert uv_install(pip, tmp_path / "site", "one").returncode == 0
    assert uv_install(pip, tmp_path / "site", "demo").returncode != 0
    assert index.requests == []


def test_uv_builds_nothing_where_pip_must_not(index: PackageIndex, tmp_path: Path) -> None:
    index.add("demo", "1.0", wheel=False, sdist=True)
    pip = PipConfiguration({"index-url": index.url, "only-binary": "other,demo"})
    done = uv_install(pip, tmp_path / "site", "demo")
    assert done.returncode != 0
    assert index.paths("file") == []


def test_uv_takes_pips_proxy_over_any_other(
    index: PackageIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The index takes the place of a proxy: it is asked for a page of a host that does not exist."""
    for name in ("ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    pip = PipConfiguration({"index-url": "http://pypi.invalid/simple", "proxy": index.root})
    uv_install(pip, tmp_path / "site", "demo")
    assert [path for path in index.paths() if path.endswith("pypi.invalid/simple/demo/")]
