"""Files as projects write them: large ones, key material, chains of references, traps in comments."""

from __future__ import annotations

from bootstrap.envfiles.check import check
from bootstrap.envfiles.document import parse
from bootstrap.envfiles.merge import merge
from bootstrap.envfiles.schema import parse_schema

PEM = (
    "-----BEGIN PRIVATE KEY-----\n"
    + "\n".join(["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC"] * 3 + ["QUJDRA=="])
    + "\n-----END PRIVATE KEY-----"
)


def _large() -> bytes:
    lines = ["# Settings", "# @defaultRequired=false", "# ---", ""]
    for number in range(400):
        if number % 40 == 0:
            lines += ["", "# ------------", f"# Section {number}", "# ------------"]
        value = "" if number % 7 == 0 else f"value-{number}"
        lines += [f"# What KEY_{number} is for", f"KEY_{number}={value}"]
    return "\n".join(lines).encode()


def test_four_hundred_keys() -> None:
    example = parse(_large(), ".env.example")
    schema = parse_schema(example)
    assert (len(schema.variables), schema.problems) == (400, ())
    seeded = merge(example, None)
    assert seeded.content == example.render()
    halved = b"".join(
        line for number, line in enumerate(seeded.content.splitlines(keepends=True)) if b"KEY_3" not in line
    )
    merged = merge(example, parse(halved, ".env"))
    assert len(merged.added) == 111
    assert [e.key for e in parse(merged.content, ".env").entries] == [e.key for e in example.entries]
    env = parse(merged.content, ".env")
    assert check(schema, env, {}, env_name=".env", example_name=".env.example") == []


def test_a_private_key_over_several_lines_stays_whole() -> None:
    for quote in "'\"":
        document = parse(f"A=1\nKEY={quote}{PEM}{quote}\nB=2\n".encode(), ".env")
        assert document.last_entries["KEY"].value == PEM
        assert document.with_value("A", "9").last_entries["KEY"].value == PEM
        other = PEM.replace("MIIE", "MIIF")
        edited = document.with_value("KEY", other)
        assert edited.text == document.text.replace(PEM, other)


def test_a_chain_of_two_hundred_references() -> None:
    lines = ["K0=x"] + [f"K{number}=${{K{number - 1}}}." for number in range(1, 200)]
    resolved = parse("\n".join(lines).encode(), ".env").resolved({})
    assert resolved["K199"] == "x" + "." * 199


def test_inline_comments_behind_empty_values_are_no_values() -> None:
    text = "".join(f"KEY_{number}= # FLUX images, see docs/{number}\n" for number in range(32))
    schema = parse_schema(parse(text.encode(), ".env.example"))
    assert {variable.default for variable in schema.variables} == {""}
    assert [problem.code for problem in schema.problems] == ["comment-as-value"] * 32


def test_an_indented_continuation_comment_is_a_comment() -> None:
    text = b"# Postgres\n# - for docker\n  # use the service name\nDATABASE_URL=x1 # or localhost\n"
    (variable,) = parse_schema(parse(text, ".env.example")).variables
    assert variable.default == "x1"
    assert len(variable.description) == 3
