from __future__ import annotations

import pytest

from bootstrap.envfiles.document import parse
from bootstrap.envfiles.leaks import leaks, provider_of
from bootstrap.report import Severity

# Put together here, so that no scanner takes this file for a leak.
LETTERS = "aB3dE5gH7jK9mN1pQ4sT6vW8yZ0bC2eF"
SHAPED = [
    "AKIA" + "Q3EGRZ4VWXY7N2MB",
    "gh" + "p_" + LETTERS + LETTERS[:4],
    "github" + "_pat_" + LETTERS * 2,
    "gl" + "pat-" + LETTERS[:20],
    "xox" + "b-1234567890-" + LETTERS,
    "https://hooks.slack" + ".com/services/T0123ABCD/B0123ABCD/" + LETTERS[:24],
    "sk" + "_live_" + LETTERS[:24],
    "sk" + "_test_" + LETTERS[:24],
    "AI" + "za" + LETTERS + "abc",
    "SG" + "." + LETTERS[:22] + "." + LETTERS + LETTERS[:11],
    "np" + "m_" + LETTERS + "abcd",
    "sk-" + "ant-api03-" + LETTERS * 2,
    "sk-" + "proj-" + LETTERS * 2,
    "hf" + "_" + LETTERS + "ab",
    "ey" + "JhbGciOiJIUzI1NiJ9." + "ey" + "JzdWIiOiIxMjM0In0." + LETTERS,
    "-----BEGIN " + "RSA PRIVATE KEY-----\n" + LETTERS * 3 + "\n-----END RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("value", SHAPED)
def test_the_key_of_a_provider_is_an_error(value: str) -> None:
    (problem,) = leaks(parse(f'X=1\nANY="{value}"\n'.encode(), ".env.example"))
    assert (problem.code, problem.severity, problem.line) == ("secret-in-example", Severity.ERROR, 2)
    assert value not in repr(problem)


@pytest.mark.parametrize(
    "value",
    [
        "sk_test_...",
        "sk_test_xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "AKIAIOSFODNN7EXAMPLE",
        "ghp_" + "x" * 36,
        "AKIAXXXXXXXXXXXXXXXX",
        "postgresql://user:password@localhost:5432/db",
        "a-perfectly-usual-value-of-some-length",
    ],
)
def test_what_is_only_shaped_so_is_none(value: str) -> None:
    assert provider_of(value) is None


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("API_TOKEN=q8Zk2Lw9Vb4Nx7Rt1Ys6Pd3", ["secret-in-example"]),
        ("SECRET_KEY=9f86d081884c7d659a2feaa0c55ad015", ["secret-in-example"]),
        ("API_TOKEN=q8Zk2Lw9Vb4Nx7Rt1Ys6Pd3 # gitleaks:allow", []),
        ("API_TOKEN=q8Zk2Lw9Vb4Nx7Rt1Ys6Pd3 # pragma: allowlist secret", []),
        ("# pragma: allowlist nextline secret\nAPI_TOKEN=q8Zk2Lw9Vb4Nx7Rt1Ys6Pd3", []),
        ("SHA=q8Zk2Lw9Vb4Nx7Rt1Ys6Pd3", []),
        ("API_TOKEN=put-your-own-token-behind-this", []),
        ("API_TOKEN=randomString(50)", []),
        ("SECRET_KEY=00000000000000000000000000000000", []),
        ("API_TOKEN=op://vault/item-1/field-two-three", []),
    ],
)
def test_what_looks_random_under_a_secret_name_is_a_warning(line: str, codes: list[str]) -> None:
    found = leaks(parse(f"{line}\n".encode(), ".env.example"))
    assert [problem.code for problem in found] == codes
    assert all(problem.severity is Severity.WARNING for problem in found)
