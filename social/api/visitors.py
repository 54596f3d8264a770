"""GET and POST visitor: which visitor this browser's session is, and beginning as one (protocol 4.10)."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation import here
from homevault.protocol.addresses import Address
from social.accounts import addresses, limits, visitors
from social.accounts.models import Visitor
from social.api import safety_shapes as shapes
from social.api.describe import describe
from social.api.sessions import CheckedAnonymous

ASKED_A_MINUTE = 120


class VisitorView(APIView):
    authentication_classes = (CheckedAnonymous,)
    permission_classes = (AllowAny,)

    @describe("Which visitor this session is", responses=shapes.VisitorShape)
    def get(self, request: Request) -> Response:
        """The key that the browser holds is this visitor's, or is to be erased."""
        limits.require("visitor", addresses.prefix(request), ASKED_A_MINUTE, limits.MINUTE)
        return Response(_shown(request, visitors.of_session(request.COOKIES.get(visitors.COOKIE, ""))))

    @describe("Begin as a visitor", request=shapes.NewVisitorShape, responses={201: shapes.VisitorShape})
    def post(self, request: Request) -> Response:
        """Sets the cookie of the session. The key is proved by the websocket's handshake."""
        given = shapes.NewVisitorShape(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        visitor, token = visitors.register(wish["certificate"], wish["facts"], addresses.prefix(request))
        response = Response(_shown(request, visitor), status=201)
        response.set_cookie(visitors.COOKIE, token, secure=True, httponly=True, samesite="Lax", path="/")
        return response


def _shown(request: Request, visitor: Visitor | None) -> dict[str, Any]:
    own = Address(*here.site(), visitor.username).wire() if visitor else None
    return {"visitor": own, "site": here.address().wire(), "csrf": get_token(request)}
