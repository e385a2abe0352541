from __future__ import annotations

import json
import os
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Completed
from tests.values.conftest import Write, posix

Run = Callable[..., Completed]

EXAMPLE = """\
# @public @type=enum(development, staging, production)
APP_ENV=development

# Primary database
# @type=url @docs(https://wiki.example.com/db)
DATABASE_URL=postgresql://localhost:5432/myapp

# @type=string(minLength=32)
SECRET_KEY=randomString(50)

STRIPE_API_KEY=replace-me

# @public @type=boolean
DEBUG=true

# @optional @public @type=port
METRICS_PORT=
"""
GOOD = {
    "APP_ENV": "staging",
    "DATABASE_URL": "postgresql://u:p@db:5432/shop",
    "SECRET_KEY": "k" * 40,
    "STRIPE_API_KEY": "sk_1",
    "DEBUG": "no",
}


def env_file(**values: str) -> str:
    return "".join(f"{key}={value}\n" for key, value in {**GOOD, **values}.items())


def test_every_problem_at_once_ordered_by_line(write: Write, bootstrap: Run) -> None:
    text = "STRIPE_API_KEY=changeme\nDATABASE_URL=nope\nAPP_ENV=test\nDEBUG=ture\nOLD_FLAG=1\n"
    write({".env.example": EXAMPLE, ".env": text})
    done = bootstrap("env", "check")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        ".env against .env.example",
        "  error  STRIPE_API_KEY  line 1: placeholder, not a real value",
        "  error  DATABASE_URL    line 2: not a url (no scheme)",
        "                         fix: see https://wiki.example.com/db",
        "  error  APP_ENV         line 3: not one of development, staging, production",
        "  error  DEBUG           line 4: not a boolean (true or false, yes or no, on or off, 1 or 0)",
        "  warn   OLD_FLAG        line 5: not in .env.example",
        "                         fix: add OLD_FLAG to .env.example, or delete it here",
        "  error  SECRET_KEY      missing (.env.example line 9)",
        "5 errors, 1 warning",
    ]


def test_all_in_order_is_one_line(write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE, ".env": env_file()})
    done = bootstrap("env", "check")
    assert (done.code, done.out) == (0, "")
    assert done.err == "ok  5 required set, 1 optional empty, source: the host environment, then .env\n"


@pytest.mark.parametrize(
    ("words", "env", "code", "source"),
    [
        ("", {}, 0, "both"),
        ("", {"CI": "1"}, 1, "host"),
        ("", {"CI": "1", **GOOD}, 0, "host"),
        ("--source both", {"CI": "1"}, 0, "both"),
        ("--source host", {}, 1, "host"),
        ("--source host", GOOD, 0, "host"),
        ("--source host", {**GOOD, "DEBUG": ""}, 1, "host"),
        ("--source file", {"DEBUG": "ture"}, 0, "file"),
        ("", {"DEBUG": "ture"}, 1, "both"),
        ("--override", {"DEBUG": "ture"}, 0, "both"),
        ("", {"DEBUG": ""}, 1, "both"),
        ("", {"PYTHON_DOTENV_DISABLED": "1"}, 1, "host"),
        ("--file other.env", {}, 1, "both"),
        ("--file other.env --source file", GOOD, 1, "file"),
    ],
)
def test_the_host_comes_before_the_file(
    write: Write, bootstrap: Run, words: str, env: dict[str, str], code: int, source: str
) -> None:
    write({".env.example": EXAMPLE, ".env": env_file(), "other.env": env_file(DEBUG="ture")})
    done = bootstrap("env", "check", "--json", *words.split(), **env)
    assert (done.code, done.document["values"]["source"]) == (code, source)
    assert done.document["command"] == "env check"


def test_without_a_file_the_host_is_read(write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE})
    assert bootstrap("env", "check").code == 1
    done = bootstrap("env", "check", "--environment", "production", **GOOD)
    assert done.code == 0
    assert done.err == "ok  5 required set, 1 optional empty, source: host environment\n"


def test_production_takes_no_value_of_the_example(write: Write, bootstrap: Run) -> None:
    optional = EXAMPLE + "# @optional\nTOKEN=\n"
    url = "postgresql://localhost:5432/myapp"
    write({".env.example": optional, ".env": env_file(DATABASE_URL=url, TOKEN="changeme")})
    done = bootstrap("env", "check", "--json")
    assert (done.code, sorted(done.codes)) == (0, ["placeholder", "same-as-example"])
    done = bootstrap("env", "check", "--json", "--environment", "production")
    assert (done.code, sorted(done.codes)) == (1, ["placeholder", "same-as-example"])


