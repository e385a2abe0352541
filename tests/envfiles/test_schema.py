from __future__ import annotations

import pytest

from bootstrap.envfiles.document import parse
from bootstrap.envfiles.kinds import Type
from bootstrap.envfiles.schema import Schema, Variable, parse_schema
from bootstrap.report import Problem, Severity

# The annotated example that the requirements give.
SHOP = b"""\
# Settings of the shop. Syntax: @env-spec comments (see README)
# @defaultRequired=true @defaultSensitive=true
# ---

# @public @type=enum(development, staging, production)
APP_ENV=development

# Primary database
# @type=url @docs(https://wiki.example.com/db)
DATABASE_URL=postgresql://localhost:5432/myapp

# @type=string(minLength=32)
SECRET_KEY=randomString(50)

# @example="sk_test_..."
STRIPE_API_KEY=replace-me

# @public @type=boolean
DEBUG=true

# @optional @public @type=port
METRICS_PORT=

# Optional: error reporting
SENTRY_DSN=
"""


def _schema(text: str | bytes) -> Schema:
    return parse_schema(parse(text if isinstance(text, bytes) else text.encode(), ".env.example"))


def _only(text: str) -> Variable:
    (variable,) = _schema(text).variables
    return variable


def _problems(text: str) -> list[tuple[str, int | None, Severity]]:
    return [(problem.code, problem.line, problem.severity) for problem in _schema(text).problems]


def _problem(text: str) -> Problem:
    (problem,) = _schema(text).problems
    return problem


def test_the_annotated_example() -> None:
    schema = _schema(SHOP)
    assert schema.problems == ()
    assert [(v.key, v.line, v.required, v.sensitive, v.type.name) for v in schema.variables] == [
        ("APP_ENV", 6, True, False, "enum"),
        ("DATABASE_URL", 10, True, True, "url"),
        ("SECRET_KEY", 13, True, True, "string"),
        ("STRIPE_API_KEY", 16, True, True, "string"),
        ("DEBUG", 19, True, False, "boolean"),
        ("METRICS_PORT", 22, False, False, "port"),
        ("SENTRY_DSN", 25, False, True, "string"),
    ]
    assert schema.by_key["DATABASE_URL"].docs == ("https://wiki.example.com/db",)
    assert schema.by_key["DATABASE_URL"].description == ("Primary database",)
    assert schema.by_key["STRIPE_API_KEY"].example == "sk_test_..."
    assert schema.by_key["SECRET_KEY"].type == Type("string", (("minLength", "32"),))


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ("A=", True),
        ("A=1", True),
        ("# @optional\nA=1", False),
        ("# @required=false\nA=1", False),
        ("# @optional=false\nA=", True),
        ("# Optional: x\nA=", False),
        ("# OPTIONAL\nA=", False),
        ("# Optional, since x\nA=", False),
        ("# Optional - defaults to 10\nA=", False),
        ("# Port to listen on (optional)\nA=", False),
        ("# Port, optional\nA=", False),
        ("# optionally a port\nA=", True),
        ("# an optional port\nA=", True),
        ("# require at least one entry\nA=", True),
        ("# Optional: x\n# @type=port\nA=", False),
        ("# Optional: x\n# @required\nA=", True),
        ("# @defaultRequired=false\n# ---\nA=1", False),
        ("# @defaultRequired=false\n\nA=1", False),
        ("# @defaultRequired=false\n# ---\n# Required: x\nA=1", True),
        ("# @defaultRequired=false\n# ---\n# REQUIRED - x\nA=1", True),
        ("# @defaultRequired=false\n# ---\n# the key (required)\nA=1", True),
        ("# @defaultRequired=infer\n# ---\nA=1", True),
        ("# @defaultRequired=infer\n# ---\nA=", False),
        ("# Optional: x\n\nA=", True),
        ("# Elasticsearch (optional)\n# ----\nA=", True),
        ("# @optional\n# ====== \nA=1", True),
        ("# Optional: a port\n# PORT=8000\nA=", True),
        ("# Optional: x\n# A=old\nA=", False),
    ],
)
def test_who_is_required(text: str, *, required: bool) -> None:
    assert _only(text).required is required


