"""Keeping values out of what is told of a test run: it may print anything of the environment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, unquote, urlsplit

from bootstrap.pip.masking import mask

# No secrets, and words of which half of any output is made.
_HARMLESS = re.compile(
    r"PATH|HOME|PWD|OLDPWD|SHELL|LANG|LANGUAGE|LC_.*|TERM|TERM_PROGRAM|COLORTERM|USER|LOGNAME|HOSTNAME|EDITOR|"
    r"VISUAL|PAGER|TZ|SHLVL|_|CI|TMPDIR|TEMP|TMP|PYTHON[A-Z]*|VIRTUAL_ENV|XDG_.*|USERPROFILE|APPDATA|LOCALAPPDATA|"
    r"SYSTEMROOT|WINDIR|COMSPEC|OS|PROGRAMFILES.*|PROGRAMDATA|PROCESSOR_.*|NUMBER_OF_PROCESSORS|PATHEXT|"
    r"DJANGO_SETTINGS_MODULE|BOOTSTRAP_.*|PYENV.*|NO_COLOR|FORCE_COLOR|"
    r"GITHUB_(ACTIONS?|ACTOR|API_URL|EVENT_.*|JOB|REF.*|REPOSITORY|RUN_.*|SERVER_URL|SHA|WORKFLOW|WORKSPACE)|RUNNER_.*",
    re.IGNORECASE,
)
# A shorter value stands in too many words; 1, true, test and the like are no secrets. One that is named a
# secret is hidden all the same, where it is a word of its own.
_SHORTEST, _SHORTEST_WORD = 6, 4
_NAMED_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASS|PWD|PIN|CREDENTIAL", re.IGNORECASE)
_HIDDEN = "****"


def secrets_of(*sources: Mapping[str, str]) -> tuple[str, ...]:
    """Return the texts to hide, the longest first.

    These are the values of variables, each line of those with several, and the passwords in addresses.
    """
    found: set[str] = set()
    for source in sources:
        for name, value in source.items():
            if not _HARMLESS.fullmatch(name):
                shortest = _SHORTEST_WORD if _NAMED_SECRET.search(name) else _SHORTEST
                parts = {part.strip() for part in (value, *value.splitlines())}
                found |= {part for part in parts if len(part) >= shortest}
                found |= {part for part in _passwords(value) if len(part) >= _SHORTEST_WORD}
    forms = {form for secret in found for form in _forms(secret)}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def masked(line: str, secrets: Sequence[str]) -> str:
    """Return a line without secrets, and without the credentials of addresses."""
    for secret in secrets:
        if len(secret) >= _SHORTEST:
            line = line.replace(secret, _HIDDEN)
        elif secret in line:
            line = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", _HIDDEN, line)
    return mask(line)


def without_addresses(line: str) -> str:
    """Return a line without the addresses of indexes: of a file there only its name is left."""
    return re.sub(r"\w+://(?:[^\s()]*/)?", "", re.sub(r"\s*\(asked [^)]*\)", "", line))


def without_places(line: str, places: Iterable[tuple[str, str]]) -> str:
    """Return a line in which the folders of this machine are named by what they are."""
    for place, name in places:
        line = line.replace(place, name)
    return line


def _passwords(value: str) -> set[str]:
    """Return what programs print apart from the address it stood in, such as a database's settings."""
    try:
        password = urlsplit(value).password
    except ValueError:
        return set()
    return {password, unquote(password)} if password else set()


def _forms(secret: str) -> set[str]:
    """Return a text as programs may print it: as it is, as Python's or JSON's literal, in an address."""
    return {
        secret,
        repr(secret)[1:-1],
        secret.replace("\\", "\\\\").replace('"', '\\"'),
        quote(secret, safe=""),
    }
