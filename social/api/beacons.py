"""GET and PUT me/beacons: the sites that tell of the member's move when this one is gone."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from homevault.protocol.moves import Profile
from social.accounts import access
from social.api import shapes
from social.api.describe import describe
from social.people import beacons


class BeaconsView(APIView):
    @describe("My beacons", responses=shapes.BeaconsShape)
    def get(self, request: Request) -> Response:
        return Response(_shown(beacons.own(access.member(request.user))))

    @describe("Name my beacons", request=shapes.SignedProfileShape, responses=shapes.BeaconsShape)
    def put(self, request: Request) -> Response:
        """Up to three sites, signed by a listed device. A statement that is not newer than the one known
        changes nothing; the answer is the newest."""
        user = access.member(request.user)
        given = shapes.SignedProfileShape(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(_shown(beacons.take(user, dict(given.validated_data))))


def _shown(statement: Profile | None) -> dict[str, Any]:
    if statement is None:
        return {"number": 0, "beacons": []}
    return {"number": statement.number, "beacons": [each.wire() for each in statement.beacons]}
