"""Schemathesis asks every operation of the API in everybody's name: nothing breaks, nothing is answered but
what the document says, and who is not logged in learns nothing. SCHEMATHESIS_EXAMPLES asks more often."""

from __future__ import annotations

import os
from typing import Any

import hypothesis
import pytest
import requests
import schemathesis
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, Phase
from schemathesis import Case, GenerationMode
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from social.accounts.models import User
from tests.server.furnished import House, parameters_of
from tests.server.operations import Operation, document, operations

pytestmark = pytest.mark.django_db
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4"))
ORIGIN = "http://localhost:8001"
CHECKS = [response_schema_conformance, content_type_conformance]
ROLES = (None, User.MEMBER, User.MODERATOR, User.OWNER)
BOUNDS = hypothesis.settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def asked() -> Any:
    """The document as schemathesis reads it; who asks is for the tests to say, so no cookie is made up."""
    found = document()
    for methods in found["paths"].values():
        for described in methods.values():
            described.pop("security", None)
    return schemathesis.openapi.from_dict(found)


SCHEMA = asked()
schemathesis.serializer.alias(["application/offset+octet-stream"], "application/octet-stream")


def ask(client: Client, case: Case) -> Response:
    """The case, asked in this process, as schemathesis wants an answer."""
    request = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN)).prepare()
    body = request.body or b""
    cache.clear()
    found = client.generic(
        request.method or "",
        (request.url or "").removeprefix(ORIGIN),
        body,
        content_type=request.headers.get("Content-Type", ""),
    )
    headers = {name: [value] for name, value in found.items()}
    return Response(found.status_code, headers, getattr(found, "content", b""), request, 0.0, False)


def modes_of(operation: Operation) -> list[GenerationMode]:
    """What says nothing but its path cannot be asked wrongly."""
    says = operation.body or operation.parameters("query")
    return [GenerationMode.POSITIVE, GenerationMode.NEGATIVE] if says else [GenerationMode.POSITIVE]


@pytest.mark.parametrize("operation", operations(), ids=str)
@pytest.mark.parametrize("role", ROLES)
def test_the_document_is_kept(operation: Operation, role: str | None, house: House) -> None:
    member, names = house
    User.objects.filter(username=member.username).update(role=role or User.MEMBER)
    client = member.client if role else Client(headers={"host": "localhost:8001"})
    places = {name: names[before, name] for before, name in parameters_of(operation)}
    described = SCHEMA[operation.path][operation.method.upper()]

    for mode in modes_of(operation):

        @BOUNDS
        @hypothesis.given(described.as_strategy(mode, path_parameters=places))
        def one(case: Case) -> None:
            answer = ask(client, case)
            assert answer.status_code < 500 or answer.status_code == 502, answer.text
            if role is None and not operation.is_open:
                assert answer.status_code == 401
            case.validate_response(answer, checks=CHECKS)

        one()
