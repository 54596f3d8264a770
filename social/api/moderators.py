"""moderation/moderators: whom the owner has chosen."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access as accounts
from social.api import safety_shapes as shapes
from social.api.describe import describe
from social.safety import access, moderators


class ModeratorsView(APIView):
    @describe("The members and what they are on this site", responses=shapes.MembersShape)
    def get(self, request: Request) -> Response:
        access.owner(request.user)
        found = [{"username": one.username, "role": one.role} for one in moderators.members()]
        return Response({"members": found})


class ModeratorView(APIView):
    @describe("Make a member a moderator", request=None, responses={204: None})
    def put(self, request: Request, username: str) -> Response:
        by = access.owner(request.user)
        accounts.require_recent_login(request)
        moderators.appoint(by, username)
        return Response(status=204)

    @describe("Make a moderator a member again", responses={204: None})
    def delete(self, request: Request, username: str) -> Response:
        by = access.owner(request.user)
        accounts.require_recent_login(request)
        moderators.release(by, username)
        return Response(status=204)
