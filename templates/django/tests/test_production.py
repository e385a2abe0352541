"""The production settings, each time in a fresh process: settings are read once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MANAGE = str(Path(__file__).parents[1] / "src" / "manage.py")
VALUES = {
    "DJANGO_SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DJANGO_ALLOWED_HOSTS": "example.com",
    "DATABASE_URL": "postgres://ann:secret@localhost/site",
}


def check(values: dict[str, str]) -> subprocess.CompletedProcess[str]:
    ours = ("DJANGO_", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    settings = "projectname.settings.production"
    values = {**kept, **values, "DJANGO_SETTINGS_MODULE": settings}
    command = [sys.executable, "-W", "error", MANAGE, "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=values, capture_output=True, text=True, check=False)


def test_nothing_is_left_to_do_for_a_deployment() -> None:
    done = check(VALUES)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", VALUES)
def test_a_missing_value_is_named(name: str) -> None:
    done = check({key: value for key, value in VALUES.items() if key != name})
    assert done.returncode != 0
    assert f"Set the {name} environment variable" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("DJANGO_HSTS_SECONDS", "soon"), ("DJANGO_SSL_REDIRECT", "maybe")]
)
def test_a_wrong_value_is_named(name: str, value: str) -> None:
    done = check({**VALUES, name: value})
    assert done.returncode != 0
    assert f"The {name} environment variable must be" in done.stderr
