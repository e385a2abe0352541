"""What pip asked for in vain, read from samples; real ones are in ``tests/locks/test_failures.py``."""

from __future__ import annotations

import pytest

from bootstrap.pip import inquiry
from bootstrap.pip.inquiry import Sighting, Sought

NO_MATCH = "No matching distribution found for"
NONE = "ERROR: Could not find a version that satisfies the requirement x (from versions: none)\n"
SOME = NONE.replace("none", "1.0, 1.1")


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            NONE + f"{NO_MATCH} My_x>=1",
            Sought("My_x>=1", "my-x", None, explained=False),
        ),
        (SOME + f"{NO_MATCH} x==2", Sought("x==2", "x", None, explained=True)),
        (
            NONE + f"{NO_MATCH} x>=1 (from a.b->c)",
            Sought("x>=1", "x", "a.b", explained=False),
        ),
        (
            f"ERROR: Ignored the following yanked versions: 1.0\n{NONE}{NO_MATCH} x[y]",
            Sought("x[y]", "x", None, explained=True),
        ),
        (
            NONE + f"ERROR: {NO_MATCH} x (from -r base.in (line 3))\n",
            Sought("x", "x", None, explained=False),
        ),
        (
            f"satisfies the requirement x>=1 (from a) (from versions: none)\n{NO_MATCH} x>=1",
            Sought("x>=1", "x", "a", explained=False),
        ),
        ("ERROR: something else", None),
    ],
)
def test_what_was_sought(output: str, expected: Sought | None) -> None:
    assert inquiry.sought(output) == expected


SKIPPED = "  Skipping link: none of the wheel's tags ({}) are compatible (run x): https://f/x.whl (from https://h/simple/{}/)\n"
GONE = (
    "Could not fetch URL https://h/simple/{}/: 404 Client Error: Not Found for url: https://h/ - skipping\n"
)
FETCHED = "Fetched page https://{}/simple/my-x/ as text/html\n"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (GONE.format("my-x"), Sighting(unknown=True)),
        (GONE.format("pip"), Sighting(unknown=False)),
        (FETCHED.format("h") + GONE.format("my-x"), Sighting(unknown=False)),
        (FETCHED.format("h"), Sighting(unknown=False)),
        (
            SKIPPED.format("cp39-cp39-win32", "my-x") * 2 + SKIPPED.format("py2-none-any", "my-x"),
            Sighting(unknown=False, tags=("cp39-cp39-win32", "py2-none-any")),
        ),
        (SKIPPED.format("py2-none-any", "other"), Sighting(unknown=False)),
        ("", Sighting(unknown=False)),
    ],
)
def test_what_was_seen(output: str, expected: Sighting) -> None:
    assert inquiry.sighting(output, "My.x") == expected


RETRY = "WARNING: Retrying (Retry(total=1)) after connection broken by 'NewConnectionError': /simple/x/\n"
REFUSED = "Could not fetch URL https://h/simple/x/: connection error: {} - skipping\n"


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (
            REFUSED.format("[Errno 111] Connection refused"),
            "asked https://h/simple/x/: [Errno 111] Connection refused",
        ),
        (REFUSED.format("odd"), "asked https://h/simple/x/"),
        (
            RETRY * 2 + REFUSED.format("Pool(x): Max (Caused by E('<c>: [Errno -2] Name unknown'))"),
            "asked https://h/simple/x/ 3 times: [Errno -2] Name unknown",
        ),
        (
            "Could not fetch URL https://h/simple/x/: 503 Server Error: Busy for url: https://h/ - skipping",
            "asked https://h/simple/x/: 503 Server Error: Busy",
        ),
        (
            GONE.format("y") + REFUSED.format("Read timed out. (read timeout=5.0)"),
            "asked https://h/simple/x/: timed out",
        ),
        ("Looking in indexes: https://a/s, https://b/s\n" + RETRY, "asked https://a/s, https://b/s"),
        ("error sending request for url (https://h/simple/x/)\n", "asked https://h/simple/x/"),
        ("error: Failed to fetch: `https://h/simple/x/`\n", "asked https://h/simple/x/"),
        (GONE.format("y"), ""),
        ("", ""),
    ],
)
def test_what_was_tried(output: str, expected: str) -> None:
    assert inquiry.tried(output) == expected
