"""Candidates: only those that the question at hand is about, out of pages that are read once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import ahead
import fetching
import hooks
import newest
import told
import versions
from hooks import LinkType, canonicalize_name, canonicalize_version
from shared import shared


class Question:
    """Which versions of a page are asked for, and whether wheels of all platforms count.

    Where only the newest are, ``left_out`` gets the newest of those that were left out of each page.
    """

    def __init__(self, specifier: Any = None, *, every_wheel: bool = False, few: bool = False) -> None:
        self.every_wheel = every_wheel
        self.left_out: list[Any] = []
        self._specifier = specifiers(specifier)
        self._few = few

    def narrowed(self, page: Any) -> Any:
        """Return a page without what cannot be asked for, as far as that is seen at once."""
        return page.narrowed(self._specifier.pattern)

    def choose(self, listed: Any) -> list[str]:
        """Return the versions asked for; what is no version by its file's name may be one to pip."""
        if not self._few:
            return [text for text in listed if self._specifier.allows(text)]
        chosen, first_left_out = newest.choose(versions.newest_first(listed), self._specifier.allows)
        self.left_out += [] if first_left_out is None else [first_left_out]
        return [*chosen, *(text for text in listed if not versions.is_version(text))]


@cache
def specifiers(specifier: Any) -> versions.Specifier:
    """Return the judge of a specifier, which remembers what it judged."""
    return versions.Specifier(specifier)


_EVERYTHING = Question()


@contextlib.contextmanager
def asking(question: Question) -> Iterator[Question]:
    """Say what the next look at pages is about."""
    before = getattr(shared.of_this_thread, "question", _EVERYTHING)
    shared.of_this_thread.question = question
    try:
        yield question
    finally:
        shared.of_this_thread.question = before


@hooks.instead_of("PackageFinder.process_project_url")
def process_project_url(_: Any) -> Any:
    """Return the candidates of a page, of the versions that are asked for."""

    def process(finder: Any, project_url: Any, link_evaluator: Any) -> Any:
        page = fetching.page(finder, project_url, link_evaluator.project_name)
        if page is None:
            return []
        shared.can_follow = shared.can_follow or (shared.slow > 1 and page.has_metadata)
        question = getattr(shared.of_this_thread, "question", _EVERYTHING)
        runs_here = None if question.every_wheel else fetching.supported_by(finder)
        page = question.narrowed(page)
        return finder.evaluate_links(link_evaluator, page.links(question.choose(page.versions), runs_here))

    return process


@hooks.instead_of("PackageFinder.find_best_candidate")
def find_best_candidate(_: Any) -> Any:
    """Answer as pip does, from candidates that the specifier allows: the others it would drop next."""

    def find(finder: Any, project_name: str, specifier: Any = None, hashes: Any = None) -> Any:
        asked = (project_name, specifier, hashes)
        if asked not in finder._best_candidates:
            evaluator = finder.make_candidate_evaluator(project_name, specifier=specifier, hashes=hashes)

            def every() -> Any:
                with asking(Question(specifier)):
                    return evaluator.compute_best_candidate(_candidates(finder, project_name))

            # Each of these may put an older version before a newer one.
            is_by_version = not (hashes or finder.prefer_binary or "===" in str(specifier))
            few = _newest(finder, evaluator, project_name, specifier) if is_by_version else []
            finder._best_candidates[asked] = newest.Found(few, every) if few else every()
        return finder._best_candidates[asked]

    return find


def _newest(finder: Any, evaluator: Any, project_name: str, specifier: Any) -> list[Any]:
    """Return the candidates that pip would sort behind all others, or nothing where that is not clear."""
    with asking(Question(specifier, few=True)) as question:
        candidates = _candidates(finder, project_name)
    # Another index or a folder may hold what lies between; yanked ones are sorted before all others.
    return evaluator.get_applicable_candidates(  # type: ignore[no-any-return]
        [
            candidate
            for candidate in candidates
            if not candidate.link.is_yanked and all(candidate.version > other for other in question.left_out)
        ]
    )


def _candidates(finder: Any, project_name: str) -> Any:
    """Return the candidates for what is asked, and leave none behind that another question would find."""
    finder._all_candidates.pop(project_name, None)
    try:
        found = finder.find_all_candidates(project_name)
    finally:
        finder._all_candidates.pop(project_name, None)
    ahead.begin(finder)
    return found


@hooks.instead_of("LinkEvaluator.evaluate_link")
def whenever_uploaded(evaluate_link: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Let a version pass that is locked already, however young it is.

    pip-compile would let a pin go back (pip-tools issue 1880).
    """

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


@hooks.instead_of("WheelCache.get_cache_entry")
def cache_entry(original: Callable[..., Any]) -> Callable[..., Any]:
    """Look among the wheels that pip built only for what is none itself; pip looks for every candidate."""

    def entry(cache: Any, link: Any, *arguments: Any, **options: Any) -> Any:
        return None if link.is_wheel else original(cache, link, *arguments, **options)

    return entry


@hooks.instead_of("RequirementPreparer._log_preparing_link")
def log_preparing_link(original: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Say what is looked into only where it may be built: the words are read where that fails."""

    def log(preparer: Any, req: Any) -> None:
        if not req.link.is_wheel:
            original(preparer, req)

    return log


@hooks.instead_of("RequirementPreparer._fetch_metadata_using_link_data_attr")
def metadata_distribution(original: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Take a metadata file from what was fetched; where anything is wrong with it, pip asks and tells."""

    def fetched(preparer: Any, req: Any) -> Any:
        link = req.link.metadata_link()
        headers = None if link is None else fetching.metadata(link)
        if headers is not None:
            made = told.distribution(headers, req.link.filename, req.req.name)
            if canonicalize_name(made.raw_name) == canonicalize_name(req.req.name):
                return made
        return original(preparer, req)

    return fetched