@pytest.mark.parametrize(
    ("text", "sensitive"),
    [
        ("A=1", True),
        ("# @public\nA=1", False),
        ("# @sensitive=false\nA=1", False),
        ("# @public=false\nA=1", True),
        ("# @defaultSensitive=false\n# ---\nA=1", False),
        ("# @defaultSensitive=false\n# ---\n# @sensitive\nA=1", True),
        ("# @defaultSensitive=false\n# ---\nAPI_KEY=1", True),
        ("# @defaultSensitive=false\n# ---\nDB_PASSWORD=1", True),
        ("# @defaultSensitive=false\n# ---\nSENTRY_DSN=1", True),
        ("# @defaultSensitive=false\n# ---\n# @public\nMY_TOKEN=1", False),
        ("# @defaultSensitive=false\n# ---\nSITE_URL=https://a.example", False),
        ("# @defaultSensitive=false\n# ---\nDB_URL=pg://u:p@a.example", True),
        ("# @defaultSensitive=false\n# ---\nDB_URL=", True),
        ("# @defaultSensitive=inferFromPrefix(PUBLIC_)\n# ---\nPUBLIC_A=1", False),
        ("# @defaultSensitive=inferFromPrefix(PUBLIC_)\n# ---\nA=1", True),
    ],
)
def test_who_is_secret(text: str, *, sensitive: bool) -> None:
    assert _only(text).sensitive is sensitive


def test_what_a_key_tells_of_itself() -> None:
    variable = _only(
        "# The mail server\n# @type=str # @public\n# see the wiki\n"
        '# @docs("one", https://a.example) @docs(https://b.example) @deprecated="use B" @example=x\nA=1'
    )
    assert variable == Variable(
        "A",
        5,
        "1",
        required=True,
        sensitive=True,
        type=Type("string"),
        example="x",
        docs=("https://a.example", "https://b.example"),
        deprecated="use B",
        description=("The mail server", "see the wiki"),
    )


@pytest.mark.parametrize(
    ("text", "message"), [("@deprecated", ""), ("@deprecated=false", None), ("@deprecated=old", "old")]
)
def test_deprecation_needs_no_message(text: str, message: str | None) -> None:
    assert _only(f"# {text}\nA=1").deprecated == message


def test_commented_out_keys_are_documented_and_no_variables() -> None:
    schema = _schema(
        "# PORT=8000\n#export HOST=x\n\n# A=old\n# Set DEBUG=1 for more\nA=1\n# @required\n# LAST=\n"
    )
    assert [variable.key for variable in schema.variables] == ["A"]
    assert schema.documented == {"PORT", "HOST", "LAST"}
    assert schema.problems == ()


def test_a_file_of_commented_out_keys_alone() -> None:
    schema = _schema("".join(f"# What it is\n# KEY_{number}=value\n\n" for number in range(149)))
    assert (len(schema.variables), len(schema.documented), schema.problems) == (0, 149, ())


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("# @requred\nA=1", "unknown decorator @requred", "did you mean @required?"),
        ("# @type=intt\nA=1", "unknown type 'intt'; did you mean int?", "mend line 1 of .env.example"),
        ("# @type=enum()\nA=1", "enum() needs its members: enum(a, b)", "mend line 1 of .env.example"),
        ("# @type=enum(a\nA=1", "the ( of enum is not closed", "mend line 1 of .env.example"),
        ("# @required @optional\nA=1", "@optional contradicts @required", "mend line 1 of .env.example"),
        ("# @public\n# @sensitive\nA=1", "@sensitive contradicts @public", "mend line 2 of .env.example"),
        ("# @type=url\n# @type=port\nA=", "@type stands twice", "mend line 2 of .env.example"),
        ("# @required=maybe\nA=1", "@required takes true or false", "mend line 1 of .env.example"),
        ("# @docs\nA=1", "@docs takes an address", "mend line 1 of .env.example"),
        ("# @example(x)\nA=1", "@example takes text", "mend line 1 of .env.example"),
        (
            "# @defaultRequired=no\n\nA=1",
            "@defaultRequired takes true, false or infer",
            "mend line 1 of .env.example",
        ),
        ("# @defaultSensitive=no\n\nA=1", "@defaultSensitive takes true, false or infer", "mend line 1"),
        (
            "# @defaultRequired=false\nA=1",
            "@defaultRequired belongs to the file",
            "mend line 1 of .env.example",
        ),
        ("A=1\n\n# @defaultRequired=false\n\nB=1", "@defaultRequired stands below", "move it to the top"),
        ("A=1\n# @nonsense x", "unknown decorator @nonsense", "known here: @default"),
    ],
)
def test_a_bad_decorator_is_an_error(text: str, message: str, hint: str) -> None:
    problem = _problem(text)
    assert (problem.code, problem.severity, problem.file) == ("bad-decorator", Severity.ERROR, ".env.example")
    assert message in problem.message
    assert hint in (problem.hint or "")


