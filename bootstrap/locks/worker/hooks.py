"""Everything this program takes hold of in pip and pip-tools; nothing else here touches either.

What is relied on, tested with pip 25.3 to 26.3 and pip-tools 7.6.0 to 7.6.2 (`outside` is asked first, and
elsewhere plain ``pip-compile`` does the work):

* ``piptools.scripts.compile``: ``cli`` is pip-compile itself, a click command (documented);
  ``PyPIRepository`` and ``BacktrackingResolver`` are the names by which it makes its parts.
* ``PyPIRepository.allow_all_wheels``, ``._get_req_hashes``, ``._get_matching_candidates``,
  ``._get_file_hash``, ``._available_candidates_cache``: how it collects hashes.
* ``BacktrackingResolver.resolve``, ``._do_resolve``, ``._get_install_requirements``, ``.resolve_hashes``:
  around pip's resolver, whose ``_result`` is resolvelib's.
* ``InstallCommand._build_session``: where sessions come from; ``USER_CACHE_DIR``: where pip keeps answers.
* ``PackageFinder.find_best_candidate``, ``.find_all_candidates``, ``.process_project_url``,
  ``._all_candidates``, ``._best_candidates``, ``._link_collector``: where pages become candidates.
* ``LinkEvaluator.evaluate_link``, ``._uploaded_prior_to``, ``LinkType.upload_too_late`` (pip 26.0): which
  files are too young.
* ``HTMLLinkParser``, ``Link.from_element``, ``Link.from_json``, ``Link._hashes``, ``Link.metadata_link``: one
  file of a page.
* ``requests``' adapters on the session, with CacheControl's mark ``from_cache``: one request for each page
  and metadata file, whoever asks first.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import logging
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

import crawling
import newest
import once
import pages
from pip._internal.commands.install import InstallCommand
from pip._internal.index import collector
from pip._internal.index.collector import HTMLLinkParser
from pip._internal.index.package_finder import LinkEvaluator, LinkType, PackageFinder
from pip._internal.locations import USER_CACHE_DIR
from pip._internal.models.link import Link
from pip._internal.network.utils import HEADERS
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.tags import parse_tag
from pip._vendor.packaging.utils import canonicalize_name, canonicalize_version
from pip._vendor.packaging.version import InvalidVersion, Version
from pip._vendor.requests.adapters import BaseAdapter, HTTPAdapter
from pip._vendor.resolvelib.structs import DirectedGraph
from pip._vendor.urllib3.response import HTTPResponse
from piptools.repositories import PyPIRepository
from piptools.resolver import BacktrackingResolver
from piptools.scripts import compile as pip_compile
from piptools.utils import key_from_ireq

# Later pips than 26.0 are told the package's name with its page.
_TAKES_A_NAME = "package_name" in inspect.signature(collector.LinkCollector.fetch_response).parameters
# pip keeps ten connections to a host; fewer is politer.
_CONNECTIONS = 8
# What a content is unpacked and put together by; an answer from memory is as it is.
_OF_THE_WAY_HERE = ("content-encoding", "content-length", "transfer-encoding")

_REFUSED = re.compile(r": 4\d\d Client Error")


def outside(tested: dict[str, Any]) -> str | None:
    """Return which program is older or newer than these hooks were tested with, or None."""
    for name, (low, high) in tested.items():
        text = version(name)
        if not tuple(low) <= Version(text).release[:2] <= tuple(high):
            return f"{name} {text}"
    return None


class Shared:
    """What all layers share: the session, the pages, and the union once it is resolved."""

    def __init__(self) -> None:
        self.session: Any = None
        self.pages = once.Once()
        self.asked = threading.local()
        self.misses = 0
        self.crawl: crawling.Crawl | None = None
        self.roots: list[crawling.Wanted] = []
        self.union: Any = None
        self.hashes: dict[str, set[str]] = {}
        self.versions: dict[str, Any] = {}
        self.fits: dict[str, dict[str, bool]] = {}
        self.supported: dict[str, bool] = {}
        self.unfetched: list[str] = []
        self.locked: set[tuple[str, str]] = set()

    @contextlib.contextmanager
    def asking(
        self, specifier: Any, *, every_wheel: bool = False, newest: bool = False
    ) -> Iterator[list[Any]]:
        """Say which versions the next look at pages is about, and whether wheels of all platforms count.

        Where only the ``newest`` are wanted, yields a list of the versions that were left out.
        """
        before = self.asked.__dict__.copy()
        self.asked.is_wanted, self.asked.every_wheel = self.judge(specifier), every_wheel
        left_out: list[Any] = []
        self.asked.left_out = left_out if newest else None
        try:
            yield left_out
        finally:
            self.asked.__dict__.clear()
            self.asked.__dict__.update(before)

    def judge(self, specifier: Any) -> Callable[[str], bool]:
        """Return the question whether a version can satisfy a specifier.

        Pre-releases and what is no version are pip's to judge.
        """
        text = str(specifier or "")
        if not text or "===" in text:
            return lambda _: True
        known = self.fits.setdefault(text, {})

        def can_satisfy(version: str) -> bool:
            if version not in known:
                parsed = self.parsed(version)
                known[version] = parsed is None or specifier.contains(parsed, prereleases=True)
            return known[version]

        return can_satisfy

    def parsed(self, version: str) -> Any:
        """Return a version parsed, or None for what is none."""
        if version not in self.versions:
            try:
                self.versions[version] = Version(version)
            except InvalidVersion:
                self.versions[version] = None
        return self.versions[version]


shared = Shared()


def cache_folder() -> str:
    """Return pip's own cache: from pip-compile's, nothing would be found again when it is installed."""
    return os.environ.get("PIP_CACHE_DIR") or USER_CACHE_DIR


def install(locked: Iterable[tuple[str, str]]) -> None:
    """Take hold; from here on pip-compile in this process shares everything.

    The versions ``locked`` are never too young: pip-compile would let a pin go back (pip-tools issue 1880).
    """
    shared.locked = {(name, canonicalize_version(version)) for name, version in locked}
    if hasattr(LinkType, "upload_too_late"):
        LinkEvaluator.evaluate_link = _whenever_uploaded(LinkEvaluator.evaluate_link)
    build_session = InstallCommand._build_session

    def one_session(command: Any, *arguments: Any, **options: Any) -> Any:
        if shared.session is None:
            shared.session = build_session(command, *arguments, **options)
            for prefix, adapter in shared.session.adapters.items():
                if prefix.startswith("http"):
                    shared.session.adapters[prefix] = OneRequest(adapter)
        return shared.session

    logging.getLogger(collector.__name__).setLevel(logging.DEBUG)
    logging.getLogger(collector.__name__).addHandler(Unfetched())
    InstallCommand._build_session = one_session
    PackageFinder.process_project_url = _process_project_url
    PackageFinder.find_best_candidate = _find_best_candidate
    pip_compile.PyPIRepository = Repository
    pip_compile.BacktrackingResolver = Resolver


class Unfetched(logging.Handler):
    """Keeps what pip says of pages it could not fetch: aloud it only says that there is no such package."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one page's failure; a page that is not there (404) is no failure."""
        said = record.getMessage()
        if said.startswith("Could not fetch URL") and " 404 " not in said:
            shared.unfetched.append(said)
            shared.asked.unfetched = said


