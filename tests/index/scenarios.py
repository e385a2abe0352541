"""A small world of packages with the names of a Django project's real ones, and that project's layers.

Names, extras and who requires whom are the real ones; versions are few, and every upload time is fixed.
Several newest releases are from 2026, so that a cooldown has something to hold back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.index.server import PackageIndex

LAYERS = {
    "base.in": "django>=5.2,<6.3\npsycopg[binary]\nredis\ncelery\n",
    "dev.in": "-r base.in\ndjango-debug-toolbar\npytest\npytest-django\nfactory-boy\n",
    "production.in": "-r base.in\ngunicorn\nsentry-sdk\nwhitenoise\n",
}


class Release(NamedTuple):
    """One row of the world."""

    version: str
    uploaded: str
    requires: Sequence[str] = ()
    extras: Mapping[str, Sequence[str]] = {}
    requires_python: str = ">=3.9"
    yanked: str | None = None


_DJANGO = ("asgiref>=3.8.1,<4", "sqlparse>=0.3.1", 'tzdata; sys_platform == "win32"')
_CELERY = (
    "billiard>=4.2.1,<5",
    "click>=8.1.2,<9",
    "click-didyoumean>=0.3",
    "click-plugins>=1.1.1",
    "click-repl>=0.2",
    "kombu>=5.5.2,<5.7",
    "python-dateutil>=2.8.2",
    "tzdata>=2025.2",
    "vine>=5.1,<6",
)
_KOMBU = ("amqp>=5.1.1,<6", "packaging", "tzdata>=2025.2", "vine==5.1.0")
_PSYCOPG = ('typing-extensions>=4.6; python_version < "3.13"', 'tzdata; sys_platform == "win32"')
_PYTEST = ("iniconfig>=1", "packaging>=20", "pluggy>=1.5,<2", "pygments>=2.7")

WORLD: Mapping[str, Sequence[Release]] = {
    "amqp": [Release("5.2.0", "2023-11-06", ["vine>=5,<6"]), Release("5.3.1", "2024-11-12", ["vine>=5,<6"])],
    "asgiref": [
        Release("3.8.1", "2024-03-22"),
        Release("3.9.1", "2025-07-08"),
        Release("3.10.0", "2026-05-05"),
    ],
    "billiard": [Release("4.2.1", "2024-09-21"), Release("4.2.2", "2025-09-20")],
    "celery": [Release("5.5.2", "2025-04-25", _CELERY), Release("5.5.3", "2025-06-01", _CELERY)],
    "certifi": [Release("2025.8.3", "2025-08-03"), Release("2026.1.14", "2026-01-14")],
    "click": [Release("8.1.8", "2024-12-21"), Release("8.2.1", "2025-05-20"), Release("8.3.0", "2026-02-18")],
    "click-didyoumean": [Release("0.3.1", "2024-03-24", ["click>=7"])],
    "click-plugins": [Release("1.1.1.2", "2025-06-25", ["click>=4.0"])],
    "click-repl": [Release("0.3.0", "2023-06-15", ["click>=7.0", "prompt-toolkit>=3.0.36"])],
    "django": [
        Release("5.1.11", "2025-06-10", _DJANGO, {"argon2": ["argon2-cffi>=19.1.0"]}, ">=3.10"),
        Release("5.2.4", "2025-07-02", _DJANGO, {"argon2": ["argon2-cffi>=19.1.0"]}, ">=3.10"),
        Release("5.2.5", "2025-08-06", _DJANGO, {"argon2": ["argon2-cffi>=19.1.0"]}, ">=3.10"),
        Release("6.0.1", "2026-01-06", _DJANGO, {"argon2": ["argon2-cffi>=23.1.0"]}, ">=3.11"),
        Release("6.3", "2026-12-01", _DJANGO, {"argon2": ["argon2-cffi>=23.1.0"]}, ">=3.11"),
    ],
    "django-debug-toolbar": [
        Release("5.2.0", "2025-04-29", ["django>=4.2.9", "sqlparse>=0.2"]),
        Release("6.0.0", "2025-07-25", ["django>=4.2.9", "sqlparse>=0.2"]),
    ],
    "factory-boy": [
        Release("3.3.1", "2024-08-18", ["Faker>=0.7.0"]),
        Release("3.3.3", "2025-02-03", ["Faker>=0.7.0"]),
    ],
    "faker": [Release("37.5.3", "2025-07-30", ["tzdata"]), Release("40.1.0", "2026-03-02", ["tzdata"])],
    "gunicorn": [
        Release("22.0.0", "2024-04-17", ["packaging"]),
        Release("23.0.0", "2024-08-10", ["packaging"]),
    ],
    "iniconfig": [Release("2.0.0", "2023-01-07"), Release("2.1.0", "2025-03-19")],
    "kombu": [
        Release("5.5.3", "2025-04-16", _KOMBU),
        Release("5.5.4", "2025-06-01", _KOMBU),
        Release("5.6.0", "2026-04-01", _KOMBU, yanked="loses messages"),
    ],
    "packaging": [
        Release("24.2", "2024-11-08"),
        Release("25.0", "2025-04-19"),
        Release("26.0", "2026-06-30"),
    ],
    "pluggy": [Release("1.5.0", "2024-04-20"), Release("1.6.0", "2025-05-15")],
    "prompt-toolkit": [Release("3.0.51", "2025-04-15", ["wcwidth"])],
    "psycopg": [
        Release(
            version,
            uploaded,
            _PSYCOPG,
            {"binary": [f'psycopg-binary=={version}; implementation_name != "pypy"']},
        )
        for version, uploaded in (("3.2.8", "2025-05-11"), ("3.2.9", "2025-05-13"), ("3.3.0", "2026-02-09"))
    ],
    "psycopg-binary": [
        Release("3.2.8", "2025-05-11"),
        Release("3.2.9", "2025-05-13"),
        Release("3.3.0", "2026-02-09"),
    ],
    "pygments": [Release("2.19.2", "2025-06-21")],
    "pytest": [Release("8.4.1", "2025-06-18", _PYTEST), Release("9.0.1", "2026-01-12", _PYTEST)],
    "pytest-django": [
        Release("4.10.0", "2025-02-10", ["pytest>=7.0.0"]),
        Release("4.11.1", "2025-04-03", ["pytest>=7.0.0"]),
    ],
    "python-dateutil": [Release("2.9.0.post0", "2024-03-01", ["six>=1.5"])],
    "redis": [
        Release("5.2.1", "2024-12-06", ['async-timeout>=4.0.3; python_full_version < "3.11.3"']),
        Release("6.4.0", "2025-08-07", ['async-timeout>=4.0.3; python_full_version < "3.11.3"']),
        Release("7.0.0b1", "2026-06-01"),
    ],
    "async-timeout": [Release("5.0.1", "2024-11-06")],
    "sentry-sdk": [
        Release("2.33.0", "2025-07-15", ["certifi", "urllib3>=1.26.11"], {"django": ["django>=1.8"]}),
        Release("2.35.0", "2026-01-21", ["certifi", "urllib3>=1.26.11"], {"django": ["django>=1.8"]}),
    ],
    "six": [Release("1.17.0", "2024-12-04")],
    "sqlparse": [Release("0.5.2", "2024-11-14"), Release("0.5.3", "2024-12-10")],
    "typing-extensions": [Release("4.14.1", "2025-07-04"), Release("4.15.0", "2025-08-25")],
    "tzdata": [Release("2025.2", "2025-03-23"), Release("2026.1", "2026-01-30")],
    "urllib3": [Release("2.4.0", "2025-04-10"), Release("2.5.0", "2025-06-18")],
    "vine": [Release("5.1.0", "2023-11-05")],
    "wcwidth": [Release("0.2.13", "2024-01-06")],
    "whitenoise": [
        Release("6.8.2", "2024-10-29"),
        Release("6.9.0", "2025-02-06"),
        Release("7.0.0", "2026-05-20"),
    ],
}

_SCRIPTS = {
    "celery": {"celery": "celery:main"},
    "django": {"django-admin": "django:main"},
    "gunicorn": {"gunicorn": "gunicorn:run"},
    "pytest": {"pytest": "pytest:main"},
}


def fill(index: PackageIndex) -> PackageIndex:
    """Publish the world on an index and return it."""
    for name, releases in WORLD.items():
        for release in releases:
            index.add(
                name,
                release.version,
                release.requires,
                uploaded=f"{release.uploaded}T00:00:00Z",
                yanked=release.yanked,
                extras=release.extras,
                requires_python=release.requires_python,
                scripts=_SCRIPTS.get(name),
            )
    return index


def write_layers(root: Path, layers: Mapping[str, str] = LAYERS) -> Path:
    """Write the layers below ``root/requirements`` and return that folder."""
    folder = root / "requirements"
    folder.mkdir(exist_ok=True)
    for name, text in layers.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return folder
