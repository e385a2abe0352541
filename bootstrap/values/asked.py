"""What may be asked of a check; apart from the rest, as the command line needs it for its help."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

DEVELOPMENT = "development"
"""The environment in which the values of the example may do."""

RULE = (
    "The host environment wins, then .env. With CI set or --source host, .env is not read at all. "
    "A host variable that is set to nothing counts as missing."
)
"""The rule of precedence in words, printed wherever it may be asked for."""


class Source(StrEnum):
    """Where values are read from."""

    HOST = "host"
    FILE = "file"
    BOTH = "both"


class Format(StrEnum):
    """How problems are printed."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks of a check.

    ``source`` is ``host``, ``file``, ``both`` or None for the usual one; ``file`` names another env file;
    with ``override`` it wins over the host.
    """

    source: str | None = None
    environment: str = DEVELOPMENT
    file: str | None = None
    override: bool = False