class UnfetchedError(Exception):
    """An index gave no answer; pip would go on as if it had no such package, and take older ones for it."""


def _whenever_uploaded(evaluate_link: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return pip's judgement of a link, which lets a version pass that is locked already."""

    def evaluated(evaluator: Any, link: Any) -> Any:
        judged = evaluate_link(evaluator, link)
        if judged[0] is not LinkType.upload_too_late:
            return judged
        cut_off, evaluator._uploaded_prior_to = evaluator._uploaded_prior_to, None
        try:
            kind, version = evaluate_link(evaluator, link)
        finally:
            evaluator._uploaded_prior_to = cut_off
        name = canonicalize_name(evaluator.project_name)
        is_locked = kind is LinkType.candidate and (name, canonicalize_version(version)) in shared.locked
        return (kind, version) if is_locked else judged

    return evaluated


def _process_project_url(finder: Any, project_url: Any, link_evaluator: Any) -> Any:
    """Return the candidates of a page, of the versions that are asked for."""
    page = _page(finder, project_url, link_evaluator.project_name)
    if page is None:
        return []
    asked = shared.asked.__dict__
    is_wanted = asked.get("is_wanted", lambda _: True)
    if asked.get("left_out") is not None:
        few, left_out = newest.choose(page.newest_first(shared.parsed), is_wanted)
        shared.asked.left_out += [] if left_out is None else [left_out]
        # What is no version by its file's name may be one to pip.
        is_wanted = lambda version: version in few or shared.parsed(version) is None  # noqa: E731
    links = page.links(is_wanted, None if asked.get("every_wheel") else _supported_by(finder))
    return finder.evaluate_links(link_evaluator, links)


def _supported_by(finder: Any) -> Callable[[str], bool]:
    """Return the question whether a wheel with these tags runs on this platform and Python."""
    tags = finder.target_python.get_unsorted_tags()

    def is_supported(text: str) -> bool:
        if text not in shared.supported:
            shared.supported[text] = not parse_tag(text).isdisjoint(tags)
        return shared.supported[text]

    return is_supported


def _page(finder: Any, url: Any, project_name: str) -> pages.Page | None:
    """Return a page, fetched and read once; the first that had to come from the index starts the crawl.

    With everything in the cache there is nothing to wait for, and without metadata files nothing to follow.
    """
    page: pages.Page | None = shared.pages.get(url.url, lambda: _fetch(finder, url, project_name))
    if shared.crawl is None and shared.misses and page is not None and page.has_metadata:
        shared.crawl = crawling.Crawl(lambda wanted: _ahead(finder, wanted), _CONNECTIONS)
        shared.crawl.add(shared.roots)
    return page


def _ahead(finder: Any, wanted: crawling.Wanted) -> list[crawling.Wanted]:
    """Fetch the page of a package and the metadata of its likely version; return what that requires."""
    name, extras, specifier = wanted
    for url in finder.search_scope.get_index_urls_locations(name):
        page = _page(finder, Link(url), name)
        link = _likely(finder, page, name, specifier) if page is not None else None
        metadata = link.metadata_link() if link is not None else None
        if metadata is not None:
            answer = shared.session.get(metadata.url_without_fragment, headers=HEADERS)
            return _required(answer.text, extras) if answer.ok else []
    return []


def _likely(finder: Any, page: pages.Page, name: str, specifier: Any) -> Any:
    """Return the wheel that the resolver is likely to choose: the newest that fits, no pre-release."""
    evaluator = finder.make_link_evaluator(name)
    is_wanted = shared.judge(specifier)
    for parsed, text in page.newest_first(shared.parsed):
        if not parsed.is_prerelease and is_wanted(text):
            for link in page.links(lambda each, chosen=text: each == chosen, _supported_by(finder)):
                if link.is_wheel and evaluator.evaluate_link(link)[0] is LinkType.candidate:
                    return link
    return None


def _required(metadata: str, extras: frozenset[str]) -> list[crawling.Wanted]:
    """Return what a distribution requires with these extras in this environment."""
    lines = metadata.split("\n\n", 1)[0].splitlines()
    texts = [line.partition(":")[2] for line in lines if line.startswith("Requires-Dist:")]
    required = [Requirement(text) for text in texts]
    return [
        (canonicalize_name(each.name), frozenset(each.extras), each.specifier)
        for each in required
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras or {""})
    ]


