"""One secret goes through everything that reads, checks, edits and merges; then it is looked for."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import pytest

from bootstrap.envfiles.check import check
from bootstrap.envfiles.document import Document, parse
from bootstrap.envfiles.merge import merge
from bootstrap.envfiles.schema import parse_schema
from bootstrap.envfiles.sources import sources_of
from bootstrap.errors import BootstrapError

SECRET = "S3ntinelQx7"
TYPES = [
    "string(minLength=90)",
    "string(isLength=1)",
    "string(startsWith=zz)",
    "string(matches=^zz$)",
    "number",
    "number(isInt=true)",
    "boolean",
    "url",
    "url(prependHttps=true, allowedDomains=[zz.example])",
    "enum(a, b)",
    "email",
    "port",
    "ip",
    "semver",
    "isoDate",
    "uuid",
    "md5",
    "duration",
    "duration(max=1s)",
    "array(int)",
    "array(minLength=9)",
    "record(int, keyType=enum(a))",
    "simple-object",
    "json",
    "path",
]
VALUES = [
    SECRET,
    f"https://{SECRET}:{SECRET}@host:{SECRET}/",
    f"http://[{SECRET}",
    f'{{"{SECRET}": "{SECRET}"}}',
    f"[{SECRET}",
    f"changeme-{SECRET}",
    f"${{{SECRET}}}",
    f"${{{SECRET}:-{SECRET}}}",
    f"op://{SECRET}/x",
    f"{SECRET}\n{SECRET}",
    f"{SECRET}@",
]
UNREADABLE = [
    f"{SECRET}",
    f"A: {SECRET}",
    f"{SECRET}: x",
    f"-----BEGIN KEY-----\n{SECRET}+/=\n{SECRET}==\n",
    f"A='{SECRET}'{SECRET}",
    f"A='{SECRET}\nB='{SECRET}'",
    f'A="{SECRET}\n{SECRET}==\nB="{SECRET}"',
    f"A.{SECRET}=1",
    f"A={SECRET}\0",
    f"A={SECRET}\nB=\udcff",
    f"\ufeffA={SECRET}\nexport {SECRET}",
]


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _traces(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield repr(error)
        yield repr(vars(error))
        yield "".join(traceback.format_exception_only(error))
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("value", VALUES)
def test_no_problem_and_no_repr_holds_a_value(kind: str, value: str) -> None:
    schema = parse_schema(parse(f"# @type={kind}\nA=\nB=\n".encode(), ".env.example"))
    env = parse(f"X={_quoted(value)}\nA={_quoted(value)} # {SECRET}\nA={_quoted(value)}\n".encode(), ".env")
    shown: list[object] = [
        env,
        env.entries,
        sources_of(env, {"A": value}),
        sources_of(env, {"A": value}).find("A"),
    ]
    for environment in ("development", "production"):
        for source, host in ((env, {}), (None, {"A": value, "B": ""})):
            shown.append(
                check(
                    schema,
                    source,
                    host,
                    env_name=".env",
                    example_name=".env.example",
                    environment=environment,
                )
            )
    assert SECRET not in repr(shown)


@pytest.mark.parametrize("text", UNREADABLE)
def test_no_refusal_holds_the_text_it_refuses(text: str) -> None:
    with pytest.raises(BootstrapError) as caught:
        parse(text.encode(errors="surrogateescape"), ".env")
    assert SECRET not in "".join(_traces(caught.value))


@pytest.mark.parametrize("value", [f"${{{SECRET}}}", f"{SECRET}\0", f"{SECRET}\ud800"])
def test_no_refused_edit_holds_the_value(value: str) -> None:
    with pytest.raises(BootstrapError) as caught:
        parse(b"A=1\n", ".env").with_value("A", value)
    assert SECRET not in "".join(_traces(caught.value))


def test_neither_documents_nor_merges_show_what_they_hold() -> None:
    document = parse(f"A={SECRET}\n# {SECRET}\n".encode(), ".env")
    edited: Document = document.with_value("A", f"{SECRET}2")
    merged = merge(parse(b"A=\nB=randomHex(64)\n", ".env.example"), edited)
    assert SECRET not in repr([document, edited, merged])
    assert merged.content.decode().split("B=")[1][:64] not in repr(merged)
