"""What the index for measuring offers: a Django project's packages by name, with pages as long as theirs.

The real index shows some 33 000 files for the three layers below; those of the pins are some 700 MB. Only the
files of each project's newest release, which is the one that gets pinned, have the hashes that the pages
tell: making the others would take minutes, and nobody downloads them.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from tests.index.wheels import Distribution, normalized

LAYERS = {
    "base.in": "django>=2,<90\npsycopg2-binary\nredis\ncelery\n",
    "dev.in": "-c base.txt\n-r base.in\npytest\npytest-django\npytest-cov\nruff\nmypy\ndjango-debug-toolbar\n"
    "factory-boy\nipython\n",
    "production.in": "-c base.txt\n-r base.in\ngunicorn\nsentry-sdk\nwhitenoise\n",
}
ADDED = "pytest-xdist\n"

MANY = {"base.in": "".join(f"part-{number:03}\n" for number in range(30))} | {
    f"layer{layer:02}.in": "-r base.in\n"
    + "".join(f"part-{number:03}\n" for number in range(20 + 10 * layer, 30 + 10 * layer))
    for layer in range(1, 12)
}
"""Twelve layers that pin 300 packages together."""


class Project(NamedTuple):
    """The releases, the wheels of each (a single one is for all platforms), kilobytes, requirements."""

    releases: int = 60
    wheels: int = 1
    size: int = 100
    requires: Sequence[str] = ()


class File(NamedTuple):
    """One file of a page; ``tag`` is None for an sdist."""

    project: str
    version: str
    tag: str | None
    is_newest: bool

    @property
    def distribution(self) -> Distribution:
        made = PROJECTS[self.project]
        body = {f"{self.project.replace('-', '_')}.bin": _ZEROS[: made.size * 1024]}
        tags = (self.tag or "py3-none-any",)
        return Distribution(self.project, self.version, made.requires, files=body, tags=tags)

    @property
    def filename(self) -> str:
        named = Distribution(self.project, self.version, tags=(self.tag or "",))
        return named.wheel_name if self.tag else named.sdist_name


_ZEROS = bytes(16 * 1024 * 1024)
_PYTHONS = [f"cp3{minor}-cp3{minor}" for minor in range(9, 15)]
_PLATFORMS = [
    "manylinux_2_17_x86_64.manylinux2014_x86_64",
    "win_amd64",
    "macosx_11_0_arm64",
    "musllinux_1_2_x86_64",
    "manylinux_2_17_aarch64.manylinux2014_aarch64",
    "macosx_10_13_x86_64",
    "win32",
    "musllinux_1_2_aarch64",
    "manylinux_2_17_ppc64le.manylinux2014_ppc64le",
    "manylinux_2_17_s390x.manylinux2014_s390x",
    "manylinux_2_17_i686.manylinux2014_i686",
    "win_arm64",
]
_NATIVE = [f"{python}-{platform}" for platform, python in itertools.product(_PLATFORMS, _PYTHONS)]
_PROGRAM = [f"py3-none-{platform}" for platform in _PLATFORMS]

PROJECTS: Mapping[str, Project] = {
    "amqp": Project(50, requires=["vine>=1"]),
    "asgiref": Project(45),
    "asttokens": Project(35),
    "billiard": Project(90),
    "celery": Project(
        200,
        size=400,
        requires=[
            *("billiard", "click", "click-didyoumean", "click-plugins", "click-repl", "kombu"),
            *("python-dateutil", "tzdata", "vine>=1"),
        ],
    ),
    "certifi": Project(80),
    "click": Project(60),
    "click-didyoumean": Project(8),
    "click-plugins": Project(8),
    "click-repl": Project(10, requires=["click", "prompt-toolkit"]),
    "coverage": Project(150, wheels=46, size=250),
    "decorator": Project(30),
    "django": Project(430, size=8000, requires=["asgiref", "sqlparse", 'tzdata; sys_platform == "win32"']),
    "django-debug-toolbar": Project(60, requires=["django", "sqlparse"]),
    "execnet": Project(25),
    "executing": Project(30),
    "factory-boy": Project(45, requires=["faker"]),
    "faker": Project(330, size=1900, requires=["tzdata"]),
    "gunicorn": Project(60, requires=["packaging"]),
    "iniconfig": Project(8),
    "ipython": Project(
        250,
        size=600,
        requires=[
            *("decorator", "jedi", "matplotlib-inline", "pexpect", "prompt-toolkit", "pygments"),
            *("stack-data", "traitlets", 'colorama; sys_platform == "win32"'),
        ],
    ),
    "colorama": Project(30),
    "jedi": Project(50, size=1500, requires=["parso"]),
    "kombu": Project(190, size=200, requires=["amqp", "packaging", "tzdata", "vine"]),
    "matplotlib-inline": Project(10, requires=["traitlets"]),
    "mypy": Project(
        110, wheels=30, size=11000, requires=["mypy-extensions", "pathspec", "typing-extensions"]
    ),
    "mypy-extensions": Project(15),
    "packaging": Project(55),
    "parso": Project(30),
    "pathspec": Project(40),
    "pexpect": Project(30, requires=["ptyprocess"]),
    "pluggy": Project(30),
    "prompt-toolkit": Project(120, size=390, requires=["wcwidth"]),
    "psycopg2-binary": Project(45, wheels=40, size=3000),
    "ptyprocess": Project(10),
    "pure-eval": Project(10),
    "pygments": Project(80, size=1200),
    "pytest": Project(190, size=370, requires=["iniconfig", "packaging", "pluggy>=1", "pygments"]),
    "pytest-cov": Project(50, requires=["coverage>=1", "pytest", "pluggy"]),
    "pytest-django": Project(60, requires=["pytest"]),
    "pytest-xdist": Project(80, requires=["execnet", "pytest"]),
    "python-dateutil": Project(35, requires=["six"]),
    "redis": Project(180, size=270),
    "ruff": Project(430, wheels=17, size=10500),
    "sentry-sdk": Project(350, size=360, requires=["certifi", "urllib3"]),
    "six": Project(30),
    "sqlparse": Project(60),
    "stack-data": Project(25, requires=["asttokens", "executing", "pure-eval"]),
    "traitlets": Project(70),
    "typing-extensions": Project(45),
    "tzdata": Project(30, size=350),
    "urllib3": Project(110),
    "vine": Project(12),
    "wcwidth": Project(25),
    "whitenoise": Project(55),
    **{
        f"part-{number:03}": Project(requires=[f"need-{number:03}", f"shared-{number % 20:02}"])
        for number in range(140)
    },
    **{f"need-{number:03}": Project() for number in range(140)},
    **{f"shared-{number:02}": Project() for number in range(20)},
}


@cache
def files(name: str) -> tuple[File, ...]:
    """Return the files of a project from the oldest to the newest; nothing for a name that is not there."""
    project = PROJECTS.get(normalized(name))
    if project is None:
        return ()
    tags = {1: ["py3-none-any"], 17: _PROGRAM}.get(project.wheels, _NATIVE[: project.wheels])
    return tuple(
        File(name, _version(number), tag, number == project.releases - 1)
        for number in range(project.releases)
        for tag in [*tags, None]
    )


def content(file: File) -> bytes:
    """Return the file itself."""
    return file.distribution.wheel() if file.tag else file.distribution.sdist()


@cache
def sha256(file: File) -> str:
    """Return what the page tells of a file."""
    return hashlib.sha256(content(file) if file.is_newest else repr(file).encode()).hexdigest()


@cache
def metadata_sha256(file: File) -> str:
    """Return the digest of a wheel's metadata."""
    return hashlib.sha256(file.distribution.metadata()).hexdigest()


def _version(number: int) -> str:
    return f"{1 + number // 40}.{number // 8 % 5}.{number % 8}"
