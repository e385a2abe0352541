"""What of an address may be shown."""

from __future__ import annotations

import re

_USER = re.compile(r"(://)[^/\s]*@")
# A bracket or a quote may belong to a query; behind it, it belongs to the sentence.
_QUERY = re.compile(r"(://[^\s?#]+\?)[^\s#]+?(?=[)\]'\"`,.;:]*(?:[\s#]|$))")


def mask(text: str) -> str:
    """Return a text without what stands before the host of each URL, and without its query.

    Either may hold a password or a token; every message goes through here.
    """
    return _QUERY.sub(r"\1****", _USER.sub(r"\1****@", text))