class OneRequest(BaseAdapter):  # type: ignore[misc]
    """Sends a request for a page or a metadata file once, and answers the next from memory."""

    def __init__(self, adapter: Any) -> None:
        super().__init__()
        self._adapter = adapter
        self._answers = once.Once()

    def send(self, request: Any, **options: Any) -> Any:
        """Send a request, or answer it with what came the first time."""
        small = request.url.endswith(".metadata") or "simple" in request.headers.get("Accept", "")
        if request.method != "GET" or not small:
            return self._adapter.send(request, **options)
        first: list[Any] = []

        def ask() -> Any:
            answer = self._adapter.send(request, **options)
            first.append(answer)
            shared.misses += not getattr(answer, "from_cache", False)
            if answer.status_code != HTTPStatus.OK:
                raise UnkeptError
            return answer.headers, answer.content

        try:
            headers, content = self._answers.get(request.url, ask)
        except UnkeptError:
            return first[0]
        plain = {name: value for name, value in headers.items() if name.lower() not in _OF_THE_WAY_HERE}
        raw = HTTPResponse(io.BytesIO(content), plain, HTTPStatus.OK, preload_content=False)
        return HTTPAdapter.build_response(self._adapter, request, raw)

    def close(self) -> None:
        """Close what lies below."""
        self._adapter.close()


class UnkeptError(Exception):
    """An answer that must not be kept, because it asks for credentials or tells of an error."""


def _fetch(finder: Any, url: Any, project_name: str) -> pages.Page | None:
    named = {"package_name": project_name} if _TAKES_A_NAME else {}
    content = finder._link_collector.fetch_response(url, **named)
    if content is None:
        return None
    if content.content_type.lower().startswith(pages.JSON):
        return pages.read_json(content.content, project_name, lambda raw: Link.from_json(raw, content.url))
    parser = HTMLLinkParser(content.url)
    parser.feed(content.content.decode(content.encoding or "utf-8"))
    base = parser.base_url or content.url
    return pages.of_anchors(
        parser.anchors, project_name, lambda raw: Link.from_element(raw, page_url=content.url, base_url=base)
    )


def _find_best_candidate(finder: Any, project_name: str, specifier: Any = None, hashes: Any = None) -> Any:
    """Answer as pip does, from candidates that the specifier allows: the others it would drop next."""
    question = (project_name, specifier, hashes)
    if question not in finder._best_candidates:
        evaluator = finder.make_candidate_evaluator(project_name, specifier=specifier, hashes=hashes)

        def every() -> Any:
            with shared.asking(specifier):
                return evaluator.compute_best_candidate(_candidates(finder, project_name))

        # Each of these may put an older version before a newer one.
        is_by_version = not (hashes or finder.prefer_binary or "===" in str(specifier))
        few = _newest(finder, evaluator, project_name, specifier) if is_by_version else []
        finder._best_candidates[question] = newest.Found(few, every) if few else every()
    return finder._best_candidates[question]


