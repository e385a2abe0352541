"""The monthly CI job that calls ``bootstrap upgrade`` and opens one pull request with the result."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from bootstrap.errors import UsageError
from bootstrap.system import files

NEXT = {
    "github": "store a token as the secret UPGRADE_TOKEN (the file says which), and commit the file",
    "gitlab": "include it in .gitlab-ci.yml, make a schedule, store a token as UPGRADE_TOKEN (see the file)",
}
PATHS = {"github": ".github/workflows/upgrade.yml", "gitlab": ".gitlab/upgrade.yml"}


def text(host: str) -> str:
    """Return the job for ``github`` or ``gitlab``."""
    return resources.files("bootstrap.upgrades").joinpath("workflows", f"{host}.yml").read_text("utf-8")


def write(root: Path, host: str) -> str | None:
    """Write the job; returns its path relative to the project, None where it is there already.

    Raises ``UsageError`` where another file lies there: it is the user's.
    """
    path, wanted = root / PATHS[host], text(host)
    try:
        found = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        files.make_folder(path.parent)
        files.write_atomic(path, wanted.encode())
        return PATHS[host]
    if found != wanted:
        raise UsageError(
            f"{PATHS[host]} is there already, and says something else",
            hint=f"move it away, run this again and take over what you had changed: {PATHS[host]}",
            code="exists",
            file=PATHS[host],
        )
    return None
