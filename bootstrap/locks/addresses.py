"""Addresses in requirement files: URLs and paths, what they tell, and what of them may be shown."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import unquote

# The schemes pip takes for a URL: its own four and those of its version control back ends.
_URL = re.compile(r"(?:https?|file|ftp|sftp|ssh|git|hg|bzr|svn|(?:git|hg|bzr|svn)\+[a-z]+):", re.IGNORECASE)
_ARCHIVES = (
    ".whl",
    ".zip",
    ".tar",
    ".tar.gz",
    ".tgz",
    ".tar.bz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tar.lz",
    ".tlz",
    ".tar.lzma",
)
_USER = re.compile(r"(://)[^/\s'\"]*@")
_LOGIN = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<login>[^/\s'\"]*)@[^\s'\"#;]", re.IGNORECASE)
_WRITTEN = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?:(?P<login>[^/\s'\"]*)@)?"
    r"(?P<path>[^\s'\"#;?]+)(?P<query>\?[^\s'\"#]*)?",
    re.IGNORECASE,
)
_QUERY = re.compile(r"[a-z][a-z0-9+.-]*://[^\s?#'\"]+\?(?P<query>[^\s#]+)", re.IGNORECASE)
_FIELD = re.compile(r"(?P<name>[^=&;]*)=(?P<value>[^&;]+)")
# The names under which a query carries what only its user may know, as those of signed addresses.
_SECRET_NAME = re.compile(
    r"key|(?:.*[^a-z0-9])?(?:\w*token|\w*secret|passw\w*|pass|pwd|\w*signature|sig|auth|authorization|jwt|"
    r"credentials?|(?:api|access|private|secret)[-_]?key)",
    re.IGNORECASE,
)
_BY_PASSWORD = ("http", "https", "ftp")
_FILE_URL = re.compile(r"file:(?://(?:localhost)?(?=/))?", re.IGNORECASE)
_VARIABLE = re.compile(r"(\$\{[A-Z0-9_]+\})")


def is_url(text: str) -> bool:
    """Say whether pip takes a text for a URL."""
    return _URL.match(text) is not None


def is_path(text: str) -> bool:
    """Say whether a text that is no URL names a local folder or file rather than a package."""
    return "/" in text or "\\" in text or text.startswith(".") or text.lower().endswith(_ARCHIVES)


def has_credentials(text: str) -> bool:
    """Say whether a URL in a text holds a password or a token.

    The ``git@`` of an ssh URL is neither, and a variable such as ``${TOKEN}`` only names one.
    """
    logins = map(_secret, _LOGIN.finditer(text)) if "@" in text else ()
    queries = (url["query"] for url in _QUERY.finditer(text)) if "?" in text else ()
    fields = (field for query in queries for field in _FIELD.finditer(query))
    tokens = (field["value"] for field in fields if _SECRET_NAME.fullmatch(field["name"]))
    return any(_VARIABLE.sub("", secret) for secret in (*logins, *tokens))


def with_variables(text: str, written: str) -> str:
    """Return a text whose URLs have ``${NAME}`` where ``written`` has it: in a login or a query, no value.

    There a variable holds a secret; in a path it tells which file is meant.
    """
    for url in _WRITTEN.finditer(written):
        login, query = url["login"] or "", url["query"] or ""
        if _VARIABLE.search(login + query):
            any_login = r"[^/\s'\"]*" if _VARIABLE.search(login) else re.escape(login)
            at = "" if url["login"] is None else "@"
            # Only a blank ends a query: what stands before a marker.
            any_query, end = (_any(query, ending=""), "") if query else ("", ";")
            same = rf"({re.escape(url['scheme'])}://){any_login}({at}{_any(url['path'])}){any_query}"
            # A backslash would else begin the number of a group.
            own = [each.replace("\\", r"\\") for each in (login, query)]
            text = re.sub(rf"{same}(?![^\s'\"#{end}])", rf"\g<1>{own[0]}\g<2>{own[1]}", text)
    return text


def _any(written: str, *, ending: str = ";") -> str:
    """Return a pattern of what is written, with any text up to an ending in the place of each variable."""
    any_value = rf"[^\s'\"#{ending}]*"
    return "".join(
        any_value if _VARIABLE.fullmatch(word) else re.escape(word) for word in _VARIABLE.split(written)
    )


def _secret(url: re.Match[str]) -> str:
    """Return what of a login nobody may know: the password, or a token that stands in its place."""
    user, colon, password = url["login"].partition(":")
    is_token = not colon and url["scheme"].lower().rpartition("+")[2] in _BY_PASSWORD
    return user if is_token else password


def begins_with_variable(address: str) -> bool:
    """Say whether only a variable tells what an address is: a URL, or a path of any machine."""
    return _FILE_URL.sub("", address, count=1).lstrip("/").startswith("${")


def is_machine_path(address: str) -> bool:
    """Say whether an address is an absolute path, which means nothing on another machine."""
    path = _FILE_URL.sub("", address, count=1)
    if is_url(path) or begins_with_variable(path):
        return False
    return path.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:[\\/]", path) is not None


def fragment(url: str, key: str) -> str | None:
    """Return one value of a URL's fragment, such as ``egg``."""
    match = re.search(rf"[#&]{key}=([^&]+)", url)
    return match[1] if match else None


def same_address(wanted: str, locked: str) -> bool:
    """Say whether a lock's address is the one a requirement asks for.

    Users, passwords and all of the fragment but the subdirectory are left out, as pip-compile drops or
    rewrites them. ``${NAME}`` in ``wanted`` stands for any text, and a relative path for the end of a path.
    """
    if fragment(wanted, "subdirectory") != fragment(locked, "subdirectory"):
        return False
    wanted, locked = _bare(wanted), _bare(locked)
    if not is_url(wanted) and not wanted.startswith("/") and not begins_with_variable(wanted):
        below = [part for part in posixpath.normpath(wanted).split("/") if part not in (".", "..")]
        return not is_url(locked) and f"/{locked}".endswith("/".join(["", *below]))
    return re.fullmatch(_any(wanted), locked) is not None


def _bare(address: str) -> str:
    """Return an address without its user and fragment; a file's URL becomes its path."""
    text = _USER.sub(r"\1", unquote(address.partition("#")[0]))
    return _FILE_URL.sub("", text, count=1).replace("\\", "/").rstrip("/")
