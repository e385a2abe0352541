"""Values from the environment, each read by its name, so that a missing or wrong one is named."""

import os

from django.core.exceptions import ImproperlyConfigured

_FLAGS = dict.fromkeys(("1", "true", "yes", "on"), True) | dict.fromkeys(("0", "false", "no", "off"), False)


def required(name: str) -> str:
    """Return a value that must be there."""
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"Set the {name} environment variable (see .env.example).")
    return value


def text(name: str, default: str = "") -> str:
    """Return a value; an empty one counts as missing."""
    return os.environ.get(name, "") or default


def flag(name: str, *, default: bool) -> bool:
    """Return a yes or a no."""
    value = text(name).lower()
    if value and value not in _FLAGS:
        raise ImproperlyConfigured(f"The {name} environment variable must be true or false.")
    return _FLAGS.get(value, default)


def number(name: str, default: int) -> int:
    """Return a whole number."""
    value = text(name)
    if value and not value.isdecimal():
        raise ImproperlyConfigured(f"The {name} environment variable must be a whole number.")
    return int(value) if value else default


def csv(value: str) -> list[str]:
    """Return the words of a value that are separated by commas."""
    return [word.strip() for word in value.split(",") if word.strip()]
