"""What distributions say of themselves, and whether two texts mean one licence."""

from __future__ import annotations

import json

import pytest

from bootstrap.upgrades import licences, metadata

METADATA = """\
Metadata-Version: 2.4
Name: Shop
Version: 2.0
License: a long text
        over lines
Classifier: License :: OSI Approved :: MIT License
Classifier: License :: OSI Approved
Classifier: Framework :: Django
Requires-Python: >=3.10
Requires-Dist: django>=5
Requires-Dist: redis; extra == "fast"
Project-URL: Change Log, https://example.com/changes
Project-URL: Source Code, https://example.com/code
Project-URL: Bad, javascript:alert(1)

Version: 9.9 in the description
"""
RECORD = """\
shop/__init__.py,sha256=x,1
shop/migrations/__init__.py,,
shop/migrations/0001_initial.py,sha256=x,1
shop/sub/migrations/0002_more.py,sha256=x,1
space/part/__init__.py,sha256=x,1
single.py,sha256=x,1
"odd, name.py",sha256=x,1
../../bin/shop,sha256=x,1
shop-2.0.dist-info/METADATA,sha256=x,1
__pycache__/single.cpython-312.pyc,,
"""


def test_all_that_is_asked() -> None:
    made = metadata.understand(METADATA, RECORD)
    assert made is not None
    assert made.version == "2.0"
    assert made.requires == ("django>=5", 'redis; extra == "fast"')
    assert (made.requires_python, made.licence) == (">=3.10", "MIT License")
    assert (made.changelog, made.source) == ("https://example.com/changes", "https://example.com/code")
    assert made.migrations == ("shop 0001_initial", "sub 0002_more")
    assert made.modules == ("odd, name.py", "shop", "single.py", "space/part")
    assert metadata.from_data(json.loads(json.dumps(made.as_data()))) == made


def test_the_expression_comes_before_classifiers_and_text() -> None:
    made = metadata.understand(f"License-Expression: BSD-3-Clause\n{METADATA}", "")
    assert made is not None
    assert made.licence == "BSD-3-Clause"
    text = metadata.understand("Version: 1\nLicense: UNKNOWN\nHome-page: https://example.com\n", "")
    assert text is not None
    assert (text.licence, text.source) == ("", "https://example.com")


def test_no_version_is_no_metadata() -> None:
    assert metadata.understand("Name: x\n", "") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("MIT License", "MIT"),
        ("MIT", "The MIT License (MIT)"),
        ("BSD License", "BSD-3-Clause"),
        ("3-Clause BSD License", "BSD-3-Clause"),
        ("Apache Software License", "Apache-2.0"),
        ("Apache License 2.0", "Apache-2.0"),
        ("Apache 2.0", "Apache-2.0"),
        ("Python Software Foundation License", "PSF-2.0"),
        ("Mozilla Public License 2.0 (MPL 2.0)", "MPL-2.0"),
        ("GNU Lesser General Public License v3 (LGPLv3)", "LGPL-3.0-only"),
        ("MIT AND Apache Software License", "Apache-2.0 AND MIT"),
        ("", "MIT"),
        ("MIT", ""),
        ("Own Terms", "own  terms"),
    ],
)
def test_the_same_licence(old: str, new: str) -> None:
    assert licences.same(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("MIT", "BUSL-1.1"),
        ("BSD-3-Clause", "Apache-2.0"),
        ("LGPL-3.0-only", "GPL-3.0-only"),
        ("GPL-2.0-only", "GPL-3.0-only"),
        ("MIT", "MIT AND GPL-3.0-only"),
    ],
)
def test_another_licence(old: str, new: str) -> None:
    assert not licences.same(old, new)
