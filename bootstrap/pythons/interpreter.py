"""An interpreter and the facts it tells about itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from packaging.version import Version

from bootstrap.errors import BootstrapError
from bootstrap.pythons.builds import Build
from bootstrap.system import host, processes

TIMEOUT = 30.0
"""Seconds an interpreter gets to answer: the first start on macOS is checked for malware."""

# Runs on Python 3.6 and later. The markers are those of packaging.markers.default_environment, down to the
# "c" of a release candidate. On Windows an environment has a copy of its base, not a link to it.
SCRIPT = """\
import json, os, platform, sys, sysconfig
info, implementation = sys.version_info, sys.implementation
numbers = '.'.join(map(str, implementation.version[:3]))
level = implementation.version[3]
serial = '' if level == 'final' else level[0] + str(implementation.version[4])
short = {'alpha': 'a', 'beta': 'b', 'candidate': 'rc'}.get(info[3])
print(json.dumps({
    'version': '.'.join(map(str, info[:3])) + (short + str(info[4]) if short else ''),
    'implementation': implementation.name,
    'free_threaded': bool(sysconfig.get_config_var('Py_GIL_DISABLED')),
    'base': os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable),
    'platform': sysconfig.get_platform(),
    'markers': {
        'implementation_name': implementation.name,
        'implementation_version': numbers + serial,
        'os_name': os.name,
        'platform_machine': platform.machine(),
        'platform_release': platform.release(),
        'platform_system': platform.system(),
        'platform_version': platform.version(),
        'python_full_version': platform.python_version(),
        'platform_python_implementation': platform.python_implementation(),
        'python_version': '.'.join(platform.python_version_tuple()[:2]),
        'sys_platform': sys.platform,
    },
}))
"""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """An interpreter that was started and answered.

    ``path`` is absolute and as it was found: a link outlives an update of the release behind it. ``base`` is
    the file in the end, and for an environment that of the Python it was made from. ``version`` is as PEP 440
    writes it, ``markers`` the environment of PEP 508, ``platform`` as in wheel tags (``linux-x86_64``).
    """

    path: Path
    version: str
    implementation: str
    free_threaded: bool
    found_by: str
    markers: Mapping[str, str]
    base: Path
    platform: str

    @property
    def build(self) -> Build:
        """The interpreter in the terms of a request; a trailing ``+`` is how CPython marks a branch's tip."""
        parsed = Version(self.version)
        pre = "{}{}".format(*parsed.pre) if parsed.pre else ""
        tip = self.markers["python_full_version"].endswith("+")
        own = (
            ()
            if self.implementation == "cpython"
            else Version(self.markers["implementation_version"]).release
        )
        return Build(self.implementation, parsed.release, pre, self.free_threaded, tip, own)

    def __str__(self) -> str:
        """Return a name for messages: ``3.12.1``, ``3.13.0t``, ``pypy3.10.14-7.3.15``."""
        return str(self.build)


def inspect(path: Path, found_by: str) -> Interpreter | None:
    """Start an interpreter and return what it says of itself, or None where it is broken."""
    try:
        ended = processes.run([path, "-I", "-c", SCRIPT], timeout=TIMEOUT)
    except BootstrapError:
        return None
    return understand(ended.stdout, path, found_by) if ended.returncode == 0 else None


@cache
def own() -> Interpreter | None:
    """Return the Python that runs this tool: it stays the same for as long as the tool runs."""
    return inspect(host.own_interpreter(), "own")


def understand(answer: str, path: Path, found_by: str) -> Interpreter | None:
    """Return the interpreter that an answer to the script describes, or None for any other text.

    Only the last line counts: a ``sitecustomize`` may have printed before.
    """
    try:
        facts = json.loads(answer.rstrip().rpartition("\n")[2])
        found = Interpreter(
            path,
            str(facts["version"]),
            str(facts["implementation"]),
            facts["free_threaded"] is True,
            found_by,
            {str(name): str(value) for name, value in facts["markers"].items()},
            Path(facts["base"]),
            str(facts["platform"]),
        )
        complete = found.build.complete
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return found if complete else None
