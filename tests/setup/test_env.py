"""``.env`` in the one command: seeded, merged, checked, and left to the host where CI is set."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import command
from tests.command import run
from tests.setup.conftest import new_project

EXAMPLE = """\
DATABASE_URL=postgres://localhost/shop
DJANGO_SECRET_KEY=randomString(50)
STRIPE_API_KEY=replace-me
DEBUG=true
"""


@pytest.fixture
def shop(tmp_path: Path, isolated: Path) -> Path:
    """Give a project that has only values to set up."""
    root = new_project(tmp_path / "shop")
    (root / ".env.example").write_text(EXAMPLE, encoding="utf-8")
    return root


def test_the_first_run_seeds_it_and_asks_for_the_rest(shop: Path) -> None:
    done = run("--json", cwd=shop)
    assert (done.code, done.document["status"]) == (4, "attention")
    assert [(one["code"], one["file"], one["line"], one["key"]) for one in done.document["problems"]] == [
        ("placeholder", ".env", 3, "STRIPE_API_KEY")
    ]
    text = (shop / ".env").read_text(encoding="utf-8")
    secret = re.search(r"^DJANGO_SECRET_KEY=(\S{50})$", text, re.MULTILINE)
    assert secret is not None
    assert secret[1] not in done.out + done.err
    assert text.replace(secret[1], "randomString(50)") == EXAMPLE
    if sys.platform != "win32":
        assert (shop / ".env").stat().st_mode & 0o777 == 0o600
    assert not (shop / ".venv" / ".bootstrap.json").exists()
    again = run("--json", cwd=shop)
    assert (again.code, again.statuses["env"], again.codes) == (4, "unchanged", ["placeholder"])
    assert (shop / ".env").read_text(encoding="utf-8") == text


def test_a_filled_one_is_in_order_and_gets_new_keys(shop: Path) -> None:
    own = "# mine\nexport DATABASE_URL='x'\nDJANGO_SECRET_KEY=abc\n\nSTRIPE_API_KEY=sk_live\nDEBUG=false"
    (shop / ".env").write_text(own, encoding="utf-8")
    assert run(cwd=shop).code == 0
    assert (shop / ".env").read_text(encoding="utf-8") == own
    assert run(cwd=shop).err == f"up to date: Python {command.PYTHON_VERSION}\n"
    (shop / ".env.example").write_text(f"{EXAMPLE}REGION=eu\n", encoding="utf-8")
    assert run("--check", cwd=shop).code == 3
    done = run("--json", cwd=shop)
    assert (done.code, done.statuses["env"]) == (0, "changed")
    text = (shop / ".env").read_text(encoding="utf-8")
    assert text.startswith(own)
    assert "REGION=eu" in text


def test_values_of_the_host_are_never_kept(shop: Path) -> None:
    """A stamp can hold neither a secret nor a proof of it, so such a run looks each time."""
    host = {"STRIPE_API_KEY": "sk_live_sentinel"}
    for _ in range(2):
        done = run("-v", cwd=shop, env=host)
        assert done.code == 0, done.err
        assert "sentinel" not in done.out + done.err
    assert not (shop / ".venv" / ".bootstrap.json").exists()
    assert run("--check", cwd=shop).code == 4


def test_an_empty_variable_of_the_host_counts_as_missing(shop: Path) -> None:
    own = EXAMPLE.replace("replace-me", "sk_live").replace("randomString(50)", "abc")
    (shop / ".env").write_text(own, encoding="utf-8")
    assert run(cwd=shop, env={"STRIPE_API_KEY": ""}).code == 4
    assert run(cwd=shop).code == 0
    assert run(cwd=shop, env={"STRIPE_API_KEY": ""}).code == 4


def test_in_ci_it_is_left_to_the_host_and_the_run_says_so(shop: Path) -> None:
    assert run(cwd=shop, env={"CI": "true"}).code == 0
    done = run(cwd=shop, env={"CI": "true"})
    assert done.err == f"up to date: Python {command.PYTHON_VERSION}, .env left to the host (CI)\n"
    assert not (shop / ".env").exists()
    assert run("--check", cwd=shop).code == 3


def test_a_tracked_one_is_not_written(shop: Path) -> None:
    (shop / ".env").write_text("DATABASE_URL=x\n", encoding="utf-8")
    subprocess.run(["git", "add", "--force", ".env"], cwd=shop, check=True)
    done = run("--json", cwd=shop)
    assert done.code == 1
    assert "tracked-by-git" in done.codes
    assert any(one["hint"] == "git rm --cached .env" for one in done.document["problems"])
    assert (shop / ".env").read_text(encoding="utf-8") == "DATABASE_URL=x\n"


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_is_not_written_through(shop: Path) -> None:
    target = shop.parent / "elsewhere"
    target.write_text("DATABASE_URL=x\n", encoding="utf-8")
    (shop / ".env").symlink_to(target)
    done = run("--json", cwd=shop)
    assert (done.code, done.codes[-1]) == (1, "symlink")
    assert target.read_text(encoding="utf-8") == "DATABASE_URL=x\n"


def test_an_example_that_does_not_parse_is_told_with_its_line(shop: Path) -> None:
    (shop / ".env.example").write_text('A=1\nB="never ended\n', encoding="utf-8")
    done = run("--json", cwd=shop)
    assert done.code == 2, done.err
    assert (done.document["problems"][0]["file"], done.document["problems"][0]["line"]) == (".env.example", 2)
    assert not (shop / ".env").exists()
