"""The one useful line in what pip, pip-compile or uv wrote, and what mends it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """Why a program failed: a stable code, a message for a person, and the one thing to do."""

    code: str
    message: str
    hint: str


def mask(text: str) -> str:
    """Return a text with the credentials of every URL in it hidden."""
    return re.sub(r"(\w+://)[^/\s@'\"]+@", r"\1****@", text)


def explain(output: str, *, offline: bool = False) -> Finding:
    """Return what went wrong, from the most telling sign to the least; credentials are masked."""
    text = mask(output)
    for pattern, tell in _SIGNS:
        match = re.search(pattern, text, re.MULTILINE | re.DOTALL)
        if match is not None:
            finding = tell(match, text)
            return _offline(finding) if offline and finding.code in ("not-found", "network") else finding
    return Finding("failed", _last_line(text), "run it again with -v to see all that was said")


def place(output: str) -> tuple[str, int] | None:
    """Return the requirement file and line that pip names: ``(from -r base.in (line 3))``."""
    match = re.search(r"\(from -[rc] (?P<file>[^()\n]+?) \(line (?P<line>\d+)\)\)", output)
    return None if match is None else (match["file"], int(match["line"]))


def held_pins(output: str) -> set[str]:
    """Return the canonical names of the pins that pip-compile held and that took part in a conflict."""
    names = re.findall(r"The user requested \(constraint\) ([\w.-]+)==", output)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def _hash_mismatch(match: re.Match[str], _: str) -> Finding:
    return Finding(
        "hash-mismatch",
        f"the file that came for {match['pin']} is not the one that was locked: its hash differs",
        "find out why; where the index replaced the file on purpose, delete the pin from the lock",
    )


def _disk_full(_match: re.Match[str], _text: str) -> Finding:
    return Finding("disk-full", "no space left on the disk", "free some disk space, then run bootstrap again")


def _conflict(match: re.Match[str], _: str) -> Finding:
    causes = "\n".join(f"  {line.strip()}" for line in match["causes"].strip().splitlines())
    return Finding(
        "conflict",
        f"no set of versions satisfies all requirements; the conflict is caused by:\n{causes}",
        "loosen one of these requirements",
    )


def _not_found(match: re.Match[str], text: str) -> Finding:
    wanted = match["wanted"].strip()
    if _NETWORK.search(text):
        return _network(match, text)
    other = re.search(r"versions that require a different python version: (?P<list>[^\n]+)", text)
    if other is not None and re.match(r"[\w.-]+", wanted):
        return Finding(
            "not-found",
            f"no version of {wanted} is made for this Python; others need: {_shortened(other['list'])}",
            "loosen the requirement, or move the project to a newer Python",
        )
    versions = re.search(r"\(from versions: (?P<list>[^)]*)\)", text)
    known = (versions["list"] if versions else "").strip()
    if known in ("", "none"):
        return Finding(
            "not-found", f"the index has no package for {wanted}", "see whether the name is spelt right"
        )
    return Finding(
        "not-found",
        f"the index has no version for {wanted}; the newest it has: {_newest(known)}",
        "change the requirement to a version there is",
    )


def _no_solution(match: re.Match[str], _: str) -> Finding:
    return Finding("conflict", " ".join(match["why"].split()), "loosen one of these requirements")


def _http(match: re.Match[str], _: str) -> Finding:
    return Finding(
        "index-error",
        f"the package index answered {match['status']}",
        "see whether the index address in pip's configuration is right (pip config list), then try again",
    )


def _network(_match: re.Match[str], _text: str) -> Finding:
    return Finding(
        "network",
        "the package index cannot be reached",
        "see that you are online and that pip's configuration names the right index (pip config list)",
    )


def _build(match: re.Match[str], text: str) -> Finding:
    tail = [
        line.strip() for line in text.splitlines() if re.match(r"\s*(\w*[Ee]rror|fatal error|ERROR)\b", line)
    ]
    reason = next(
        (line for line in tail if "subprocess" not in line and "Failed" not in line), "its build failed"
    )
    return Finding(
        "build-failed",
        f"{match['what'].strip()} has no wheel for this Python, and building it failed: {reason}",
        "install what its build needs, or take a version that has a wheel; -v shows the build's own words",
    )


def _newest(known: str) -> str:
    return ", ".join(version.strip() for version in known.split(",")[-3:])


def _shortened(listed: str) -> str:
    return ", ".join(part.strip() for part in re.split(r"[,;]", listed)[-3:])


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"(ERROR|error|[\w.]*(Error|Exception)):", line)]
    return re.sub(r"^(ERROR|error):\s*", "", (errors or lines or ["it failed and said nothing"])[-1])


def _offline(finding: Finding) -> Finding:
    return Finding(
        "offline",
        f"{finding.message}; --offline forbids to ask the index",
        "run it once without --offline",
    )


_NETWORK = re.compile(
    r"Retrying \(Retry|NewConnectionError|ConnectTimeout|ReadTimeout|Connection refused|Connection aborted|"
    r"Temporary failure in name resolution|Max retries exceeded|connection broken by|IncompleteRead|"
    r"ProtocolError|error sending request|error decoding response body|Network connectivity is disabled"
)

_Tell = Callable[[re.Match[str], str], Finding]
_SIGNS: tuple[tuple[str, _Tell], ...] = (
    (r"DO NOT MATCH THE HASHES.*?^\s+(?P<pin>\S+) from ", _hash_mismatch),
    (r"Hash mismatch for `(?P<pin>[^`]+)`", _hash_mismatch),
    (r"No space left on device|os error 28\b|Disk quota exceeded", _disk_full),
    (r"The conflict is caused by:\n(?P<causes>.*?)\n\n", _conflict),
    (r"(?:HTTP error |HTTP status (?:server|client) error \(|too many )(?P<status>\d{3})", _http),
    (r"(?P<status>\d{3}) (?:Server|Client) Error", _http),
    (r"No matching distribution found for (?P<wanted>[^\n(]+)", _not_found),
    (_NETWORK.pattern, _network),
    (r"(?P<why>Because .*?unsatisfiable)", _no_solution),
    (r"Failed (?:to build|building wheel for) `?(?P<what>[\w.-]+)", _build),
)
