"""invites: links that let people in, of the owner and of moderators who may. join: redeeming one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation import clock
from social.accounts import addresses, invites, throttle
from social.accounts.models import Invite
from social.api import shapes
from social.api.describe import describe
from social.api.errors import Failure
from social.api.sessions import CheckedAnonymous
from social.safety import access, inviting


def shown(row: Invite) -> dict[str, Any]:
    return {
        "id": row.pk,
        "label": row.label,
        "maker": row.maker.username if row.maker else "",
        "made": row.made,
        "expires": row.expires,
        "uses": row.uses,
        "open": row.revoked is None and row.expires > clock.now() and row.used < row.uses,
        "members": sorted(member.username for member in row.members.all()),
    }


class InvitesView(APIView):
    @describe("The invite links, newest first", responses=shapes.InvitesShape)
    def get(self, request: Request) -> Response:
        by = inviting.inviter(request.user)
        found = [shown(row) for row in inviting.links(by)]
        return Response({"invites": found, "moderators_may": inviting.moderators_may()})

    @describe("Make an invite link", request=shapes.NewInviteShape, responses={201: shapes.InviteMadeShape})
    def post(self, request: Request) -> Response:
        """The link is shown this once; the site keeps a hash of it."""
        by = inviting.inviter(request.user)
        given = shapes.NewInviteShape(data=request.data)
        given.is_valid(raise_exception=True)
        row, token = inviting.make(by, **given.validated_data)
        return Response({**shown(row), "link": invites.link(token)}, status=201)


class InviteView(APIView):
    @describe("Revoke an invite link", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Who came by it stays."""
        inviting.revoke(inviting.inviter(request.user), pk)
        return Response(status=204)


class InvitersView(APIView):
    @describe("Let moderators invite", request=shapes.InvitersShape, responses=shapes.InvitersShape)
    def put(self, request: Request) -> Response:
        """Or no longer. Links that they made stay."""
        by = access.owner(request.user)
        given = shapes.InvitersShape(data=request.data)
        given.is_valid(raise_exception=True)
        inviting.allow(by, given.validated_data["moderators_may"])
        return Response(given.validated_data)


class JoinView(APIView):
    authentication_classes = (CheckedAnonymous,)
    permission_classes = (AllowAny,)

    @describe("Redeem an invite", request=shapes.JoinShape, responses={204: None})
    def post(self, request: Request) -> Response:
        """Lets this session sign up once. 403 `invite_refused` for wrong, old and used ones alike."""
        given = shapes.JoinShape(data=request.data)
        given.is_valid(raise_exception=True)
        with throttle.guess(("failures", addresses.prefix(request), throttle.FAILURES_OF_ADDRESS)):
            if not invites.redeem(request.session, given.validated_data["token"]):
                message = _("This invite does not work any more. Ask whoever sent it for another one.")
                raise Failure("invite_refused", message, 403)
        return Response(status=204)
