"""The manifests and the folders they describe say the same."""

from __future__ import annotations

import itertools
import tomllib
from datetime import date

import pytest

from bootstrap.scaffold import templates
from bootstrap.scaffold.manifest import Owner, parse
from tests.scaffold.rendering import NAMES, TEMPLATES, tracked


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_the_folder_is_named_and_the_reverse(name: str) -> None:
    manifest = templates.load(name)
    assert tracked(TEMPLATES / name) == set(manifest.owners)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_the_overlays_is_named_and_the_reverse(name: str) -> None:
    manifest = templates.load(name)
    named = {f"{feature.name}/{path}" for feature in manifest.features.values() for path in feature.files}
    folder = TEMPLATES / "overlays" / name
    assert (tracked(folder) if folder.is_dir() else set()) == named


def test_nothing_else_lies_beside_the_templates() -> None:
    beside = {path.split("/")[0] for path in tracked(TEMPLATES)}
    assert beside == {"overlays", *NAMES, *(f"{name}.toml" for name in NAMES)}


@pytest.mark.parametrize("name", NAMES)
def test_parts_and_added_lines_name_files_there_are(name: str) -> None:
    manifest = templates.load(name)
    assert {path for part in manifest.parts.values() for path in part} <= manifest.owners.keys()
    assert manifest.executable <= manifest.owners.keys()
    for feature in manifest.features.values():
        assert feature.lines.keys() <= manifest.owners.keys()
        # What an update may replace must not depend on it.
        assert all(manifest.owners[path] is Owner.USER for path in feature.lines)


@pytest.mark.parametrize("name", NAMES)
def test_features_do_not_get_into_each_others_way(name: str) -> None:
    for one, other in itertools.combinations(templates.load(name).features.values(), 2):
        assert not set(one.files) & set(other.files)


def test_the_series_of_django_are_in_order_and_dated() -> None:
    table = tomllib.loads((TEMPLATES / "django.toml").read_text(encoding="utf-8"))
    assert all(isinstance(series["checked"], date) for series in table["series"])
    assert templates.load("django").values == table["series"][-1]["values"]


def test_another_schema_is_not_read() -> None:
    with pytest.raises(ValueError, match="schema 2"):
        parse("x", "schema = 2\n")
