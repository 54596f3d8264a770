"""GET site, POST setup: what anybody may know of this site, and the first run."""

from __future__ import annotations

from django.conf import settings
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation import here, sitekey
from social.accounts import addresses, mail, setup, throttle
from social.api import shapes
from social.api.describe import describe
from social.api.errors import Failure
from social.api.sessions import CheckedAnonymous


class SiteView(APIView):
    permission_classes = (AllowAny,)

    @describe("This site", responses=shapes.SiteShape)
    def get(self, request: Request) -> Response:
        found = {
            "name": settings.PORCHLIGHT.name,
            "address": here.address().wire(),
            "key": sitekey.current().public,
            "setup": "done" if setup.is_done() else "open",
            "mail": mail.possible(),
            "csrf": get_token(request),
        }
        return Response(found)


class SetupView(APIView):
    authentication_classes = (CheckedAnonymous,)
    permission_classes = (AllowAny,)

    @describe("Redeem the first-run token", request=shapes.SetupShape, responses={204: None})
    def post(self, request: Request) -> Response:
        """Lets this session sign up once. The same session may repeat it."""
        given = shapes.SetupShape(data=request.data)
        given.is_valid(raise_exception=True)
        with throttle.guess(("failures", addresses.prefix(request), throttle.FAILURES_OF_ADDRESS)):
            if not setup.redeem(request.session, given.validated_data["token"]):
                message = _("This link does not work, or was used already. Ask for a new one on the server.")
                raise Failure("setup_token", message, 403)
        return Response(status=204)
