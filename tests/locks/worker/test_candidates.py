"""Of a page only what is asked for is read."""

from __future__ import annotations

import pytest

from bootstrap.locks.worker import pages
from tests.locks.worker.conftest import Import


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("==1.0", ["1.0"]),
        ("==1", ["1.0"]),
        ("==1.0,<2", ["1.0"]),
        ("==1.*", ["1.0", "1.1", "2.0"]),
        (">=1", ["1.0", "1.1", "2.0"]),
        ("===1.0", ["1.0", "1.1", "2.0"]),
        ("", ["1.0", "1.1", "2.0"]),
    ],
)
def test_a_pin_looks_at_its_own_files(engine: Import, specifier: str, expected: list[str]) -> None:
    asked = engine("packaging.specifiers").SpecifierSet(specifier)
    anchors = [{"href": f"demo-{version}.tar.gz"} for version in ("1.0", "1.1", "2.0")]
    page = pages.of_anchors(anchors, "demo", lambda raw: raw)
    assert list(engine("candidates").Question(asked).narrowed(page).versions) == expected
