from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from tests.index.wheels import Distribution, normalized

DEMO = Distribution(
    "Demo.Package",
    "1.2",
    requires=["vine>=5"],
    extras={"fast": ["cython", 'uvloop; sys_platform != "win32"']},
    requires_python=">=3.9",
    scripts={"demo": "demo_package:main"},
)


def test_the_same_release_has_the_same_bytes_on_every_machine() -> None:
    digest = hashlib.sha256(DEMO.wheel()).hexdigest()
    assert digest == "052e7544893f160d217264e6d4c179af7c300b92e2fa19b43e64b9ecb8cc8167"
    assert DEMO.sdist() == DEMO.sdist()


def test_another_version_has_other_bytes() -> None:
    assert DEMO.wheel() != Distribution("Demo.Package", "1.3").wheel()


def test_metadata_joins_an_extra_with_a_marker() -> None:
    lines = DEMO.metadata().decode().splitlines()
    assert "Requires-Dist: vine>=5" in lines
    assert "Requires-Dist: cython ; extra == 'fast'" in lines
    assert "Requires-Dist: uvloop ; (sys_platform != \"win32\") and extra == 'fast'" in lines


def test_a_wheel_holds_what_its_record_says() -> None:
    with zipfile.ZipFile(io.BytesIO(DEMO.wheel())) as archive:
        names = archive.namelist()
        record = archive.read("demo_package-1.2.dist-info/RECORD").decode()
    assert [row.split(",")[0] for row in record.splitlines()] == names
    assert "demo_package/__init__.py" in names


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (("py3-none-any",), "demo_package-1.2-py3-none-any.whl"),
        (
            ("cp312-cp312-manylinux_2_17_x86_64", "cp312-cp312-manylinux2014_x86_64"),
            "demo_package-1.2-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        ),
    ],
)
def test_wheel_names_follow_the_tags(tags: tuple[str, ...], expected: str) -> None:
    assert Distribution("Demo.Package", "1.2", tags=tags).wheel_name == expected


def test_names_are_normalized_as_pep_503_says() -> None:
    assert normalized("Flask__SQL.Alchemy-x") == "flask-sql-alchemy-x"
