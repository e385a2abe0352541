"""What is told of an index that did not answer, or answered otherwise than it should."""

from __future__ import annotations

import re

from bootstrap.pip.finding import Finding

RETRY = re.compile(r"^.*Retrying \(Retry\(.*\n?", re.MULTILINE)
"""A try that failed and was repeated: not yet a failure."""


def unfetched(name: str, text: str) -> Finding | None:
    """Return why pip got no page for a package; None where it got one, or where there is none (404).

    Aloud pip only warns of retries; what ended them it writes into its log.
    """
    page = re.sub(r"[-_.]+", "-", name).lower()
    why = re.search(rf"Could not fetch URL \S+/{re.escape(page)}/: (?!404 )(?P<why>.*?) - skipping", text)
    if why is not None:
        status = re.search(r"too many (?P<status>\d{3})|^(?P<answer>\d{3}) ", why["why"])
        return answered(status["status"] or status["answer"]) if status else network(why, text)
    retried = any(retry.rstrip().endswith(f"/{page}/") for retry in RETRY.findall(text))
    return network(re.match("", text), text) if retried else None


def http(match: re.Match[str], _: str) -> Finding:
    """Tell the answer that a sign names."""
    return answered(match["status"])


def no_file(match: re.Match[str], _text: str) -> Finding:
    """Tell of an address of a requirement file that has none."""
    told = f"there is no file at {match['url']}"
    return Finding("not-found", told, "correct the address in the requirement file")


def answered(status: str) -> Finding:
    """Tell an answer that is no page and no file."""
    if status in ("401", "403"):
        return refused(status)
    return Finding(
        "index-error",
        f"the package index answered {status}",
        "try again in a while; `pip config list` shows which index is asked",
    )


def refused(status: str) -> Finding:
    """Tell that a login was missing or wrong."""
    return Finding(
        "index-error",
        f"the package index refused access ({status})",
        "see that pip's configuration holds the right credentials for it (pip config list)",
    )


def unreadable(match: re.Match[str], _text: str) -> Finding:
    """Tell of a page that is none."""
    return Finding(
        "index-error",
        f"what the package index sent as {match['page']} is no page that can be read",
        "try again later; see that pip's configuration names a package index (pip config list)",
    )


def network(_match: re.Match[str] | None, _text: str) -> Finding:
    """Tell that there was no answer."""
    return Finding(
        "network",
        "the package index cannot be reached",
        "see that you are online and that pip's configuration names the right index (pip config list)",
    )
