"""me/security/email, reset/mail: a member's e-mail address, and a new password by a link that is sent there.

404 where the site cannot send mail; taking an address away always works.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import (
    access,
    addresses,
    mail,
    mail_address,
    mail_reset,
    passwords,
    reset,
    throttle,
)
from social.api import security_shapes as shapes
from social.api.describe import describe
from social.api.errors import Failure, absent
from social.api.sessions import CheckedAnonymous


def require_mail() -> None:
    if not mail.possible():
        raise absent()


class EmailView(APIView):
    @describe("Send a code to a new address", request=shapes.EmailShape, responses={204: None})
    def post(self, request: Request) -> Response:
        """It counts once PUT has shown the code."""
        user = access.member(request.user)
        require_mail()
        access.require_recent_login(request)
        given = shapes.EmailShape(data=request.data)
        given.is_valid(raise_exception=True)
        email = given.validated_data["email"]
        to_address = ("mail-to", email.lower(), throttle.MAIL_TO_ADDRESS)
        throttle.take(*mail.limits(user.username, addresses.prefix(request)), to_address)
        mail_address.ask(user, request.session, email)
        return Response(status=204)

    @describe("Use the new address", request=shapes.CodeShape, responses={204: None})
    def put(self, request: Request) -> Response:
        """400 `mail_code`."""
        user = access.member(request.user)
        require_mail()
        access.require_recent_login(request)
        given = shapes.CodeShape(data=request.data)
        given.is_valid(raise_exception=True)
        with throttle.guess(("code", user.username, throttle.FACTOR_OF_ACCOUNT)):
            if not mail_address.confirm(user, request.session, given.validated_data["code"]):
                raise Failure("mail_code", _("That is not the code of the newest mail, or it is too old."))
        return Response(status=204)

    @describe("Forget my address", responses={204: None})
    def delete(self, request: Request) -> Response:
        user = access.member(request.user)
        access.require_recent_login(request)
        mail_address.remove(user)
        return Response(status=204)


class ResetMailView(APIView):
    authentication_classes = (CheckedAnonymous,)
    permission_classes = (AllowAny,)

    @describe("Ask for a link by mail", request=shapes.NameShape, responses={204: None})
    def post(self, request: Request) -> Response:
        """The same answer for every name."""
        require_mail()
        given = shapes.NameShape(data=request.data)
        given.is_valid(raise_exception=True)
        username = given.validated_data["username"].lower()
        throttle.take(*mail.limits(username, addresses.prefix(request)))
        mail_reset.ask(username)
        return Response(status=204)

    @describe("Set a new password by the link", request=shapes.LinkResetShape, responses={204: None})
    def put(self, request: Request) -> Response:
        """All sessions of the member end. 403 `mail_link` whatever did not fit; 400 `weak_password`."""
        require_mail()
        given = shapes.LinkResetShape(data=request.data)
        given.is_valid(raise_exception=True)
        token, password = given.validated_data["token"], given.validated_data["password"]
        with throttle.guess(("failures", addresses.prefix(request), throttle.FAILURES_OF_ADDRESS)):
            try:
                mail_reset.put(token, password)
            except passwords.Weak as error:
                raise Failure("weak_password", str(error)) from error
            except reset.Refused as error:
                message = _("This link is too old or was used already. Ask for a new one.")
                raise Failure("mail_link", message, 403) from error
        return Response(status=204)
