"""Real secrets in the example, which is committed: keys shaped as a provider's, and what looks random.

A line says that it is meant so with ``gitleaks:allow``, ``trufflehog:ignore`` or ``pragma: allowlist secret``
in its comment; ``pragma: allowlist nextline secret`` stands on the line above.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from bootstrap.envfiles.document import Document, Entry
from bootstrap.envfiles.patterns import lazily
from bootstrap.envfiles.placeholders import is_placeholder, is_reference
from bootstrap.envfiles.schema import may_be_secret_name
from bootstrap.report import Problem, Severity

# Each with the text to look for first, which is quicker than the expression.
_PROVIDERS = tuple(
    (mark, provider, lazily(rf"(?<![A-Za-z0-9]){shape}"))
    for mark, provider, shape in (
        ("AKIA", "an AWS access key", r"AKIA[A-Z2-7]{16}(?![A-Z0-9])"),
        ("ASIA", "an AWS access key", r"ASIA[A-Z2-7]{16}(?![A-Z0-9])"),
        ("gh", "a GitHub token", r"gh[pousr]_[A-Za-z0-9]{36,}"),
        ("github_pat_", "a GitHub token", r"github_pat_[A-Za-z0-9_]{60,}"),
        ("glpat-", "a GitLab token", r"glpat-[A-Za-z0-9_-]{20,}"),
        ("xox", "a Slack token", r"xox[abeprs]-[A-Za-z0-9-]{20,}"),
        ("hooks.slack.com/", "a Slack webhook", r"hooks\.slack\.com/services/T\w{6,}/B\w{6,}/\w{20,}"),
        ("k_live_", "a Stripe key", r"[rs]k_live_[A-Za-z0-9]{16,}"),
        ("k_test_", "a Stripe key", r"[rs]k_test_[A-Za-z0-9]{24,}"),
        ("whsec_", "a webhook secret", r"whsec_[A-Za-z0-9+/]{32,}"),
        ("AIza", "a Google API key", r"AIza[A-Za-z0-9_-]{35}"),
        ("GOCSPX-", "a Google client secret", r"GOCSPX-[A-Za-z0-9_-]{28}"),
        ("SG.", "a SendGrid key", r"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"),
        ("npm_", "an npm token", r"npm_[A-Za-z0-9]{36}"),
        ("pypi-", "a PyPI token", r"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}"),
        ("sk-ant-", "an Anthropic key", r"sk-ant-[a-z0-9]+-[A-Za-z0-9_-]{40,}"),
        ("sk-", "an OpenAI key", r"sk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{32,}"),
        ("hf_", "a Hugging Face token", r"hf_[A-Za-z0-9]{34}"),
        ("dop_v1_", "a DigitalOcean token", r"dop_v1_[a-f0-9]{64}"),
        ("shp", "a Shopify token", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
        ("AGE-SECRET-KEY-1", "an age key", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
        (":AA", "a Telegram token", r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}"),
        ("eyJ", "a JSON web token", r"eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{16,}"),
        ("PRIVATE KEY-----", "a private key", r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/=\s]{64,}"),
    )
)
_ALLOWED = lazily(r"#.*(?:gitleaks:allow|trufflehog:ignore|pragma: ?(?:allowlist|whitelist) secret)")
_ALLOWED_BELOW = lazily(r"\s*#.*pragma: ?(?:allowlist|whitelist) nextline secret")
_RANDOM_LOOKING = lazily(r"(?=[^0-9]*[0-9])(?=.*[A-Za-z])[A-Za-z0-9+/=_.~-]{20,}")
_HEX = lazily(r"[0-9a-fA-F]+")
# Bits a character, as detect-secrets and gitleaks have them by default.
_RANDOM, _RANDOM_HEX = 3.7, 3.0
# Of a real key's characters few repeat; "xxxx..." is there to be replaced.
_LEAST_DIFFERENT = 8


def leaks(document: Document) -> list[Problem]:
    """Return a ``secret-in-example`` error or warning for each value that is more than an example."""
    found: list[Problem] = []
    for entry in document.entries:
        if len(entry.value) >= len("AKIA") + 16 and not _allowed(document, entry):
            found += _leaks_of(entry, document.name)
    return found


def _leaks_of(entry: Entry, name: str) -> Iterator[Problem]:
    hint = f"replace it by a placeholder in {name}, and change the secret where it was issued"
    provider = provider_of(entry.value)
    if provider:
        message = f"{entry.key} holds what is shaped as {provider}"
        yield Problem("secret-in-example", message, hint, name, entry.line, entry.key)
    elif may_be_secret_name(entry.key) and _looks_random(entry.value):
        message = f"{entry.key} holds what looks like a real secret"
        hint = f"replace it by a placeholder or randomString(50) in {name}; # gitleaks:allow if it is none"
        yield Problem("secret-in-example", message, hint, name, entry.line, entry.key, Severity.WARNING)


def provider_of(value: str) -> str | None:
    """Return whose key a value is shaped as, in words; None for placeholders and all else."""
    for mark, provider, shape in _PROVIDERS:
        if mark in value and (match := shape.search(value)):
            text = match.group()
            if len(set(text)) > _LEAST_DIFFERENT and "EXAMPLE" not in text.upper():
                return provider
    return None


def _looks_random(value: str) -> bool:
    if _RANDOM_LOOKING.fullmatch(value) is None or is_placeholder(value) or is_reference(value):
        return False
    return _bits(value) >= (_RANDOM_HEX if _HEX.fullmatch(value) else _RANDOM)


def _bits(text: str) -> float:
    """Return Shannon's entropy in bits a character."""
    shares = [text.count(character) / len(text) for character in set(text)]
    return -sum(share * math.log2(share) for share in shares)


def _allowed(document: Document, entry: Entry) -> bool:
    own = document.lines[entry.last_line - 1]
    above = document.lines[entry.line - 2] if entry.line > 1 else ""
    return "#" in own + above and bool(_ALLOWED.search(own) or _ALLOWED_BELOW.match(above))