@pytest.mark.parametrize("name", ["../x", "", "Staging", "a" * 64, "-a", "a/b"])
def test_what_is_no_environment_is_refused(write: Write, bootstrap: Run, name: str) -> None:
    write({".env.example": EXAMPLE})
    done = bootstrap("env", "check", "--json", f"--environment={name}")
    assert (done.code, done.codes) == (2, ["bad-environment"])


def test_github_shows_problems_beside_the_lines(write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE, ".env": env_file(DEBUG="ture")})
    done = bootstrap("env", "check", "--format", "github")
    assert done.code == 1
    assert done.out.startswith("::error file=.env,line=5,title=wrong-type::DEBUG is not a boolean")
    write({".env": "A='\n"})
    done = bootstrap("env", "check", "--format=github")
    assert (done.code, done.out[:52]) == (2, "::error file=.env,line=1,title=unterminated-quote::.")


def test_json_by_either_option(write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE, ".env": env_file()})
    one, other = bootstrap("env", "check", "--json"), bootstrap("env", "check", "--format", "json")
    assert json.loads(one.out) == json.loads(other.out)
    assert bootstrap("env", "check", "--format", "json", "--nonsense").document["exit_code"] == 2


@pytest.mark.parametrize(
    ("name", "content", "code", "line"),
    [
        (".env", b"A=1\nB: 2\n", "unparsable", 2),
        (".env", b"A=1\n\n\nB='x\nC=2\nD=3\n", "unterminated-quote", 4),
        (".env", b"A=1\nB\n", "unparsable", 2),
        (".env", b"A-B=1\n", "unparsable", 1),
        (".env", "A=é\n".encode("latin-1"), "unparsable", 1),
        (".env", "A=1\n".encode("utf-16"), "unparsable", 1),
        (".env", b"A=1\nB=\0\n", "unparsable", 2),
        (".env", b"<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> main\n", "unparsable", 1),
        (".env.example", b"A=1\nB: 2\n", "unparsable", 2),
        (".env.example", None, "no-example", None),
        (".env.example", "directory", "unreadable", None),
        (".env", "directory", "unreadable", None),
        (".env", "dangling", "unreadable", None),
    ],
)
def test_what_cannot_be_read_is_exit_2(
    folder: Path, bootstrap: Run, name: str, content: bytes | str | None, code: str, line: int | None
) -> None:
    (folder / ".env.example").write_text(EXAMPLE)
    (folder / ".env").write_text(env_file())
    (folder / name).unlink()
    if isinstance(content, bytes):
        (folder / name).write_bytes(content)
    elif content == "directory":
        (folder / name).mkdir()
    elif content == "dangling":
        (folder / name).symlink_to("nowhere")
    done = bootstrap("env", "check", "--json")
    (problem,) = done.document["problems"]
    assert (done.code, problem["code"], problem["file"], problem["line"]) == (2, code, name, line)
    assert problem["hint"]
    assert ("a link that leads nowhere" in problem["message"]) is (content == "dangling")


@pytest.mark.parametrize(
    ("example", "code", "severity"),
    [
        ("# @requred\nA=1\n", "bad-decorator", "error"),
        ("# @type=intt\nA=1\n", "bad-decorator", "error"),
        ("# @type=enum()\nA=1\n", "bad-decorator", "error"),
        ("# @required @optional\nA=1\n", "bad-decorator", "error"),
        ("# @type=port\nA=x\n", "bad-default", "error"),
        ("A=1\nA=2\n", "duplicate-key", "error"),
        ("A= # text\n", "comment-as-value", "warning"),
        ("\ufeffA=1\n", "byte-order-mark", "warning"),
        ("A=ghp_" + "0123456789abcdefghijABCDEFGHIJ012345" + "\n", "secret-in-example", "error"),
        ("API_TOKEN=q8Zk2Lw9Vb4Nx7Rt1Ys6Pd3\n", "secret-in-example", "warning"),
        ("LD_PRELOAD=/tmp/x.so\n", "dangerous-name", "error"),
    ],
)
def test_what_is_wrong_with_the_example(
    write: Write, bootstrap: Run, example: str, code: str, severity: str
) -> None:
    write({".env.example": example, ".env": "A=9\nAPI_TOKEN=x\n"})
    done = bootstrap("env", "check", "--json")
    found = {(problem["code"], problem["severity"]) for problem in done.document["problems"]}
    assert (code, severity) in found
    assert done.code == int(any(severity == "error" for _, severity in found))


