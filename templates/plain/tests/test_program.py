"""The program, as its users run it."""

import subprocess
import sys
from pathlib import Path

import pytest

from projectname import config

SOURCE = Path(__file__).parents[1] / "src"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, config.Config()),
        ({"GREETING_NAME": "", "LOG_LEVEL": ""}, config.Config()),
        ({"GREETING_NAME": "Ann", "LOG_LEVEL": "DEBUG"}, config.Config("Ann", "DEBUG")),
    ],
)
def test_values_come_from_the_environment(environ: dict[str, str], expected: config.Config) -> None:
    assert config.read(environ) == expected


def test_it_greets() -> None:
    command = [sys.executable, "-m", "projectname"]
    done = subprocess.run(command, cwd=SOURCE, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Hello, ")
