"""Asking the index: pip's own session, each page and each metadata file once, whoever asks first."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
import re
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import hooks
import pages
import told
from hooks import HEADERS, HashMismatch, HTMLLinkParser, Link
from shared import shared

SLOW = 0.005
"""Seconds after which an answer was waited for: from the cache, and from next door, it comes sooner."""

# Two of these ask to be asked again: 408 and 429 tell nothing of the page.
_REFUSED = re.compile(r": 4(?!08|29)\d\d Client Error")


class UnfetchedError(Exception):
    """An index gave no answer; pip would go on as if it had no such package, and take older ones for it."""


@hooks.instead_of("InstallCommand._build_session")
def one_session(build_session: Any) -> Any:
    """Let all layers use one session; proxies, certificates and credentials are pip's own affair."""

    def build(command: Any, *arguments: Any, **options: Any) -> Any:
        if shared.session is None:
            shared.session = build_session(command, *arguments, **options)
            shared.session.hooks["response"].append(_answered)
        return shared.session

    return build


@hooks.instead_of("models.CONTENT_CHUNK_SIZE")
def chunk_size(_: int) -> int:
    """Return in how large pieces, in bytes, an answer is read."""
    return 1 << 20


@hooks.instead_of("session.user_agent")
def user_agent(_: Any) -> Callable[[], str]:
    """Name pip to an index as pip does; it would start four programs to tell more of this machine."""
    release = version("pip")
    data = {"installer": {"name": "pip", "version": release}, "python": platform.python_version()}
    return lambda: f"pip/{release} {json.dumps(data, separators=(',', ':'), sort_keys=True)}"


def _answered(answer: Any, *, stream: bool = False, **_: Any) -> None:
    """Count what had to be waited for, and see that it is whole: pip before 26.1 takes half a page for it.

    What is read as it comes (``stream``) is a file, and pip sees to that itself; behind what lies on this
    machine (``file:``) there is no request.
    """
    shared.slow += answer.elapsed.total_seconds() > SLOW
    length = answer.headers.get("Content-Length", "")
    if (
        stream
        or answer.request is None
        or answer.request.method != "GET"
        or getattr(answer, "from_cache", False)
    ):
        return
    if length.isdigit() and answer.content is not None and answer.raw.tell() < int(length):
        raise hooks.http_errors.ConnectionError(f"{answer.url} broke off (IncompleteRead)")


def page(finder: Any, url: Any, project_name: str) -> pages.Page | None:
    """Return a page, fetched and read once, or None where the index has none."""
    found: pages.Page | None = shared.pages.get(url.url, lambda: _fetch_page(finder, url, project_name))
    return found


def metadata(link: Any) -> str | None:
    """Return the headers of a metadata file, fetched once; None where it cannot be had or is not as told."""
    found: str | None = shared.metadata.get(link.url, lambda: _known_metadata(link))
    return found


def _known_metadata(link: Any) -> str | None:
    kept: str | None = shared.kept.find(link._hashes.get("sha256"))
    return _fetch_metadata(link) if kept is None else kept


def _fetch_metadata(link: Any) -> str | None:
    answer = shared.session.get(link.url_without_fragment, headers=HEADERS)
    if not answer.ok:
        return None
    content: bytes = answer.content
    try:
        hashes = link.as_hashes()
        if hashes:
            hashes.check_against_chunks(iter([content]))
        headers: str = told.headers(content.decode())
    except (HashMismatch, UnicodeDecodeError):
        return None
    # Its own hash, not the one that was told: to pip it is enough if one of several kinds is right.
    shared.kept.add(hashlib.sha256(content).hexdigest(), headers)
    return headers


def _fetch_page(finder: Any, url: Any, project_name: str) -> pages.Page | None:
    named = {"package_name": project_name} if hooks.TAKES_A_NAME else {}
    shared.of_this_thread.unfetched = ""
    content = finder._link_collector.fetch_response(url, **named)
    if content is None:
        said = shared.of_this_thread.unfetched
        if said and not _REFUSED.search(said):
            raise UnfetchedError(said)
        return None
    try:
        return _read_page(content, project_name)
    except (ValueError, AttributeError) as error:
        said = f"Could not fetch URL {url.redacted_url}: its page cannot be read ({type(error).__name__})"
        raise UnfetchedError(said) from None


def _read_page(content: Any, project_name: str) -> pages.Page:
    if content.content_type.lower().startswith(pages.JSON):
        return pages.read_json(content.content, project_name, lambda raw: Link.from_json(raw, content.url))
    parser = HTMLLinkParser(content.url)
    parser.feed(content.content.decode(content.encoding or "utf-8"))
    base = parser.base_url or content.url
    return pages.of_anchors(
        parser.anchors, project_name, lambda raw: Link.from_element(raw, page_url=content.url, base_url=base)
    )


def supported_by(finder: Any) -> Callable[[str], bool]:
    """Return the question whether a wheel with these tags runs on this platform and Python."""
    tags = finder.target_python.get_unsorted_tags()

    def is_supported(text: str) -> bool:
        if text not in _supported:
            _supported[text] = not hooks.parse_tag(text).isdisjoint(tags)
        return _supported[text]

    return is_supported


_supported: dict[str, bool] = {}


class Unfetched(logging.Handler):
    """Keeps what pip says of pages it could not fetch: aloud it only says that there is no such package."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one page's failure; a page that is not there (404) is no failure."""
        said = record.getMessage()
        if said.startswith("Could not fetch URL") and " 404 " not in said:
            shared.unfetched.append(said)
            shared.of_this_thread.unfetched = said


def cache_folder() -> str:
    """Return pip's own cache: from pip-compile's, nothing would be found again when it is installed."""
    return os.environ.get("PIP_CACHE_DIR") or hooks.USER_CACHE_DIR


def listen() -> None:
    """Hear what pip says of pages it could not fetch."""
    logger = logging.getLogger(hooks.collector.__name__)
    logger.setLevel(logging.DEBUG)
    logger.addHandler(Unfetched())
