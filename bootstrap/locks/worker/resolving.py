"""The parts of pip-compile that are replaced: where hashes come from, and how a layer is resolved."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from copy import copy, deepcopy
from functools import cache, partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import ahead
import hooks
from candidates import Question, asking
from hooks import BacktrackingResolver, DirectedGraph, PyPIRepository, canonicalize_name, key_from_ireq
from shared import shared

if TYPE_CHECKING:
    import crawling


@hooks.instead_of("pip_compile.PyPIRepository")
def repository(_: Any) -> Any:
    """Return the class that pip-compile makes its repository of."""
    return Repository


@hooks.instead_of("pip_compile.BacktrackingResolver")
def resolver(_: Any) -> Any:
    """Return the class that pip-compile makes its resolver of."""
    return Resolver


@hooks.instead_of("req_file.build_parser")
def build_parser(original: Callable[[], Any]) -> Callable[[], Any]:
    """Make the parser of a requirement's options once; what it gathers on one line it must not keep."""

    @cache
    def build() -> Any:
        parser = original()
        defaults = parser.get_default_values()
        changing = {name: value for name, value in vars(defaults).items() if deepcopy(value) is not value}

        def fresh() -> Any:
            values = copy(defaults)
            vars(values).update(deepcopy(changing))
            return values

        parser.get_default_values = fresh
        return parser

    return build


@hooks.instead_of("req_file.shlex")
def splitting(shlex: Any) -> Any:
    """Return what splits the options of a line: where nothing is quoted, as in every lock, at once."""
    return SimpleNamespace(
        split=lambda text: text.split() if _UNQUOTED.fullmatch(text) else shlex.split(text)
    )


_UNQUOTED = re.compile(r"[\w=:.,/+ -]*", re.ASCII)


class Repository(PyPIRepository):  # type: ignore[misc]
    """Takes hashes from the index page; what the index gives no sha256 of is left to be downloaded."""

    untold: ClassVar[list[tuple[set[str], Callable[[], str]]]] = []
    """Sets of hashes that are not whole yet, and what returns the one that is missing."""

    @contextlib.contextmanager
    def allow_all_wheels(self) -> Iterator[None]:
        """Do nothing: each look for hashes says by itself that all wheels count."""
        yield

    def _get_req_hashes(self, ireq: Any) -> set[str]:
        with super().allow_all_wheels(), asking(Question(ireq.specifier, every_wheel=True)):
            links = [candidate.link for candidate in self._get_matching_candidates(ireq)]
        found = set()
        for link in links:
            digest = link._hashes.get("sha256")
            if digest is not None:
                found.add(f"sha256:{digest}")
            else:
                self.untold.append((found, partial(self._get_file_hash, link)))
        return found


def complete_hashes() -> None:
    """Download the files whose hashes no page told, several at once, whatever they belong to."""
    if Repository.untold:
        with ThreadPoolExecutor(ahead.CONNECTIONS) as pool:
            downloads = [(found, pool.submit(download)) for found, download in Repository.untold]
        Repository.untold.clear()
        for found, download in downloads:
            found.add(download.result())


class Resolver(BacktrackingResolver):  # type: ignore[misc]
    """Resolves the union with pip, and every layer after it by following the union's graph."""

    def resolve(self, max_rounds: int = 10) -> Any:
        """Return the pins of the union, or those of a layer as the union has them."""
        if shared.union is None:
            shared.roots = followed([*self.existing_constraints.values(), *self.constraints])
            found = super().resolve(max_rounds)
            shared.union = self._pip_resolver._result
            if shared.crawl is not None:
                shared.crawl.end()
            return found
        found = self._get_install_requirements(resolver_result=part(shared.union, self.constraints))
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
            complete_hashes()
            shared.hashes = {key_from_ireq(ireq): hashes for ireq, hashes in found.items()}
            return found
        return {ireq: shared.hashes[key_from_ireq(ireq)] for ireq in ireqs}


def followed(ireqs: Any) -> list[crawling.Wanted]:
    """Return what to begin fetching ahead with.

    No index is asked for what comes from an address. Where that tells no name, it would be the page that
    lists all packages.
    """
    return [
        (canonicalize_name(ireq.name), frozenset(ireq.extras), ireq.specifier)
        for ireq in ireqs
        if ireq.name and ireq.link is None
    ]


def part(union: Any, constraints: Any) -> Any:
    """Return the part of a resolution that the requirements of one layer reach."""
    wanted = [ireq for ireq in constraints if not ireq.constraint]
    roots = dict.fromkeys(name for ireq in wanted for name in _identifiers(ireq))
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
