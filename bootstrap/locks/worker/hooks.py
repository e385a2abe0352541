"""All that the engine takes hold of in pip and pip-tools; no other file here imports either.

``TESTED`` names each place with the versions it was tried with. Outside of those of the whole engine plain
``pip-compile`` does the work, and so it does where a name is gone or a call no longer fits. A function that
takes a place says so by `instead_of`; `install` puts it there.
"""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from typing import Any, TypeVar

from pip._internal import metadata
from pip._internal.cache import WheelCache
from pip._internal.cli import index_command
from pip._internal.commands.install import InstallCommand
from pip._internal.exceptions import HashMismatch
from pip._internal.index import collector
from pip._internal.index.collector import HTMLLinkParser, LinkCollector
from pip._internal.index.package_finder import LinkEvaluator, LinkType, PackageFinder
from pip._internal.locations import USER_CACHE_DIR
from pip._internal.models.link import Link
from pip._internal.network import session
from pip._internal.network.utils import HEADERS
from pip._internal.operations.prepare import RequirementPreparer
from pip._internal.req import req_file
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.tags import parse_tag
from pip._vendor.packaging.utils import canonicalize_name, canonicalize_version
from pip._vendor.packaging.version import InvalidVersion, Version
from pip._vendor.requests import exceptions as http_errors
from pip._vendor.requests import models
from pip._vendor.resolvelib.structs import DirectedGraph

# pip remembers what this returns. To read the machine's certificates needs no turn of Python's own, so it is
# done while the rest is loaded; any earlier, the processor is needed by who started this process.
threading.Thread(target=index_command._create_truststore_ssl_context, daemon=True).start()

# ruff: noqa: E402

from piptools.repositories import PyPIRepository
from piptools.resolver import BacktrackingResolver
from piptools.scripts import compile as pip_compile
from piptools.utils import key_from_ireq

__all__ = [
    "HEADERS",
    "TAKES_A_NAME",
    "TESTED",
    "USER_CACHE_DIR",
    "BacktrackingResolver",
    "DirectedGraph",
    "HTMLLinkParser",
    "HashMismatch",
    "InvalidVersion",
    "Link",
    "LinkType",
    "PyPIRepository",
    "Requirement",
    "Version",
    "canonicalize_name",
    "canonicalize_version",
    "collector",
    "http_errors",
    "install",
    "instead_of",
    "key_from_ireq",
    "metadata",
    "outside",
    "parse_tag",
    "pip_compile",
]

_PIP = ("pip", (25, 3), (26, 3))
_COOLDOWN = ("pip", (26, 0), (26, 3))
_PIP_TOOLS = ("pip-tools", (7, 6, 1), (7, 6, 2))

