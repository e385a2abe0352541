"""Everything this program takes hold of in pip and pip-tools; nothing else here touches either.

What is relied on, tested with pip 25.3 to 26.3 and pip-tools 7.6.0 to 7.6.2 (`outside` is asked first, and
elsewhere plain ``pip-compile`` does the work):

* ``piptools.scripts.compile``: ``cli`` is pip-compile itself, a click command (documented);
  ``PyPIRepository`` and ``BacktrackingResolver`` are the names by which it makes its parts.
* ``PyPIRepository.allow_all_wheels``, ``._get_req_hashes``, ``._get_matching_candidates``,
  ``._get_file_hash``, ``._available_candidates_cache``: how it collects hashes.
* ``BacktrackingResolver.resolve``, ``._do_resolve``, ``._get_install_requirements``, ``.resolve_hashes``:
  around pip's resolver, whose ``_result`` is resolvelib's.
* ``InstallCommand._build_session``: where sessions come from.
* ``PackageFinder.find_best_candidate``, ``.find_all_candidates``, ``.process_project_url``,
  ``._all_candidates``, ``._best_candidates``, ``._link_collector``: where pages become candidates.
* ``Link.from_json``, ``Link._hashes``, ``parse_links``: one file of a page.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from typing import Any

import pages
from pip._internal.commands.install import InstallCommand
from pip._internal.index.collector import parse_links
from pip._internal.index.package_finder import PackageFinder
from pip._internal.models.link import Link
from pip._vendor.packaging.tags import parse_tag
from pip._vendor.packaging.utils import canonicalize_name
from pip._vendor.packaging.version import InvalidVersion, Version
from pip._vendor.resolvelib.structs import DirectedGraph
from piptools.repositories import PyPIRepository
from piptools.resolver import BacktrackingResolver
from piptools.scripts import compile as pip_compile
from piptools.utils import key_from_ireq

# pip keeps ten connections to a host; fewer is politer.
_DOWNLOADS = 8


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
        self.pages: dict[str, pages.Page | None] = {}
        self.specifier: Any = None
        self.every_wheel = False
        self.union: Any = None
        self.hashes: dict[str, set[str]] = {}
        self.fits: dict[tuple[str, str], bool] = {}
        self.supported: dict[str, bool] = {}

    @contextlib.contextmanager
    def asking(self, specifier: Any, *, every_wheel: bool = False) -> Iterator[None]:
        """Say which versions the next look at pages is about, and whether wheels of all platforms count."""
        before = self.specifier, self.every_wheel
        self.specifier, self.every_wheel = specifier, every_wheel
        try:
            yield
        finally:
            self.specifier, self.every_wheel = before

    def is_wanted(self, version: str) -> bool:
        """Say whether a version can satisfy the specifier; pre-releases and odd text are pip's to judge."""
        if not version or self.specifier is None or "===" in str(self.specifier):
            return True
        question = (str(self.specifier), version)
        if question not in self.fits:
            try:
                self.fits[question] = self.specifier.contains(Version(version), prereleases=True)
            except InvalidVersion:
                self.fits[question] = True
        return self.fits[question]


shared = Shared()


def install() -> None:
    """Take hold; from here on pip-compile in this process shares everything."""
    build_session = InstallCommand._build_session

    def one_session(command: Any, *arguments: Any, **options: Any) -> Any:
        if shared.session is None:
            shared.session = build_session(command, *arguments, **options)
        return shared.session

    InstallCommand._build_session = one_session
    PackageFinder.process_project_url = _process_project_url
    PackageFinder.find_best_candidate = _find_best_candidate
    pip_compile.PyPIRepository = Repository
    pip_compile.BacktrackingResolver = Resolver


def _process_project_url(finder: Any, project_url: Any, link_evaluator: Any) -> Any:
    """Return the candidates of a page, of the versions that are asked for."""
    if project_url.url not in shared.pages:
        shared.pages[project_url.url] = _fetch(finder, project_url, link_evaluator.project_name)
    page = shared.pages[project_url.url]
    if page is None:
        return []
    tags = finder.target_python.get_unsorted_tags()

    def is_supported(text: str) -> bool:
        if text not in shared.supported:
            shared.supported[text] = not parse_tag(text).isdisjoint(tags)
        return shared.supported[text]

    chosen = page.links(shared.is_wanted, None if shared.every_wheel else is_supported)
    return finder.evaluate_links(link_evaluator, chosen)


def _fetch(finder: Any, url: Any, project_name: str) -> pages.Page | None:
    content = finder._link_collector.fetch_response(url, package_name=project_name)
    if content is None:
        return None
    if content.content_type.lower().startswith(pages.JSON):
        return pages.read_json(content.content, project_name, lambda raw: Link.from_json(raw, content.url))
    return pages.of_links(parse_links(content), project_name)


def _find_best_candidate(finder: Any, project_name: str, specifier: Any = None, hashes: Any = None) -> Any:
    """Answer as pip does, from candidates that the specifier allows: the others it would drop next."""
    question = (project_name, specifier, hashes)
    if question not in finder._best_candidates:
        with shared.asking(specifier):
            candidates = _candidates(finder, project_name)
        evaluator = finder.make_candidate_evaluator(project_name, specifier=specifier, hashes=hashes)
        finder._best_candidates[question] = evaluator.compute_best_candidate(candidates)
    return finder._best_candidates[question]


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
        with ThreadPoolExecutor(_DOWNLOADS) as pool:
            downloaded = set(pool.map(self._get_file_hash, untold))
        return downloaded | {f"sha256:{digest}" for digest in told.values() if digest is not None}


class Resolver(BacktrackingResolver):  # type: ignore[misc]
    """Resolves the union with pip, and every layer after it by following the union's graph."""

    def resolve(self, max_rounds: int = 10) -> Any:
        """Return the pins of the union, or those of a layer as the union has them."""
        if shared.union is None:
            found = super().resolve(max_rounds)
            shared.union = self._pip_resolver._result
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
