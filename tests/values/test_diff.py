from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import Completed
from tests.values.conftest import Write

Run = Callable[..., Completed]
EXAMPLE = """\
# @public
APP_ENV=
DATABASE_URL=
STRIPE_API_KEY=
NEW_RELIC_KEY=
# @optional @public
METRICS_PORT=
DEBUG=
"""
REASON = "whoever reads one environment can enter the other"
# For what is not there; a hyphen could be a value.
NONE = "\N{EN DASH}"
STAGING = "APP_ENV=staging\nDATABASE_URL=pg://a\nSTRIPE_API_KEY=k_same\nMETRICS_PORT=9100\nDEBUG=true\n"
PRODUCTION = "APP_ENV=production\nDATABASE_URL=pg://b\nSTRIPE_API_KEY=k_same\nNEW_RELIC_KEY=n\nDEBUG=true\n"


@pytest.fixture
def two(write: Write) -> None:
    write({".env.example": EXAMPLE, ".env.staging": STAGING, ".env.production": PRODUCTION})


@pytest.mark.usefixtures("two")
def test_two_environments(bootstrap: Run) -> None:
    done = bootstrap("env", "diff", "staging", "production")
    assert (done.code, done.out) == (1, "")
    assert done.err.splitlines() == [
        "                 staging  production",
        " APP_ENV         staging  production  differ",
        " DATABASE_URL    ●        ●           differ",
        " STRIPE_API_KEY  ●        ●           SAME SECRET in both",
        f" NEW_RELIC_KEY   {NONE}        ●           missing in staging",
        f" METRICS_PORT    9100     {NONE}           missing in production (optional)",
        "4 differences. ● = set, hidden.",
        "  warn   STRIPE_API_KEY  .env.example line 4: the same secret in staging and production",
        f"                         fix: give each its own STRIPE_API_KEY: {REASON}",
    ]


@pytest.mark.usefixtures("two")
def test_keys_only(bootstrap: Run) -> None:
    done = bootstrap("env", "diff", "staging", "production", "--keys-only", "--json")
    assert (done.code, done.codes) == (1, [])
    found = {one["key"]: one["kind"] for one in done.document["differences"]}
    assert found == {"NEW_RELIC_KEY": "only-second", "METRICS_PORT": "only-first"}


@pytest.mark.usefixtures("two")
def test_the_host_is_an_environment(write: Write, bootstrap: Run) -> None:
    write({".env": "APP_ENV=staging\nX=1\n"})
    done = bootstrap("env", "diff", ".env", "host", "--json", APP_ENV="staging", X="2")
    found = {one["key"]: one["kind"] for one in done.document["differences"]}
    assert found == {"X": "different"}
    assert bootstrap("env", "diff", "host", ".env", APP_ENV="staging", X="1").code == 0


@pytest.mark.usefixtures("two")
def test_a_folder_is_no_environment(folder: Path, bootstrap: Run) -> None:
    (folder / "staging").mkdir()
    assert bootstrap("env", "diff", "staging", ".env.staging").code == 0


@pytest.mark.parametrize(
    ("first", "codes"),
    [
        ("../x", ["bad-environment"]),
        ("a/../../x", ["bad-environment"]),
        ("nowhere", ["no-env-file"]),
        (".env.nowhere", ["no-env-file"]),
    ],
)
@pytest.mark.usefixtures("two")
def test_what_names_no_environment(bootstrap: Run, first: str, codes: list[str]) -> None:
    done = bootstrap("env", "diff", first, "staging", "--json")
    assert (done.code, done.codes) == (2, codes)


def test_without_an_example_nothing_is_shown(folder: Path, write: Write, bootstrap: Run) -> None:
    write({"pyproject.toml": "", "a.env": "A=first\nTOKEN=x1\n", "b.env": "A=two\nTOKEN=x1\n"})
    done = bootstrap("env", "diff", "a.env", "b.env")
    assert done.code == 1
    assert "first" not in done.err
    assert " TOKEN  ●      ●      SAME SECRET in both\n" in done.err
