"""What the templates render to: whole, clean, the same each time, and as it was when last looked at."""

from __future__ import annotations

import ast
import itertools
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from bootstrap.envfiles import document, schema
from bootstrap.scaffold import templates
from bootstrap.scaffold.manifest import Owner
from bootstrap.scaffold.rendering import Answers, render
from tests.scaffold.rendering import NAMES, REPOSITORY, rendered, tracked, write

GOLDEN = REPOSITORY / "tests" / "projects" / "golden"
LONG = "a_project_with_thirty_nine_letters_here"
FEATURES = tuple(templates.load("django").features)
SUBSETS = [subset for size in range(len(FEATURES) + 1) for subset in itertools.combinations(FEATURES, size)]
CASES = [("plain", ())] + [("django", subset) for subset in SUBSETS]


@pytest.mark.parametrize("name", ["a", "x1", "my_app", LONG])
@pytest.mark.parametrize("template", NAMES)
def test_the_files_are_those_of_the_manifest(template: str, name: str) -> None:
    expected = {path.replace("projectname", name) for path in templates.load(template).owners}
    assert set(rendered(template, name)) == expected


@pytest.mark.parametrize(("template", "features"), CASES)
def test_nothing_of_the_template_is_left(template: str, features: tuple[str, ...]) -> None:
    for path, file in rendered(template, LONG, *features).items():
        text = file.content.decode("utf-8")
        assert "projectname" not in path + text, path
        assert "@@" not in text, path
        assert "\r" not in text, path
        assert not text or (text.endswith("\n") and not text.endswith("\n\n")), path
        assert not re.search(r"[ \t]$", text, re.MULTILINE), path


@pytest.mark.parametrize(("template", "features"), CASES)
def test_every_file_can_be_read(template: str, features: tuple[str, ...]) -> None:
    for path, file in rendered(template, "shop", *features).items():
        text = file.content.decode("utf-8")
        match Path(path).suffix:
            case ".py":
                ast.parse(text, path)
            case ".toml":
                tomllib.loads(text)
            case ".yml" | ".yaml":
                assert yaml.safe_load(text)
            case ".in":
                lines = [line.partition("#")[0].strip() for line in text.splitlines()]
                for line in filter(None, lines):
                    assert line == "-r base.in" or Requirement(line)


def test_only_django_is_held_back() -> None:
    for path, file in rendered("django", "shop", *FEATURES).items():
        if path.endswith(".in"):
            lines = [line for line in file.content.decode().splitlines() if line and line[0] not in "#-"]
            for requirement in map(Requirement, lines):
                operators = sorted(spec.operator for spec in requirement.specifier)
                assert operators == (["<", ">="] if requirement.name == "django" else [">="])


@pytest.mark.parametrize("features", SUBSETS)
def test_the_settings_and_the_example_name_the_same_variables(features: tuple[str, ...]) -> None:
    files = rendered("django", "shop", *features)
    read = {
        name
        for path, file in files.items()
        if path.startswith("src/shop/") and path.endswith(".py")
        for name in variables(file.content.decode())
    }
    example = document.parse(files[".env.example"].content, ".env.example")
    found = schema.parse_schema(example)
    assert found.problems == ()
    assert {variable.key for variable in found.variables} == read - {"DJANGO_SETTINGS_MODULE"}
    assert [variable.key for variable in found.variables if variable.required] == ["DJANGO_SECRET_KEY"]


def variables(text: str) -> set[str]:
    """Return the names that a module reads, through the helpers of _env.py or from os.environ."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call) and node.args]
    names = [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]
    return {name for name in names if isinstance(name, str) and re.fullmatch(r"[A-Z][A-Z_]+", name)}


def test_development_needs_one_value_and_production_three() -> None:
    files = rendered("django", "shop")
    required = {
        place: set(
            re.findall(r'required\("(\w+)"\)', files[f"src/shop/settings/{place}.py"].content.decode())
        )
        for place in ("base", "dev", "test", "production")
    }
    three = {"DJANGO_SECRET_KEY", "DJANGO_ALLOWED_HOSTS", "DATABASE_URL"}
    assert required == {"base": set(), "dev": {"DJANGO_SECRET_KEY"}, "test": set(), "production": three}


def test_only_development_reads_env() -> None:
    files = rendered("django", "shop", *FEATURES)
    reading = [path for path, file in files.items() if path.startswith("src/") and b"dotenv" in file.content]
    assert reading == ["src/shop/settings/dev.py"]


@pytest.mark.parametrize("template", NAMES)
def test_manage_alone_is_executable(template: str) -> None:
    executable = [path for path, file in rendered(template, "shop").items() if file.executable]
    assert executable == (["src/manage.py"] if template == "django" else [])


@pytest.mark.parametrize("template", NAMES)
def test_parts_are_left_out(template: str) -> None:
    whole, less = rendered(template, "shop"), rendered(template, "shop", without=("ci", "docker"))
    gone = {"Dockerfile", ".dockerignore"} if template == "django" else set()
    assert {path for path in whole if path not in less and ".github" not in path} == gone
    assert not [path for path in less if ".github" in path]


def test_a_value_that_is_missing_is_a_mistake() -> None:
    template = templates.load("plain")
    with pytest.raises(KeyError):
        render(template, {".python-version": "@@python@@\n"}, Answers("shop"))


@pytest.mark.parametrize(("template", "features"), CASES)
def test_equal_answers_give_equal_bytes(template: str, features: tuple[str, ...]) -> None:
    assert rendered(template, "shop", *features) == rendered(template, "shop", *features)


@pytest.mark.parametrize("template", NAMES)
def test_as_it_was_when_last_looked_at(template: str) -> None:
    """A change of a template shows in the review as what a user gets; GOLDEN=write takes it over."""
    folder = GOLDEN / template
    files = rendered(template, "shop")
    if os.environ.get("GOLDEN") == "write":
        write(folder, files)
    there = {path: (folder / path).read_bytes().replace(b"\r\n", b"\n") for path in tracked(folder)}
    assert there == {path: file.content for path, file in files.items()}


@pytest.mark.parametrize("name", ["a", "my_app", "zebra", LONG])
def test_ruff_has_nothing_to_say(tmp_path: Path, name: str) -> None:
    plain = write(tmp_path / "plain", rendered("plain", name))
    django = write(tmp_path / "django", rendered("django", name))
    whole = write(tmp_path / "whole", rendered("django", name, *FEATURES))
    # Without packages to look at, ruff tells own modules from others by where they lie.
    for words in (["check", "--no-cache"], ["format", "--no-cache", "--check"]):
        command = [sys.executable, "-m", "ruff", *words, *map(str, (plain, django, whole))]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("template", NAMES)
def test_what_the_tool_keeps_is_no_code(template: str) -> None:
    files = rendered(template, "shop").values()
    assert not [file.path for file in files if file.owner is not Owner.USER and file.path.endswith(".py")]


def test_no_default_is_a_secret() -> None:
    files = rendered("django", "shop", *FEATURES)
    production = files["src/shop/settings/production.py"].content.decode()
    assert 'SECRET_KEY = required("DJANGO_SECRET_KEY")' in production
    assert "insecure" not in production
