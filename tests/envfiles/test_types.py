from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bootstrap.envfiles.decorators import DecoratorError, read_line
from bootstrap.envfiles.kinds import Type
from bootstrap.envfiles.typenames import DynamicTypeError, type_of
from bootstrap.envfiles.types import RULES, reason


def _type(text: str) -> Type:
    return type_of(read_line(f"# @type={text}", 1)[0].value)


ACCEPTED = {
    "string": ["", "x", "any thing"],
    "string(minLength=2, maxLength=3)": ["ab", "abc", "é☃"],
    "string(isLength=2)": ["ab"],
    "string(startsWith=sk_, endsWith=z)": ["sk_z", "sk_abcz"],
    'string(matches="^[A-Z]+$")': ["ABC"],
    "string(matches=/^[a-z]+$/i)": ["ABC", "abc"],
    "number": ["0", "-1", "+2.5", ".5", "1e3", "007"],
    "number(isInt=true)": ["0", "-12"],
    "int": ["42"],
    "float": ["4.2"],
    "number(min=1, max=10, precision=1, isDivisibleBy=0.5)": ["1", "2.5", "10"],
    "boolean": ["true", "FALSE", "Yes", "n", "on", "0", "t"],
    "bool": ["off"],
    "url": [
        "https://a.example/b?c#d",
        "postgresql://u:p@localhost:5432/db",
        "sqlite:///db.sqlite3",
        "redis://[::1]:6379",
    ],
    "url(prependHttps=true)": ["a.example/b"],
    "url(allowedDomains=[a.example, b.example], noTrailingSlash=true)": [
        "https://b.example/x",
        "https://A.example/",
    ],
    "enum(dev, 'two words')": ["dev", "two words"],
    "email": ["a.b+c@d.example", "root@localhost"],
    "port": ["0", "8000", "65535"],
    "port(min=1024, max=9999)": ["1024", "9999"],
    "ip": ["127.0.0.1", "::1"],
    "ip(version=4)": ["10.0.0.1"],
    "semver": ["1.2.3", "1.0.0-rc.1+build.5"],
    "isoDate": ["2024-03-20", "2024-03-20T15:30:00Z", "20240320"],
    "uuid": ["123e4567-e89b-12d3-a456-426614174000", "00000000-0000-0000-0000-000000000000"],
    "md5": ["d41d8cd98f00b204e9800998ecf8427e"],
    "duration": ["30s", "5 minutes", "1.5h", "250", "2days"],
    "duration(min=1m, max=1d)": ["1m", "24h"],
    "array": ["a", "a,b", "[1, 2]", "[a, b]"],
    'array(email, separator=";")': ["a@b.example; c@d.example", '["a@b.example"]'],
    "array(minLength=0)": ["[]"],
    "array(int, unique=true, maxLength=2)": ["1,2"],
    "list": ["a,b"],
    "record": ['{"a": 1}'],
    "record(number, keyType=enum(us, eu))": ['{"us": 1, "eu": 2.5}'],
    "record(entriesMinLength=0)": ["{}"],
    "simple-object": ['{"a": {"b": []}}'],
    "json": ["1", "null", '{"a": [1]}'],
    "path": ["/etc/app.toml", "C:\\app", "relative/é"],
}
REJECTED = {
    "string(minLength=2, maxLength=3)": ["a", "abcd"],
    "string(isLength=2)": ["a", "abc"],
    "string(startsWith=sk_, endsWith=z)": ["pk_z", "sk_a"],
    'string(matches="^[A-Z]+$")': ["abc"],
    "number": ["", "x", "1_000", " 1", "inf", "nan", "1,5", "0x10", "\u0661"],
    "number(isInt=true)": ["5.0", "1e3", "x"],
    "int": ["4.2"],
    "number(min=1, max=10, precision=1, isDivisibleBy=0.5)": ["0.5", "10.5", "2.55", "2.3"],
    "boolean": ["ture", "2", "", "enabled", " true"],
    "url": [
        "localhost:8000",
        "a.example",
        "https://",
        "https://a b",
        "http://a:port",
        "http://[::1",
        "https://a\n.b",
    ],
    "url(prependHttps=true)": ["a b"],
    "url(allowedDomains=[a.example, b.example], noTrailingSlash=true)": [
        "https://c.example",
        "https://a.example/x/",
    ],
    "enum(dev, 'two words')": ["Dev", "two", ""],
    "email": ["a", "a@b", "A <a@b.example>", "a@b.example,c@d.example"],
    "port": ["65536", "-1", "08", "80 ", "http", "123456"],
    "port(min=1024, max=9999)": ["80", "10000"],
    "ip": ["localhost", "256.1.1.1", "10.0.0.0/8"],
    "ip(version=4)": ["::1"],
    "semver": ["1.2", "v1.2.3", "01.2.3"],
    "isoDate": ["20-03-2024", "2024-02-30", "2024", "today"],
    "uuid": ["123e4567", "{123e4567-e89b-12d3-a456-426614174000}"],
    "md5": ["d41d8cd9"],
    "duration": ["soon", "5 parsecs", "-1s", "s"],
    "duration(min=1m, max=1d)": ["30s", "2d"],
    "array": ["[]", "[1,", '["a"'],
    'array(email, separator=";")': ["a@b.example; c"],
    "array(int, unique=true, maxLength=2)": ["1,1", "1,2,3", "1,x"],
    "record": ["{}", "[1]", "x", "{a=1}"],
    "record(number, keyType=enum(us, eu))": ['{"us": "x"}', '{"asia": 1}'],
    "simple-object": ["1", "null"],
    "json": ["{", "NaN", "[" * 100_000],
    "path": ["a\nb"],
}


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in ACCEPTED.items() for value in values]
)
def test_what_fits(kind: str, value: str) -> None:
    assert reason(_type(kind), value) is None


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value[:99999]) for kind, values in REJECTED.items() for value in values]
)
def test_what_does_not_fit(kind: str, value: str) -> None:
    assert reason(_type(kind), value)