TESTED = {
    # Places that are taken.
    "InstallCommand._build_session": _PIP,  # one session for all layers
    "session.user_agent": _PIP,  # told without starting programs
    "PackageFinder.find_best_candidate": _PIP,  # the newest first, the older where they are asked for
    "PackageFinder.process_project_url": _PIP,  # a page is read once; only what is asked for becomes links
    "LinkEvaluator.evaluate_link": _COOLDOWN,  # what is locked is never too young
    "RequirementPreparer._fetch_metadata_using_link_data_attr": _PIP,  # what was fetched ahead is taken
    "RequirementPreparer._log_preparing_link": _PIP,  # not told of wheels, of which there are most
    "WheelCache.get_cache_entry": _PIP,  # not asked for what is a wheel
    "models.CONTENT_CHUNK_SIZE": _PIP,  # pages are taken whole, not in pieces of ten kilobytes
    "req_file.shlex": _PIP,  # not needed for what is not quoted
    "req_file.build_parser": _PIP,  # made once, not for each line
    "pip_compile.PyPIRepository": _PIP_TOOLS,  # hashes are those that the page tells
    "pip_compile.BacktrackingResolver": _PIP_TOOLS,  # a layer is a part of the union
    # What is called, besides.
    "index_command._create_truststore_ssl_context": _PIP,
    "PackageFinder.evaluate_links": _PIP,
    "PackageFinder.find_all_candidates": _PIP,
    "PackageFinder.make_candidate_evaluator": _PIP,
    "PackageFinder.make_link_evaluator": _PIP,
    "LinkCollector.fetch_response": _PIP,
    "Link.from_element": _PIP,
    "Link.from_json": _PIP,
    "Link.metadata_link": _PIP,
    "metadata.get_metadata_distribution": _PIP,
    "metadata.select_backend": _PIP,
    "pip_compile.cli": _PIP_TOOLS,  # this one is documented
    "PyPIRepository.allow_all_wheels": _PIP_TOOLS,
    "PyPIRepository._get_file_hash": _PIP_TOOLS,
    "PyPIRepository._get_matching_candidates": _PIP_TOOLS,
    "PyPIRepository._get_req_hashes": _PIP_TOOLS,
    "BacktrackingResolver._do_resolve": _PIP_TOOLS,
    "BacktrackingResolver._get_install_requirements": _PIP_TOOLS,
    "BacktrackingResolver.resolve": _PIP_TOOLS,
    "BacktrackingResolver.resolve_hashes": _PIP_TOOLS,
    # And by instance: a finder's _all_candidates, _best_candidates, _link_collector, prefer_binary,
    # search_scope and target_python, an evaluator's _uploaded_prior_to, a link's _hashes, a page's base_url
    # and anchors, the _result of pip's resolver, which is resolvelib's, a candidate's
    # get_install_requirement and the original_link of that, a metadata backend's NAME and Distribution,
    # and the session's hooks, which are requests', with the mark ``from_cache`` of CacheControl.
}

# pip is told the package's name with its page from 26.1 on.
TAKES_A_NAME = "package_name" in inspect.signature(LinkCollector.fetch_response).parameters

Release = Sequence[int]
Make = TypeVar("Make", bound=Callable[[Any], Any])
_taken: dict[str, Callable[[Any], Any]] = {}


def outside(tested: Mapping[str, tuple[Release, Release]]) -> str | None:
    """Return which program is older or newer than the engine was tested with, or None."""
    for name, (low, high) in tested.items():
        if not _within(name, low, high):
            return f"{name} {version(name)}"
    return None


def instead_of(place: str) -> Callable[[Make], Make]:
    """Let a function's result take a place; it gets what is there now."""

    def taking(make: Make) -> Make:
        _taken[place] = make
        return make

    return taking


def install() -> None:
    """Put everything in its place, as far as it was tested with this pip and pip-tools.

    Raises ``AttributeError`` where there is no such place.
    """
    for place, tested in TESTED.items():
        if _within(*tested):
            owner_name, _, name = place.partition(".")
            owner = _OWNERS[owner_name]
            present = getattr(owner, name)
            if place in _taken:
                setattr(owner, name, _taken[place](present))


def _within(name: str, low: Release, high: Release) -> bool:
    """Say whether a program's release lies in a range, whose ends hold as far as they are written."""
    release = _release(name)
    return bool(tuple(low) <= release[: len(low)] and release[: len(high)] <= tuple(high))


@cache
def _release(name: str) -> tuple[int, ...]:
    found: tuple[int, ...] = Version(version(name)).release
    return found


_OWNERS = {
    "BacktrackingResolver": BacktrackingResolver,
    "InstallCommand": InstallCommand,
    "Link": Link,
    "LinkCollector": LinkCollector,
    "LinkEvaluator": LinkEvaluator,
    "PackageFinder": PackageFinder,
    "PyPIRepository": PyPIRepository,
    "RequirementPreparer": RequirementPreparer,
    "WheelCache": WheelCache,
    "index_command": index_command,
    "metadata": metadata,
    "models": models,
    "pip_compile": pip_compile,
    "req_file": req_file,
    "session": session,
}
