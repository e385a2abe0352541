"""The signs of each kind of failure in what pip, pip-compile and uv write, and what to tell of it.

The wording is that of pip 26, pip-tools 7.6 and uv 0.13, captured from failures made on purpose.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bootstrap.pip import index
from bootstrap.pip.finding import Finding


def _hash_mismatch(match: re.Match[str], _: str) -> Finding:
    return Finding(
        "hash-mismatch",
        f"the file that came for {match['pin']} is not the one that was locked: its hash differs",
        "find out why; where the index replaced the file on purpose, delete the pin from the lock",
    )


def _damaged(match: re.Match[str], _: str) -> Finding:
    return Finding(
        "hash-mismatch",
        f"the file that came for {match['pin']} is damaged, so it is not the one that was locked",
        "try again; where it stays so, find out what the index or a proxy before it does to the file",
    )


def _unpinned(match: re.Match[str], _: str) -> Finding:
    return Finding("unpinned", f"the lock does not pin {match['pin']}", "compile it again: bootstrap lock")


def _unhashed(match: re.Match[str], _: str) -> Finding:
    return Finding("unhashed", f"the lock has no hash for {match['pin']}", "compile it again: bootstrap lock")


def _no_upload_times(_match: re.Match[str], _text: str) -> Finding:
    return Finding(
        "no-upload-times",
        "the package index does not tell when files were uploaded, and the cooldown needs it",
        "use an index that does (PEP 700), or take cooldown out of [tool.bootstrap]",
    )


def _disk_full(_match: re.Match[str], _text: str) -> Finding:
    return Finding("disk-full", "no space left on the disk", "free some disk space, then run bootstrap again")


def _in_use(_match: re.Match[str], _text: str) -> Finding:
    return Finding(
        "venv-in-use",
        "a file of the environment is in use by another program",
        "close the programs that use the environment, then run bootstrap again",
    )


def _conflict(match: re.Match[str], text: str) -> Finding:
    # Where a page could not be had, no version of that package satisfies anything.
    for name in re.findall(r"(?:depends on|requested(?: \(constraint\))?) ([\w.-]+)", match["causes"]):
        unfetched = index.unfetched(name, text)
        if unfetched is not None:
            return unfetched
    causes = "\n".join(f"  {line.strip()}" for line in match["causes"].strip().splitlines())
    return Finding(
        "conflict",
        f"no set of versions satisfies all requirements; the conflict is caused by:\n{causes}",
        "loosen one of these requirements",
    )


def asking(name: str, output: str) -> str | None:
    """Return the package that asks for another, as pip before 26 tells it one line above."""
    told = re.search(
        rf"satisfies the requirement {re.escape(name)}[^\n(]* \(from (?P<parent>\w(?:[\w.-]*\w)?)\) \(from ",
        output,
    )
    return told and told["parent"]


def _not_found(match: re.Match[str], text: str) -> Finding:
    wanted = match["wanted"].strip()
    name = re.match(r"[\w.-]*", wanted)
    parent = match["parent"] or (asking(name[0], text) if name else None)
    asked = f"{wanted} (which {parent} needs)" if parent else wanted
    if name is not None:
        unfetched = index.unfetched(name[0], text)
        if unfetched is not None:
            return unfetched
    for_others = _fitting(wanted, "versions that require a different python version", ";", text)
    if for_others:
        return Finding(
            "not-found",
            f"what there is for {asked} is made for another Python: {_needing(for_others[-3:])}",
            "loosen the requirement, or move the project to a Python it is made for",
        )
    yanked = _fitting(wanted, "yanked versions", ",", text)
    if yanked:
        return Finding(
            "not-found",
            f"what there is for {asked} was yanked from the index: {', '.join(yanked[-3:])}",
            f"take another package, or name one of these exactly to take it all the same, as =={yanked[-1]}",
        )
    versions = re.search(r"\(from versions: (?P<list>[^)]*)\)", text)
    known = versions["list"].strip() if versions else ""
    # pip tells nothing more where the index answers 404, or where no file fits this platform.
    if known in ("", "none"):
        return Finding(
            "not-found",
            f"the index offers nothing for {asked}",
            "see that its name is right, that it has files for this Python and platform, and that pip's "
            "configuration names the right index and credentials (pip config list)",
        )
    return Finding(
        "not-found",
        f"the index has no version for {asked}; the newest it has: {_newest(known)}",
        "change the requirement to a version there is",
    )


def _needing(versions: list[str]) -> str:
    return "; ".join(version.replace("Requires-Python", "needs Python") for version in versions)


def _fitting(wanted: str, what: str, between: str, text: str) -> list[str]:
    """Return which of the versions that pip left out would do, each with all that pip says of it."""
    from packaging.requirements import InvalidRequirement, Requirement

    ignored = re.search(rf"Ignored the following {what}: (?P<list>[^\n]+)", text)
    try:
        specifier = Requirement(wanted).specifier
    except InvalidRequirement:
        return []
    entries = [entry.strip() for entry in (ignored["list"].split(between) if ignored else ())]
    return [entry for entry in entries if specifier.contains(entry.split()[0], prereleases=True)]


def _no_solution(match: re.Match[str], text: str) -> Finding:
    why = " ".join(match["why"].split())
    refused = re.search(r"\((401) Unauthorized\)|returned a (403) Forbidden", text)
    if refused is not None:
        return index.refused(refused[1] or refused[2])
    missing = re.search(
        r"not found in|no version of|is available and you|current Python version|has no (?:wheels|source)|"
        r"was yanked",
        why,
    )
    return Finding(
        "not-found" if missing else "conflict",
        f"there is nothing to install that satisfies all requirements: {why}",
        "change the requirement to what there is" if missing else "loosen one of these requirements",
    )


def _build(match: re.Match[str], text: str) -> Finding:
    output = _BUILD_OUTPUT.search(text)
    return Finding(
        "build-failed",
        f"{_built(match, text)} has no wheel for this Python, and its build failed: "
        + _build_error(output["said"] if output else ""),
        "install what its build needs, or take a version that has a wheel; -v shows the build's own words",
    )


def _built(match: re.Match[str], text: str) -> str:
    """Return the package whose build failed: pip names it at the end, pip-compile only where it begins."""
    named = re.search(
        r"generating package metadata\.\n╰─> (?!See)(\S+)|Failed (?:to build `|building wheel for )([\w.-]+)",
        text,
    )
    begun = re.findall(r"(?:Collecting|Processing) (?:\S*[/\\])?([\w.-]+)", match.string[: match.start()])
    return (named[1] or named[2]) if named else (begun[-1] if begun else "a package")


def _build_error(said: str) -> str:
    """Return what a build complains of: a compiler's first fatal error, else the last error of any kind."""
    fatal = re.search(r"fatal error: .+", said)
    if fatal is not None:
        return fatal[0].strip()
    errors = re.findall(r"^.*?(\w*(?:[Ee]rror|ERROR|Exception): .+)", said, re.MULTILINE)
    lines = [line.strip() for line in errors or said.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


def _newest(known: str) -> str:
    return ", ".join(version.strip() for version in known.split(",")[-3:])


_BUILD_OUTPUT = re.compile(
    r"(?:lines of output\]|\[stderr\])\n(?P<said>.*?)(?=\[end of output\]|^hint: |\Z)",
    re.MULTILINE | re.DOTALL,
)
_UNREACHABLE = (
    r"Max retries exceeded|[Cc]onnection (?:broken|aborted|refused)|Temporary failure in name resolution|"
    r"incomplete-download|IncompleteRead|Connection(?:Failed|Timeout)Error|UnfetchedError|"
    r"error sending request|error decoding response body"
)
_SOUGHT = r"No matching distribution found for (?P<wanted>[^\n(]+)(?:\(from (?P<parent>\w(?:[\w.-]*\w)?))?"
_NO_FILE = (
    r"Could not install requirement (?:\S+ ?@ |https?:)[^\n]* HTTP error 4(?:04|10)"
    r"[^\n]* for URL (?P<url>\S+)"
)
Tell = Callable[[re.Match[str], str], Finding]
SIGNS: tuple[tuple[re.Pattern[str], Tell], ...] = tuple(
    (re.compile(pattern, re.MULTILINE | re.DOTALL), tell)
    for pattern, tell in (
        (r"DO NOT MATCH THE HASHES.*?^\s+(?P<pin>\S+) from ", _hash_mismatch),
        (r"Hash mismatch for `(?P<pin>[^`]+)`", _hash_mismatch),
        (r"must have their versions pinned with ==.*?^\s+(?P<pin>\S+) from ", _unpinned),
        (r"must have their versions pinned with `==`, but found: (?P<pin>\S+)", _unpinned),
        (r"Hashes are required in --require-hashes mode.*?^\s+(?P<pin>\S+) --hash", _unhashed),
        (r"all requirements must have a hash, but none were provided for: (?P<pin>\S+)", _unhashed),
        (
            r"No space left on device|os error 28\b|Disk quota exceeded|not enough space on the disk",
            _disk_full,
        ),
        (r"\[WinError (?:5|32)\]|being used by another process", _in_use),
        (r"does not provide upload-time metadata", _no_upload_times),
        (
            r"UnfetchedError:\s+Could not fetch URL \S+ [^\n]*?(?P<status>\d{3}) (?:Server|Client|error)",
            index.http,
        ),
        (r"UnfetchedError:\s+Could not fetch URL (?P<page>\S+): its page cannot be read", index.unreadable),
        (_SOUGHT, _not_found),
        (r"The conflict is caused by:\n(?P<causes>.*?)\n\s*\n", _conflict),
        (r"Cannot install (?P<causes>[^\n]+) because these package versions", _conflict),
        (
            r"Because (?P<why>.*?),\s+we\s+can\s+conclude\s+that\s+your\s+requirements\s+are\s+unsatisfiable",
            _no_solution,
        ),
        (_NO_FILE, index.no_file),
        (r"(?:HTTP error |HTTP status (?:server|client) error \(|too many )(?P<status>\d{3})", index.http),
        (r"did not run successfully|Failed building wheel for |Failed to build `", _build),
        (r"(?P<status>\d{3}) (?:Server|Client) Error", index.http),
        (_UNREACHABLE, index.network),
        (r"Failed to download `(?P<pin>[^`]+)`\s+cause: Failed to extract archive", _damaged),
    )
)
