"""blocks: whom I take nothing of. The blocked are not told."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from homevault.protocol.addresses import Address
from social.accounts import access as accounts
from social.api import safety_shapes as shapes
from social.api.describe import describe
from social.people import lookup
from social.safety import persons
from social.safety.models import PersonBlock


def shown(block: PersonBlock) -> dict[str, Any]:
    return {"address": str(Address(block.ip, block.port, block.username)), "made": block.made}


class PersonBlocksView(APIView):
    @describe("Whom I have blocked", responses=shapes.PersonBlocksShape)
    def get(self, request: Request) -> Response:
        user = accounts.member(request.user)
        return Response({"blocks": [shown(block) for block in persons.of(user)]})

    @describe("Block a person", request=shapes.NewPersonBlockShape, responses={201: shapes.PersonBlockShape})
    def post(self, request: Request) -> Response:
        user = accounts.member(request.user)
        given = shapes.NewPersonBlockShape(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        block = persons.block(user, lookup.read_address(wish["address"]), wish["account"])
        return Response(shown(block), status=201)


class PersonBlockView(APIView):
    @describe("Take things of a person again", responses={204: None})
    def delete(self, request: Request, address: str) -> Response:
        persons.unblock(accounts.member(request.user), lookup.read_address(address))
        return Response(status=204)