def _newest(finder: Any, evaluator: Any, project_name: str, specifier: Any) -> list[Any]:
    """Return the candidates that pip would sort behind all others, or nothing where that is not clear."""
    with shared.asking(specifier, newest=True) as left_out:
        candidates = _candidates(finder, project_name)
    # Another index or a folder may hold what lies between; yanked ones are sorted before all others.
    return evaluator.get_applicable_candidates(  # type: ignore[no-any-return]
        [
            candidate
            for candidate in candidates
            if not candidate.link.is_yanked and all(candidate.version > version for version in left_out)
        ]
    )


def _candidates(finder: Any, project_name: str) -> Any:
    """Return the candidates for what is asked, and leave none behind that another question would find."""
    finder._all_candidates.pop(project_name, None)
    try:
        return finder.find_all_candidates(project_name)
    finally:
        finder._all_candidates.pop(project_name, None)


class Repository(PyPIRepository):  # type: ignore[misc]
    """Takes hashes from the index page; downloads only files for which the index gives no sha256."""

    @contextlib.contextmanager
    def allow_all_wheels(self) -> Iterator[None]:
        """Do nothing: each look for hashes says by itself that all wheels count."""
        yield

    def _get_req_hashes(self, ireq: Any) -> set[str]:
        with super().allow_all_wheels(), shared.asking(ireq.specifier, every_wheel=True):
            links = [candidate.link for candidate in self._get_matching_candidates(ireq)]
        told = {link: link._hashes.get("sha256") for link in links}
        untold = [link for link, digest in told.items() if digest is None]
        with ThreadPoolExecutor(_CONNECTIONS) as pool:
            downloaded = set(pool.map(self._get_file_hash, untold))
        return downloaded | {f"sha256:{digest}" for digest in told.values() if digest is not None}


class Resolver(BacktrackingResolver):  # type: ignore[misc]
    """Resolves the union with pip, and every layer after it by following the union's graph."""

    def resolve(self, max_rounds: int = 10) -> Any:
        """Return the pins of the union, or those of a layer as the union has them."""
        if shared.union is None:
            shared.roots = [
                _wanted(ireq) for ireq in (*self.existing_constraints.values(), *self.constraints)
            ]
            found = super().resolve(max_rounds)
            shared.union = self._pip_resolver._result
            if shared.crawl is not None:
                shared.crawl.end()
            return found
        found = self._get_install_requirements(resolver_result=_part(shared.union, self.constraints))
        for ireq in found:
            # Who asked for it first in the union; the layer's own askers are in the graph and the sources.
            ireq.comes_from = None
        return found

    def _do_resolve(self, resolver: Any, compatible_existing_constraints: Any) -> bool:
        self._pip_resolver = resolver
        return bool(super()._do_resolve(resolver, compatible_existing_constraints))

    def resolve_hashes(self, ireqs: Any) -> Any:
        """Return the hashes by requirement; those of a layer are the union's."""
        if not shared.hashes:
            found = super().resolve_hashes(ireqs)
            shared.hashes = {key_from_ireq(ireq): hashes for ireq, hashes in found.items()}
            return found
        return {ireq: shared.hashes[key_from_ireq(ireq)] for ireq in ireqs}


def _wanted(ireq: Any) -> crawling.Wanted:
    return canonicalize_name(ireq.name or ""), frozenset(ireq.extras), ireq.specifier


def _part(union: Any, constraints: Any) -> Any:
    """Return the part of a resolution that the requirements of one layer reach."""
    wanted = [ireq for ireq in constraints if not ireq.constraint]
    roots = [name for ireq in wanted for name in _identifiers(ireq)]
    reached: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(union.graph.iter_children(name))
    graph: Any = DirectedGraph()
    graph.add(None)
    for name in sorted(reached):
        graph.add(name)
    for name in roots:
        if (None, name) not in graph.iter_edges():
            graph.connect(None, name)
    for name in reached:
        for child in union.graph.iter_children(name):
            graph.connect(name, child)
    mapping = {name: candidate for name, candidate in union.mapping.items() if name in reached}
    return union._replace(mapping=mapping, graph=graph)


def _identifiers(ireq: Any) -> list[str]:
    """Return by which names pip's resolver knows a requirement: with extras it is two."""
    name = canonicalize_name(ireq.name)
    extras = ",".join(sorted(canonicalize_name(extra) for extra in ireq.extras))
    return [name, f"{name}[{extras}]"] if extras else [name]