@pytest.mark.parametrize(
    ("kind", "value", "why"),
    [
        ("boolean", "ture", "not a boolean (true or false, yes or no, on or off, 1 or 0)"),
        ("url", "localhost", "not a url (no scheme)"),
        ("port", "x", "not a port (0-65535)"),
        ("enum(a, b)", "c", "not one of a, b"),
        ("string(minLength=32)", "c", "fewer than 32 characters"),
        ("array(int)", "1,x", "element 2: not a whole number"),
        ("record(keyType=enum(us))", '{"asia": 1}', "a key in it is not one of us"),
    ],
)
def test_the_reason_says_what_was_asked(kind: str, value: str, why: str) -> None:
    assert reason(_type(kind), value) == why


@settings(deadline=None)
@given(st.sampled_from(sorted(REJECTED)), st.text("QZ{}[]:/.-@\"', 19", min_size=6, max_size=20))
def test_no_reason_holds_the_value(kind: str, value: str) -> None:
    why = reason(_type(kind), value)
    assert why is None or value not in why


@settings(deadline=None)
@given(st.sampled_from(sorted(RULES)), st.text(max_size=30))
def test_every_rule_answers_on_any_text(name: str, value: str) -> None:
    why = reason(Type(name, members=("a",)), value)
    assert why is None or why


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("int", Type("number", (("isInt", "true"),))),
        ("int(min=1)", Type("number", (("isInt", "true"), ("min", "1")))),
        ("list(str)", Type("array", element=Type("string"))),
        ("dict", Type("record")),
        ("enum(a, b)", Type("enum", members=("a", "b"))),
    ],
)
def test_python_names_are_read_as_the_canonical_types(text: str, kind: Type) -> None:
    assert _type(text) == kind


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("intt", "unknown type 'intt'; did you mean int?"),
        ("boolen", "unknown type 'boolen'; did you mean boolean?"),
        ("enum()", "enum() needs its members"),
        ("enum", "enum() needs its members"),
        ("string(minLenght=3)", "string has no option 'minLenght'; did you mean minLength?"),
        ("string(minLength=x)", "minLength of string cannot be 'x'"),
        ('string(matches="(")', "matches of string cannot be '('"),
        ("number(isDivisibleBy=0)", "isDivisibleBy of number cannot be '0'"),
        ("boolean(x)", "boolean takes options as name=value only"),
        ("array(nothing)", "unknown type 'nothing'"),
        ("array(a, b)", "array takes options"),
        ("enum(f(x))", "'f' cannot stand inside a type here"),
        ("uuid(v=4)", "uuid has no option 'v'"),
        ("array(keyType=int)", "array has no option 'keyType'"),
    ],
)
def test_a_wrong_type_is_told_with_a_suggestion(text: str, message: str) -> None:
    with pytest.raises(DecoratorError) as caught:
        _type(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "text", ["if(eq($A, b), url, string)", "enum($MODES)", "string(minLength=if(eq($A, b), 32, 8))"]
)
def test_a_type_that_varlock_computes_is_not_guessed(text: str) -> None:
    with pytest.raises(DynamicTypeError):
        _type(text)
