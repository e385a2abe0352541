"""The tables of a new Django project, in its own SQLite file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from bootstrap.errors import BootstrapError
from bootstrap.pip.masking import mask
from bootstrap.system import processes
from bootstrap.wording import counted

_APPLIED = re.compile(r"^\s*Applying \S+\.\.\.", re.MULTILINE)


def run(python: Path, root: Path, manage: str, package: str, on_line: Callable[[str], None]) -> str:
    """Apply the migrations and say how many there were.

    A ``DATABASE_URL`` or ``DJANGO_SETTINGS_MODULE`` that the shell has belongs to another project: this one
    is seconds old.

    Raises ``BootstrapError`` where it fails.
    """
    own = {"DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": f"{package}.settings.dev"}
    done = processes.run([python, manage, "migrate", "--noinput"], cwd=root, extra=own, on_line=on_line)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise BootstrapError(
            f"the migrations could not be applied: {mask(said[-1])}",
            hint=f"see why with -v, then run python {manage} migrate",
            code="migrate",
            details=done.stdout + done.stderr,
        )
    count = len(_APPLIED.findall(done.stdout))
    return f"{counted(count, 'migration')} applied"
