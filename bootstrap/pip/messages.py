"""The one useful line in what pip, pip-compile or uv wrote, and what mends it."""

from __future__ import annotations

import re
from dataclasses import replace

from bootstrap.pip import inquiry
from bootstrap.pip.finding import Finding
from bootstrap.pip.index import RETRY
from bootstrap.pip.masking import mask
from bootstrap.pip.signs import SIGNS
from bootstrap.wording import canonical

DEPENDS = re.compile(r"\s*(?P<name>[A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])? \S+ depends on ")
"""A cause of a conflict that a package has brought."""


def explain(output: str, *, offline: bool = False) -> Finding:
    """Return what went wrong, from the most telling sign to the least; credentials are masked.

    pip-compile must have run with ``--verbose``: without it pip keeps the causes of a conflict to itself.
    """
    text = mask(output).replace("\r\n", "\n")
    final = RETRY.sub("", text)
    for pattern, tell in SIGNS:
        match = pattern.search(final)
        if match is not None:
            finding = tell(match, text)
            if offline and finding.code in ("not-found", "network"):
                return _offline(finding)
            return _with_what_was_tried(finding, text)
    return Finding("failed", _last_error(final), "run it again with -v to see all that was said")


def place(output: str) -> tuple[str, int] | None:
    """Return the requirement file and line that pip names in an error: ``-r base.in (line 3)``."""
    for line in re.findall(r"^(?:\s*ERROR: |Could not install requirement ).*", output, re.MULTILINE):
        match = re.search(r"-[rc] (?P<file>[^()\n]+?) \(line (?P<line>\d+)\)", line)
        if match is not None:
            return match["file"], int(match["line"])
    return None


def held_pins(causes: str) -> set[str]:
    """Return the canonical names of the pins that pip-compile held and that took part in a conflict."""
    return set(map(canonical, re.findall(r"The user requested \(constraint\) ([\w.-]+)==", causes)))


def depending(causes: str) -> set[str]:
    """Return the canonical names of the packages that ask for something in a conflict."""
    told = filter(None, map(DEPENDS.match, causes.splitlines()))
    return {canonical(match["name"]) for match in told}


def yanked(output: str) -> list[tuple[str, str]]:
    """Return the pins, as ``name==version``, that pip took although they were yanked, and the reasons."""
    found = re.findall(
        r"yanked version: '?(?P<name>[\w.-]+)'? candidate \(version (?P<version>\S+) .*\n"
        r"\s*Reason for being yanked: (?P<why>.*)",
        output,
    )
    return list(dict.fromkeys((f"{name}=={version}", why.strip()) for name, version, why in found))


def _with_what_was_tried(finding: Finding, text: str) -> Finding:
    tried = inquiry.tried(text) if finding.code in ("network", "index-error") else ""
    return replace(finding, message=f"{finding.message} ({tried})") if tried else finding


def _last_error(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # The name of an exception may stand on a line of its own, above its words.
    joined = re.sub(r"(?m)^(?:ERROR: )?([\w.]*(?:Error|Exception)):\n(?=\S)", r"\1: ", "\n".join(lines))
    lines = joined.splitlines()
    errors = [line for line in lines if re.match(r"(ERROR|[Ee]rror|[\w.]*(Error|Exception)):", line)]
    last = (errors or lines or ["it failed and said nothing"])[-1]
    return re.sub(r"^(ERROR|[Ee]rror|pip\.[\w.]+|InstallationError):\s*", "", last)


def _offline(finding: Finding) -> Finding:
    return Finding(
        "offline",
        f"{finding.message}; --offline forbids to ask the index",
        "run it once without --offline",
    )
