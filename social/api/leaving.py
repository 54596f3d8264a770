"""me/leaving: deleting one's account, to be taken back by a login for some days."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access, leaving
from social.api import data_shapes as shapes
from social.api.describe import describe
from social.api.errors import Failure


class LeavingView(APIView):
    @describe("What leaving would mean", responses=shapes.LeavingShape)
    def get(self, request: Request) -> Response:
        """`heirs` is empty where nobody has to take the site over."""
        user = access.member(request.user)
        heirs = [one.username for one in leaving.heirs(user)]
        return Response({"days": settings.PORCHLIGHT.grace_days, "heirs": heirs})

    @describe("Delete my account", request=shapes.LeaveShape, responses=shapes.LeftShape)
    def post(self, request: Request) -> Response:
        """At once the pages are gone and all logins end; at `until` everything is erased. 403 `recent_login`,
        400 `wrong_name`, 409 `last_owner`."""
        user = access.member(request.user)
        access.require_recent_login(request)
        given = shapes.LeaveShape(data=request.data)
        given.is_valid(raise_exception=True)
        if given.validated_data["username"].strip().lstrip("@").lower() != user.username:
            raise Failure("wrong_name", _("That is not your name here. Type it as in your address."))
        try:
            until = leaving.leave(user, given.validated_data["heir"])
        except leaving.LastOwner as error:
            message = _("The site is yours, and others live here. Choose who owns it after you.")
            raise Failure("last_owner", message, 409) from error
        logout(request)
        return Response({"until": until})
