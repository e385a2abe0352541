"""Reads ``{"names": [...], "versions": [[name, version], ...]}``, asks pip's indexes, and answers in JSON.

The answer is ``{"releases": {name: [{"version", "uploaded", "yanked", "pythons"}]}, "pages": [[name, version,
page]], "unasked": why or null}``: what each project's page says of its releases (PEP 503, 691, 700), and the
``vulnerabilities`` of the page for one version where the index has such pages. A project that could not be
asked about is missing. pip's own session is used, for its credentials, proxies and certificates; of pip 25.3
to 26.3 this relies on ``InstallCommand``'s ``parse_args`` and ``_build_session``.
"""

from __future__ import annotations

import contextlib
import html
import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pip._internal.commands.install import InstallCommand
from pip._vendor.packaging.utils import parse_sdist_filename, parse_wheel_filename

_JSON = "application/vnd.pypi.simple.v1+json"
_ACCEPT = f"{_JSON}, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
_SIMPLE = "/simple"
# Fewer than the connections that pip keeps to a host.
_THREADS = 8
_SECONDS = 20.0


def main() -> int:
    """Answer one question."""
    asked = json.load(sys.stdin)
    command = InstallCommand("install", "ask the index")
    options, _ = command.parse_args([])
    indexes = [] if options.no_index else [options.index_url, *options.extra_index_urls]
    session = command._build_session(options)  # noqa: SLF001 there is no public one
    with ThreadPoolExecutor(_THREADS) as pool:
        releases = list(pool.map(lambda name: _releases(session, indexes, name), asked["names"]))
        pages, why = _pages(session, indexes, asked["versions"], pool)
    answer = {
        "releases": {
            name: found for name, found in zip(asked["names"], releases, strict=True) if found is not None
        },
        "pages": pages,
        "unasked": why,
    }
    sys.stdout.write(json.dumps(answer) + "\n")
    return 0


def _get(session: Any, url: str, accept: str) -> Any:
    """Return an answer, or None where there is none; why not may hold an address, so it is not told."""
    with contextlib.suppress(Exception):
        answer = session.get(url, headers={"Accept": accept}, timeout=_SECONDS)
        if answer.status_code == 200:  # noqa: PLR2004 OK
            return answer
    return None


def _releases(session: Any, indexes: list[str], name: str) -> list[dict[str, Any]] | None:
    found: dict[str, dict[str, Any]] = {}
    answered = False
    for index in indexes:
        answer = _get(session, f"{index.rstrip('/')}/{name}/", _ACCEPT)
        if answer is None:
            continue
        answered = True
        is_json = "json" in answer.headers.get("Content-Type", "")
        for file in answer.json().get("files", ()) if is_json else _anchors(answer.text):
            _add(found, file)
    return list(found.values()) if answered else None


def _add(found: dict[str, dict[str, Any]], file: dict[str, Any]) -> None:
    version = _version(str(file.get("filename", "")))
    if version is None:
        return
    release = found.setdefault(version, {"version": version, "uploaded": None, "yanked": "", "pythons": []})
    uploaded = file.get("upload-time")
    if uploaded and (release["uploaded"] is None or uploaded < release["uploaded"]):
        release["uploaded"] = uploaded
    yanked = file.get("yanked")
    # A release is yanked where all of its files are.
    if yanked is None or yanked is False:
        release["yanked"] = None
    elif release["yanked"] is not None and isinstance(yanked, str):
        release["yanked"] = release["yanked"] or yanked
    python = file.get("requires-python") or ""
    if python not in release["pythons"]:
        release["pythons"].append(python)


def _anchors(page: str) -> list[dict[str, Any]]:
    files = []
    for attributes, name in re.findall(r"<a\s([^>]*)>([^<]*)</a>", page, re.IGNORECASE):
        pairs = dict(re.findall(r"([\w-]+)\s*=\s*\"([^\"]*)\"", attributes))
        yanked = pairs.get("data-yanked")
        python = html.unescape(pairs.get("data-requires-python", ""))
        files.append({"filename": name.strip(), "yanked": yanked, "requires-python": python})
    return files


def _version(filename: str) -> str | None:
    with contextlib.suppress(ValueError):
        if filename.endswith(".whl"):
            return str(parse_wheel_filename(filename)[1])
        return str(parse_sdist_filename(filename)[1])
    return None


def _pages(
    session: Any, indexes: list[str], versions: list[list[str]], pool: ThreadPoolExecutor
) -> tuple[list[list[Any]], str | None]:
    """Return the pages of single versions; where the first has none, no other is asked for."""
    roots = [
        index.rstrip("/").removesuffix(_SIMPLE) for index in indexes if index.rstrip("/").endswith(_SIMPLE)
    ]
    if not roots or not versions:
        return [], "the index has no pages that tell of vulnerabilities"
    first = _page(session, roots, versions[0])
    if first is None:
        return [], "the index has no pages that tell of vulnerabilities"
    others = pool.map(lambda each: _page(session, roots, each), versions[1:])
    asked = zip(versions, [first, *others], strict=True)
    return [[name, version, page] for (name, version), page in asked if page is not None], None


def _page(session: Any, roots: list[str], asked: list[str]) -> dict[str, Any] | None:
    for root in roots:
        answer = _get(session, f"{root}/pypi/{asked[0]}/{asked[1]}/json", "application/json")
        with contextlib.suppress(ValueError):
            page = answer.json() if answer is not None else {}
            if isinstance(page.get("vulnerabilities"), list):
                return {"vulnerabilities": page["vulnerabilities"]}
    return None


if __name__ == "__main__":
    sys.exit(main())