@pytest.mark.parametrize(
    "text",
    [
        "# @icon=x\nA=1",
        "# @import(./x.env)\n# ---\nA=1",
        "# @generatePythonEnv(path=env.py)\n\nA=1",
        "# @type=if(eq($B, c), url, string)\nA=1",
        "# @required=forEnv(production)\nA=1",
        "# @public\n\nA=1",
        "# @public\n# ---\nA=1",
        "# @public\n# more\n\n# B=1\n\nA=1",
    ],
)
def test_what_only_varlock_uses_or_no_key_owns_is_a_warning(text: str) -> None:
    assert _problems(text) == [("bad-decorator", 1, Severity.WARNING)]


@pytest.mark.parametrize("text", ["# @public\n# words\n# B=1\n\nA=1", "A=1\n\n# @public\n# B=1"])
def test_decorators_of_a_commented_out_key_are_its_own(text: str) -> None:
    assert _problems(text) == []


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("# @type=port\nA=x", Severity.ERROR),
        ("# @type=boolean\nA=ture", Severity.ERROR),
        ("# @type=enum(a, b)\nA=c", Severity.ERROR),
        ("# @type=enum(a, b)\nA=changeme", Severity.ERROR),
        ("# @type=string(minLength=32)\nA=randomString(8)", Severity.ERROR),
        ("# @type=uuid\nA=randomHex(32)", Severity.ERROR),
        ("A=randomNum(1, 2)", Severity.WARNING),
        ("A=randomHex(0)", Severity.WARNING),
    ],
)
def test_a_default_that_fails_its_own_type(text: str, severity: Severity) -> None:
    problem = _problem(text)
    assert (problem.code, problem.key, problem.severity) == ("bad-default", "A", severity)


@pytest.mark.parametrize(
    "text",
    [
        "# @type=port\nA=",
        "# @type=url\nA=changeme",
        "# @type=url\nA=${B}/x",
        "# @type=url\nA=op://vault/a/b",
        "# @type=uuid\nA=cache(randomUuid())",
        "# @type=enum(todo, done)\nA=todo",
    ],
)
def test_a_default_still_to_come_is_not_checked(text: str) -> None:
    assert _problems(text) == []


def test_a_key_that_stands_twice_is_an_error_and_the_last_one_counts() -> None:
    schema = _schema("A=1\nB=2\nA=3\n")
    assert [(problem.code, problem.line, problem.key) for problem in schema.problems] == [
        ("duplicate-key", 3, "A")
    ]
    assert "line 1" in schema.problems[0].message
    assert schema.by_key["A"].default == "3"


def test_problems_come_all_at_once_in_the_order_of_their_lines() -> None:
    text = "# @defaultRequired=x\n# ---\n# @requred\nA=1\n# @type=port\nB=x\nA=1\n# @zzz"
    assert [line for _, line, _ in _problems("\ufeff" + text)] == [1, 1, 3, 6, 7, 8]


def test_line_endings_make_no_difference() -> None:
    crlf = _schema(SHOP.replace(b"\n", b"\r\n"))
    assert (crlf.variables, crlf.problems) == (_schema(SHOP).variables, ())
