"""The way to fetch ahead: along the roots and the old pins, then what the likely version of each requires."""

from __future__ import annotations

from typing import Any

import crawling
import fetching
import versions
from hooks import Link, LinkType, Requirement, canonicalize_name
from shared import shared

# pip keeps ten connections to a host; fewer is politer.
CONNECTIONS = 8


def begin(finder: Any) -> None:
    """Start once it pays: where answers are waited for, and metadata files tell what comes next.

    The resolver alone asks for the first package, so that credentials for every index are known by then.
    """
    if shared.crawl is None and shared.can_follow:
        shared.crawl = crawling.Crawl(lambda wanted: follow(finder, wanted), CONNECTIONS)
        shared.crawl.add(shared.roots)


def follow(finder: Any, wanted: crawling.Wanted) -> list[crawling.Wanted]:
    """Fetch the page of a package and the metadata of its likely version; return what that requires."""
    name, extras, specifier = wanted
    for url in finder.search_scope.get_index_urls_locations(name):
        page = fetching.page(finder, Link(url), name)
        link = _likely(finder, page, name, versions.Specifier(specifier)) if page is not None else None
        metadata = link.metadata_link() if link is not None else None
        if metadata is not None:
            headers = fetching.metadata(metadata)
            return [] if headers is None else required(headers, extras)
    return []


def _likely(finder: Any, page: Any, name: str, specifier: versions.Specifier) -> Any:
    """Return the wheel that the resolver is likely to choose: the newest that fits, no pre-release."""
    evaluator = finder.make_link_evaluator(name)
    page = page.narrowed(specifier.pattern)
    for parsed, text in versions.newest_first(page.versions):
        if not parsed.is_prerelease and specifier.allows(text):
            for link in page.links([text], fetching.supported_by(finder)):
                if link.is_wheel and evaluator.evaluate_link(link)[0] is LinkType.candidate:
                    return link
    return None


def required(headers: str, extras: frozenset[str]) -> list[crawling.Wanted]:
    """Return what a distribution requires with these extras in this environment."""
    lines = headers.splitlines()
    texts = [line.partition(":")[2] for line in lines if line.startswith("Requires-Dist:")]
    return [
        (canonicalize_name(each.name), frozenset(each.extras), each.specifier)
        for each in map(Requirement, texts)
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras or {""})
    ]
