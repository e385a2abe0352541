from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from bootstrap import settings
from bootstrap.errors import UsageError
from bootstrap.exit_codes import ExitCode
from bootstrap.settings import Settings, settings_from


def test_every_field_has_a_reader() -> None:
    assert settings._READERS.keys() == {field.name for field in fields(Settings)}


def test_nothing_needs_to_be_said() -> None:
    assert settings_from({}, {}) == Settings()


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("python", "3.12", "3.12"),
        ("venv", "envs/dev", "envs/dev"),
        ("venv", "./env/", "env"),
        ("requirements", "deps", "deps"),
        ("layers", ["base", "dev"], ("base", "dev")),
        ("layers", [], ()),
        ("install", ["dev"], ("dev",)),
        ("installer", "uv", "uv"),
        ("generate-hashes", False, False),
        ("cooldown", 7, 7),
        ("cooldown", 0, 0),
        ("cooldown", "7 days", 7),
        ("cooldown", "1 day", 1),
        ("test-timeout", 20, 20),
        ("test-timeout", "20 minutes", 20),
        ("copy", [".env", "data/x"], (".env", "data/x")),
        ("gitignore", ["*.sqlite3"], ("*.sqlite3",)),
        ("env-file", "config/.env", "config/.env"),
        ("env-example", "env.sample", "env.sample"),
        ("install-python", True, True),
        ("test-command", ["pytest", "-k", "a or b"], ("pytest", "-k", "a or b")),
    ],
)
def test_a_key_is_read(key: str, value: Any, expected: Any) -> None:
    assert getattr(settings_from({key: value}, {}), key.replace("-", "_")) == expected


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("python", [3.12, 3, "", " ", ["3.12"], None]),
        (
            "venv",
            [1, "", ".", "./", "..", "../env", "a/../b", "/env", "C:/env", "C:env", "a\\..\\b", "\\env"],
        ),
        ("requirements", ["/deps", True]),
        ("layers", ["base", [1], [""], [" "], {"base": 1}]),
        ("install", ["dev"]),
        ("installer", ["conda", "", True, ["pip"]]),
        ("generate-hashes", ["yes", 1, None]),
        ("test-timeout", [0, -1, True, "20", "2 hours"]),
        ("copy", [["/etc/passwd"], ["../up"], "x", [1]]),
        ("cooldown", [-1, True, 1.5, "7", "seven days", "7 weeks", "² days", "-7 days", 3651, "9999 days"]),
        ("gitignore", ["*.log"]),
        ("env-file", ["../.env", "/etc/passwd"]),
        ("env-example", [["x"]]),
        ("install-python", ["true", 0]),
        ("test-command", ["pytest -x", ["pytest", 1]]),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(key: str, values: list[Any]) -> None:
    for value in values:
        with pytest.raises(UsageError, match=rf"\[tool\.bootstrap\] {key} must be ") as caught:
            settings_from({key: value}, {})
        problem = caught.value.problem
        assert (problem.code, problem.file) == ("bad-configuration", "pyproject.toml")
        assert problem.hint
        assert repr(value) in problem.message


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("pyhton", "python"),
        ("env_file", "env-file"),
        ("envfile", "env-file"),
        ("generate_hashes", "generate-hashes"),
        ("Installer", "installer"),
    ],
)
def test_an_unknown_key_gets_the_one_that_was_meant(key: str, meant: str) -> None:
    with pytest.raises(UsageError, match=f"unknown key: {key}") as caught:
        settings_from({key: "x"}, {})
    assert caught.value.problem.hint == f"did you mean {meant}?"
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_key_that_is_like_no_other_gets_them_all() -> None:
    with pytest.raises(UsageError, match="unknown key") as caught:
        settings_from({"zzz": 1}, {})
    hint = str(caught.value.problem.hint)
    assert [name for name in settings._READERS if name.replace("_", "-") not in hint] == []


@pytest.mark.parametrize("table", [3, "x", ["python"], True])
def test_what_is_no_table_is_refused(table: object) -> None:
    with pytest.raises(UsageError, match="must be a table"):
        settings_from(table, {})


@pytest.mark.parametrize(
    ("variable", "text", "expected"),
    [
        ("VENV", "env", "env"),
        ("LAYERS", "base, dev", ("base", "dev")),
        ("INSTALL", "base dev", ("base", "dev")),
        ("INSTALLER", "pip", "pip"),
        ("GENERATE_HASHES", "no", False),
        ("GENERATE_HASHES", "ON", True),
        ("INSTALL_PYTHON", "1", True),
        ("COOLDOWN", "7", 7),
        ("COOLDOWN", "7 days", 7),
        ("TEST_COMMAND", "pytest -k 'a, b'", ("pytest", "-k", "a, b")),
    ],
)
def test_a_variable_wins_over_the_file(variable: str, text: str, expected: object) -> None:
    name = variable.lower()
    table = (
        {name.replace("_", "-"): getattr(Settings(), name) or "x"} if name in ("venv", "installer") else {}
    )
    found = settings_from(table, {f"BOOTSTRAP_{variable}": text})
    assert getattr(found, name) == expected


def test_an_empty_variable_says_nothing() -> None:
    assert settings_from({"venv": "env"}, {"BOOTSTRAP_VENV": ""}).venv == "env"


def test_the_python_variable_is_read_where_requests_are_ranked() -> None:
    assert settings_from({"python": "3.11"}, {"BOOTSTRAP_PYTHON": "3.12"}).python == "3.11"


def test_other_variables_of_the_tool_are_no_settings() -> None:
    assert settings_from({}, {"BOOTSTRAP_CACHE_DIR": "/cache", "VENV": "x"}) == Settings()


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("VENV", "/env"),
        ("INSTALLER", "conda"),
        ("GENERATE_HASHES", "perhaps"),
        ("COOLDOWN", "soon"),
        ("COOLDOWN", "²"),
        ("TEST_COMMAND", "pytest 'a"),
    ],
)
def test_a_wrong_variable_is_named(variable: str, text: str) -> None:
    with pytest.raises(UsageError, match=f"BOOTSTRAP_{variable} must be ") as caught:
        settings_from({}, {f"BOOTSTRAP_{variable}": text})
    assert caught.value.problem.file is None
