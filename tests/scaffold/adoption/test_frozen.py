"""Which packages of an environment were asked for."""

from __future__ import annotations

import pytest

from bootstrap.scaffold.adoption import frozen
from bootstrap.scaffold.adoption.frozen import Installed

WORLD = {
    "django": Installed("5.1", ("sqlparse", "asgiref"), frozenset({"django"})),
    "sqlparse": Installed("0.5", (), frozenset({"sqlparse"})),
    "asgiref": Installed("3.8", (), frozenset({"asgiref"})),
    "djangorestframework": Installed("3.15", ("django",), frozenset({"rest_framework"})),
    "requests": Installed("2.32", ("urllib3", "pyyaml; extra == 'yaml'", "not a requirement ((")),
    "urllib3": Installed("2.2"),
    "pyyaml": Installed("6.0"),
}


@pytest.mark.parametrize(
    ("used", "expected"),
    [
        ((), {"django", "djangorestframework", "requests", "pyyaml"}),
        (("asgiref",), {"django", "djangorestframework", "requests", "pyyaml", "asgiref"}),
        (("urllib3",), {"django", "djangorestframework", "requests", "pyyaml", "urllib3"}),
        (("os", "own_module"), {"django", "djangorestframework", "requests", "pyyaml"}),
    ],
)
def test_leaves_and_what_is_used_and_django(used: tuple[str, ...], expected: set[str]) -> None:
    assert frozen.direct(WORLD, used) == expected


def test_the_tools_of_developers_go_to_their_layer() -> None:
    found = frozen.read(
        {"pytest-django": Installed("4.11"), "celery": Installed("5.4"), "pip": Installed("25")}, (), "x"
    )
    assert {wish.text: wish.layer for wish in found.wishes} == {
        "pytest-django>=4.11": "dev",
        "celery>=5.4": "base",
    }
    assert "pip" not in found.pins
