"""What the source tells, without being run."""

from __future__ import annotations

import pytest

from bootstrap.scaffold.adoption import code


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('os.environ["NAME"]', {"NAME": None}),
        ('environ["NAME"]', {"NAME": None}),
        ('os.environ.get("NAME")', {"NAME": ""}),
        ('os.environ.get("NAME", "x")', {"NAME": "x"}),
        ('os.getenv("NAME", default="x")', {"NAME": "x"}),
        ('os.environ.get("NAME", 5)', {"NAME": "5"}),
        ('os.environ.get("NAME", other())', {"NAME": ""}),
        ('env("NAME")', {"NAME": None}),
        ('env("NAME", default=None)', {"NAME": ""}),
        ('env.bool("NAME", default=False)', {"NAME": "false"}),
        ('env.bool("NAME", True)', {"NAME": "true"}),
        ('env.db("DATABASE_URL")', {"DATABASE_URL": None}),
        ('config("NAME", cast=int)', {"NAME": None}),
        ('config("NAME", default=8, cast=int)', {"NAME": "8"}),
        ("environ.Env(DEBUG=(bool, False), NAME=str)", {"DEBUG": "false", "NAME": None}),
        ('os.environ["NAME"] = "x"', {}),
        ('os.environ.setdefault("NAME", "x")', {}),
        ('os.environ["PATH"]', {}),
        ('os.environ["lower"]', {}),
        ("os.environ[name]", {}),
        ('other("NAME")', {}),
        ('table["NAME"]', {}),
        ("def broken(:", {}),
        ("print 'Python 2'", {}),
    ],
)
def test_variables(line: str, expected: dict[str, str | None]) -> None:
    seen = code.scan([("settings.py", line)])
    assert {name: found.default for name, found in seen.variables.items()} == expected


def test_the_place_with_a_default_counts() -> None:
    seen = code.scan([("a.py", 'os.environ["AA"]\n'), ("b.py", '\nos.environ.get("AA", "x")\n')])
    assert seen.variables["AA"] == code.Variable("AA", "b.py", 2, "x")


def test_modules() -> None:
    text = (
        "import os.path, yaml as y\nfrom rest_framework.views import APIView\nfrom . import own\n"
        "INSTALLED_APPS = ['django.contrib.auth', *MORE]\nINSTALLED_APPS += ['corsheaders']\n"
        "MIDDLEWARE: list[str] = ['whitenoise.middleware.WhiteNoiseMiddleware']\nOTHER = ['not.this']\n"
    )
    found = code.scan([("settings.py", text)]).modules
    assert found == {"os", "yaml", "rest_framework", "django", "corsheaders", "whitenoise"}
