"""Whether two texts name the same licence: many projects change the spelling, few the licence."""

from __future__ import annotations

import re

# What classifiers and free text say, as SPDX writes it; a family stands for each of its kinds.
_SPELLINGS = (
    (r"mit( license)?|the mit license.*|expat", "MIT"),
    (r"apache(-| )?(software )?(license)?(,? ?v(ersion)?)?[ -]?(2(\.0)?)?( license)?|asl 2\.0", "Apache-2.0"),
    (r"(the )?(new |modified |revised |simplified )?(3|2)?-?(clause )?bsd.*|bsd(-| )?[0-9]?.*", "BSD"),
    (r"isc.*", "ISC"),
    (r"python software foundation license|psf.*|python-2\.0.*", "PSF"),
    (r"mozilla public license 2\.0.*|mpl[- ]?(v)?2(\.0)?", "MPL-2.0"),
    (r"gnu (library or )?lesser general public license.*|lgpl.*", "LGPL"),
    (r"gnu affero general public license.*|agpl.*", "AGPL"),
    (r"gnu general public license.*|gpl.*", "GPL"),
    (r"(the )?unlicense.*", "Unlicense"),
    (r"public domain.*", "public domain"),
    (r"zope public license|zpl.*", "ZPL"),
)


def same(old: str, new: str) -> bool:
    """Say whether both name the same licences; where one says nothing, nothing is known to have changed."""
    if not old or not new:
        return True
    one, other = _families(old), _families(new)
    return one == other or _folded(old) == _folded(new)


def _families(text: str) -> frozenset[str]:
    parts = re.split(r"\s+(?:AND|OR|WITH)\s+|\s*[;/]\s*|[()]", text)
    return frozenset(_family(part) for part in parts if part.strip())


def _family(part: str) -> str:
    plain = _folded(part)
    name = next((name for pattern, name in _SPELLINGS if re.fullmatch(pattern, plain)), plain)
    version = re.search(r"\d", plain) if name.endswith("GPL") else None
    return f"{name} {version[0]}" if version else name


def _folded(text: str) -> str:
    return " ".join(text.lower().split())
