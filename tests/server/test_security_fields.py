"""Every field of /api/v1 that takes text, and every body, at its limits and beyond; found in the OpenAPI
document, so that a new one is covered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache

from tests.server.conftest import Member
from tests.server.furnished import House, Names, parameters_of, path_of
from tests.server.operations import Operation, Place, Schema, example, operations, texts, with_value

pytestmark = pytest.mark.django_db
WITH_BODY = [one for one in operations() if one.body]
WITH_TEXT = [one for one in WITH_BODY if any(texts(one.body or {}))]
LAMP = "🏮"
TOO_LONG = "no more than"
HUGE = str(2**70)
INJECTIONS = ("' OR '1'='1", "'; DROP TABLE accounts_user; --", '" UNION SELECT password', "%27 %% \\' /* */")
BROKEN_BODIES = {
    "not utf-8": b'{"source": "\xff\xfe"}',
    "utf-16": '{"source": "a"}'.encode("utf-16"),
    "cut off": b'{"source": "a',
    "half a character": b'{"source": "\\ud800"}',
    "deep": b"[" * 100_000,
    "deep and closed": b'{"source": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "rather deep": b'{"source": ' + b"[" * 1_000 + b"]" * 1_000 + b"}",
    "a list": b"[]",
    "a number": b"1e999",
    "a huge number": b"9" * 5_000,
    "no number": b'{"source": NaN}',
    "twice": b'{"source": "a", "source": 7}',
    "a null character": b'{"source": "\\u0000"}',
}
CLEAN = (*range(200, 500), 502)
"""502: the address could be another site's, and that site did not answer."""


def send(member: Member, names: Names, operation: Operation, body: bytes | str) -> Any:
    cache.clear()
    return member.client.generic(
        operation.method.upper(), path_of(operation, names), body, content_type="application/json"
    )


def as_json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def at(shape: Schema, place: Place, length: int) -> bytes:
    return as_json(with_value(shape, place, LAMP * length))


def test_every_path_leads_to_something(house: House) -> None:
    """Otherwise the tests below might only meet 404."""
    member, names = house
    for operation in operations():
        if operation.method == "get" and "media" not in operation.path and "shows" not in operation.path:
            answer = member.client.get(path_of(operation, names))
            assert answer.status_code in (200, 400), (str(operation), answer.content)


@pytest.mark.parametrize("operation", WITH_TEXT, ids=str)
def test_texts_may_be_as_long_as_the_document_says(operation: Operation, house: House) -> None:
    member, names = house
    shape = operation.body or {}
    for place, text in texts(shape):
        assert "maxLength" in text, f"{operation} {place} has no limit"
        longest = text["maxLength"]
        fits = send(member, names, operation, at(shape, place, longest))
        assert fits.status_code != 413, f"{operation} {place} does not fit into a body"
        assert TOO_LONG not in fits.content.decode(), (place, fits.content)
        over = send(member, names, operation, at(shape, place, longest + 1))
        assert over.status_code in (400, 403), (place, over.status_code, over.content)
        if over.status_code == 400:
            assert TOO_LONG in over.json()["message"], (place, over.content)


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_bodies_that_cannot_be_read_are_refused(operation: Operation, house: House) -> None:
    member, names = house
    for name, body in BROKEN_BODIES.items():
        answer = send(member, names, operation, body)
        assert answer.status_code < 500, (name, answer.content)
        if name in ("not utf-8", "utf-16", "cut off", "deep", "deep and closed", "half a character"):
            assert answer.status_code in (400, 403), (name, answer.status_code, answer.content)
            assert answer.json()["code"], name


@pytest.mark.parametrize("step", ["login", "signup", "reauthenticate", "2fa/authenticate"])
def test_logins_refuse_such_bodies_too(step: str, house: House) -> None:
    for name, body in BROKEN_BODIES.items():
        path = f"/_allauth/browser/v1/auth/{step}"
        answer = house[0].client.generic("POST", path, body, content_type="application/json")
        assert 400 <= answer.status_code < 500, (name, answer.status_code, answer.content)


@pytest.mark.parametrize("operation", WITH_BODY, ids=str)
def test_values_of_another_kind_are_refused(operation: Operation, house: House) -> None:
    member, names = house
    shape = operation.body or {}
    for field in shape.get("properties", {}):
        for value in (None, True, -1, 2**70, 1.5, "", "x", [], [[]], {}, {"": []}):
            answer = send(member, names, operation, as_json({**example(shape), field: value}))
            assert answer.status_code in CLEAN, (field, value, answer.content)


@pytest.mark.parametrize(
    "operation", [one for one in operations() if "{" in one.path or one.parameters("query")], ids=str
)
def test_odd_paths_and_queries_are_refused(operation: Operation, house: House) -> None:
    member, names = house
    call = getattr(member.client, operation.method)
    for odd in (*INJECTIONS, HUGE, "-1", "0", "..", "%00", "\x00", LAMP * 500, "p" + HUGE, "²", "t" * 5_000):
        cache.clear()
        for key in parameters_of(operation):
            answer = call(path_of(operation, {**names, key: odd.replace("/", "%2F")}))
            assert answer.status_code < 500, (key, odd, answer.content)
        for name in operation.parameters("query"):
            answer = call(path_of(operation, names), query_params={name: odd})
            assert answer.status_code < 500, (name, odd, answer.content)


@pytest.mark.parametrize(
    ("method", "path", "field", "rest"),
    [
        ("patch", "me/profile", "description", {}),
        ("patch", "me/profile", "name", {}),
        ("post", "drafts", "source", {}),
        ("post", "posts", "title", {"source": "x"}),
        ("put", "site/texts/rules", "source", {}),
        ("post", "moderation/sites", "reason", {"pattern": "worse{}.example"}),
    ],
)
def test_sql_is_only_text(
    method: str, path: str, field: str, rest: dict[str, str], house: tuple[Member, Names]
) -> None:
    member, _ = house
    for number, text in enumerate(INJECTIONS):
        call = getattr(member.client, method)
        body = {**filled(rest, number), field: text}
        answer = call(f"/api/v1/{path}", body, content_type="application/json")
        assert answer.status_code in (200, 201), answer.content
        assert found(answer.json(), field) == text


def filled(rest: dict[str, str], number: int) -> dict[str, str]:
    return {name: value.format(number) for name, value in rest.items()}


def found(answer: Any, name: str) -> Any:
    """The value of this name, wherever it stands."""
    if isinstance(answer, dict):
        inner = (found(value, name) for key, value in answer.items() if key != name)
        return answer[name] if name in answer else next((one for one in inner if one is not None), None)
    if isinstance(answer, list):
        return next((value for value in (found(one, name) for one in answer) if value is not None), None)
    return None