@pytest.mark.parametrize(
    ("env", "code"),
    [
        ("A=1\nA=2\n", "duplicate-key"),
        ("A=${NOWHERE}x\n", "undefined-reference"),
        ("A=1\nB=2\n", "unknown-key"),
    ],
)
def test_what_is_odd_in_the_file_is_a_warning(write: Write, bootstrap: Run, env: str, code: str) -> None:
    write({".env.example": "A=\n", ".env": env})
    done = bootstrap("env", "check", "--json")
    assert (done.code, done.codes) == (0, [code])


@posix
def test_a_file_that_others_can_read(folder: Path, write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE, ".env": env_file()})
    (folder / ".env").chmod(0o644)
    done = bootstrap("env", "check", "--json")
    assert (done.code, done.codes) == (0, ["world-readable"])
    assert bootstrap("env", "check", "--json", "--fix-mode").codes == []
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600


@posix
def test_a_fifo_is_read(folder: Path, write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE})
    os.mkfifo(folder / ".env")
    feeder = threading.Thread(target=(folder / ".env").write_text, args=(env_file(),), daemon=True)
    feeder.start()
    assert bootstrap("env", "check").code == 0
    feeder.join()


def test_a_file_that_git_tracks(
    folder: Path, write: Write, bootstrap: Run, repository: Callable[..., None]
) -> None:
    write({".env.example": EXAMPLE, ".env": env_file()})
    assert bootstrap("env", "check").code == 0
    repository("add", "--force", ".env")
    done = bootstrap("env", "check", "--json")
    assert (done.code, done.codes) == (1, ["tracked-by-git"])
    assert bootstrap("env", "check", "--json", CI="1", **GOOD).codes == ["tracked-by-git"]
    for name in ("./.env", str(folder / ".env")):
        assert bootstrap("env", "check", "--json", "--file", name).codes == ["tracked-by-git"]


def test_the_file_alone_is_checked_whatever_the_host_is_called(write: Write, bootstrap: Run) -> None:
    """``USER`` of the host is looked at for references, and never in place of the file's own."""
    write({".env.example": "USER=\nB=\n", ".env": "USER=\nB=${USER}\n"})
    done = bootstrap("env", "check", "--source", "file", "--json", USER="somebody")
    assert done.codes == ["empty", "empty"]


def test_the_hint_for_another_file_is_not_to_make_env(write: Write, bootstrap: Run) -> None:
    write({".env.example": EXAMPLE})
    hints = [
        bootstrap("env", "check", "--json", *words).document["problems"][0]["hint"]
        for words in (["--source", "file"], ["--file", ".env.staging"])
    ]
    assert ["bootstrap env update" in hint for hint in hints] == [True, False]


def test_little_is_loaded(write: Write, folder: Path) -> None:
    """What takes long to import has no part in a check of a usual file."""
    write({".env.example": EXAMPLE, ".env": env_file()})
    code = (
        "import os, sys\nfrom bootstrap.cli import main\nmain.run(['env', 'check'])\n"
        "heavy = {'typer', 'click', 'dotenv', 'packaging', 'pathspec', 'virtualenv', 'importlib.metadata',"
        " 'subprocess', 'tempfile', 'logging', 'json', 'threading', 'tomllib', 'secrets', 'difflib'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    import subprocess

    words = [sys.executable, "-S", "-P", "-c", code]
    from tests import command

    done = subprocess.run(
        words, cwd=folder, env=command.environment(), capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n", done.stderr


def test_quiet_prints_errors_alone(write: Write, bootstrap: Callable[..., Completed]) -> None:
    write({".env.example": "A=\n", ".env": "A=1\nUNKNOWN=2\n"})
    assert "UNKNOWN" in bootstrap("env", "check").err
    quiet = bootstrap("env", "check", "-q")
    assert (quiet.code, quiet.err) == (0, "")
    write({".env": "UNKNOWN=2\n"})
    quiet = bootstrap("env", "check", "-q")
    assert quiet.code == 1
    assert "A" in quiet.err
    assert "UNKNOWN" not in quiet.err
