"""What the environment says, read once and by name."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Config:
    """The values this program runs with."""

    greeting_name: str = "world"
    log_level: str = "INFO"


def read(environ: Mapping[str, str]) -> Config:
    """Return the values; an empty one counts as missing."""
    return Config(
        greeting_name=environ.get("GREETING_NAME") or "world",
        log_level=environ.get("LOG_LEVEL") or "INFO",
    )


def load() -> Config:
    """Read the values of this process; those of .env too where python-dotenv is there, as in development."""
    try:
        from dotenv import load_dotenv
    except ImportError:
        pass
    else:
        load_dotenv(ROOT / ".env")
    return read(os.environ)
