"""What pip asked an index for and did not get: who wants it, which pages it tried, and what they held."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bootstrap.pip.index import RETRY
from bootstrap.pip.signs import asking
from bootstrap.wording import canonical

_PAGE = r"Could not fetch URL (?P<url>\S+): (?P<why>.*?) - skipping"
_WHY = r"\[Errno[^\]]*\] [^'\")]+|\d{3} \w+ Error: [^'\"()]+?(?= for url)|timed out"
_BY_UV = r"(?:error sending request for url \(|Failed to (?:fetch|download): ?`?)(?P<url>https?://[^\s`)]+)"


@dataclass(frozen=True, slots=True)
class Sought:
    """A requirement that no version satisfies, in pip's words; ``name`` is canonical.

    ``parent`` is the package whose requirement it is, or None where a file names it. ``explained`` says
    whether pip told which versions there are, or why it left them out.
    """

    wanted: str
    name: str
    parent: str | None
    explained: bool


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an index has of a package: nothing at all, or wheels for others only, known by their ``tags``."""

    unknown: bool
    tags: tuple[str, ...] = ()


def sought(output: str) -> Sought | None:
    """Return what could not be found, as pip and pip-compile say it."""
    found = re.search(
        r"No matching distribution found for (?P<wanted>(?P<name>[A-Za-z0-9][\w.-]*)[^\n(]*)"
        r"(?:\(from (?P<parent>\w(?:[\w.-]*\w)?))?",
        output,
    )
    if found is None:
        return None
    told = re.search(r"\(from versions: (?!none\))|Ignored the following", output)
    parent = found["parent"] or asking(found["name"], output)
    return Sought(found["wanted"].strip(), canonical(found["name"]), parent, told is not None)


def sighting(output: str, name: str) -> Sighting:
    """Return what pip saw of a package, from its output with ``-vv``."""
    about = re.escape(f"/{canonical(name)}/")
    tags = re.findall(rf"none of the wheel's tags \((?P<tags>[^)]*)\)[^\n]*\(from \S*{about}\)", output)
    is_missing = re.search(rf"Could not fetch URL \S*{about}: 404 ", output) is not None
    is_there = re.search(rf"Fetched page \S*{about}|Found link [^\n]*{about}", output) is not None
    return Sighting(is_missing and not is_there, tuple(dict.fromkeys(tags)))


def tried(output: str) -> str:
    """Return which page was asked for and how that ended, where it is told: `` (asked URL: refused)``.

    A page that is not there (404) is no failure. Credentials must be masked in the output already.
    """
    page = next((each for each in re.finditer(_PAGE, output) if not each["why"].startswith("404 ")), None)
    by_uv = re.search(_BY_UV, output)
    if page is not None:
        why = re.search(_WHY, page["why"])
        return f"asked {page['url']}{_often(output, page['url'])}{f': {why[0]}' if why else ''}"
    return f"asked {by_uv['url']}" if by_uv else _indexes(output)


def _often(output: str, url: str) -> str:
    path = re.sub(r"^\w+://[^/]*", "", url)
    times = sum(line.rstrip().endswith(path) for line in RETRY.findall(output)) + 1
    return f" {times} times" if times > 1 else ""


def _indexes(output: str) -> str:
    found = re.search(r"Looking in (?:indexes|links): (?P<places>[^\n]+)", output)
    return f"asked {found['places'].strip()}" if found else ""
