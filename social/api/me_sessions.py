"""GET and DELETE me/sessions, DELETE me/sessions/<id>: where the member is logged in."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access, sessions
from social.accounts.models import LoginSession
from social.api import security_shapes as shapes
from social.api.describe import describe
from social.api.errors import absent


def shown(row: LoginSession, current: str) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "browser": row.browser,
        "system": row.system,
        "opened": row.opened,
        "seen": row.seen,
        "current": row.public_id == current,
    }


class SessionsView(APIView):
    @describe("Where I am logged in", responses=shapes.SessionShape(many=True))
    def get(self, request: Request) -> Response:
        user = access.member(request.user)
        current = sessions.public_id(request.session)
        return Response([shown(row, current) for row in sessions.of(user)])

    @describe("End all my sessions but this one", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Needs a recent login."""
        user = access.member(request.user)
        access.require_recent_login(request)
        sessions.end_others(user, sessions.public_id(request.session))
        return Response(status=204)


class OneSessionView(APIView):
    @describe("End one of my sessions", responses={204: None})
    def delete(self, request: Request, id: str) -> Response:
        """Its requests and sockets are refused from now on. 404 `not_found`."""
        if not sessions.end(access.member(request.user), id):
            raise absent()
        return Response(status=204)
