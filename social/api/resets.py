"""POST reset/challenge, POST reset: a new password by the recovery phrase, for anybody who has it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import addresses, passwords, reset, throttle
from social.api import security_shapes as shapes
from social.api.describe import describe
from social.api.errors import Failure
from social.api.sessions import CheckedAnonymous


class ResetChallengeView(APIView):
    authentication_classes = (CheckedAnonymous,)
    permission_classes = (AllowAny,)

    @describe("Ask for a challenge", request=shapes.NameShape, responses=shapes.ChallengeShape)
    def post(self, request: Request) -> Response:
        """There is one for every name."""
        throttle.take(("reset", addresses.prefix(request), throttle.QUESTIONS_OF_ADDRESS))
        given = shapes.NameShape(data=request.data)
        given.is_valid(raise_exception=True)
        nonce, expires = reset.challenge(given.validated_data["username"].lower())
        return Response({"nonce": nonce, "expires": expires})


class ResetView(APIView):
    authentication_classes = (CheckedAnonymous,)
    permission_classes = (AllowAny,)

    @describe("Set a new password", request=shapes.ResetShape, responses={204: None})
    def post(self, request: Request) -> Response:
        """All sessions of the member end. 403 `reset_refused` whatever did not fit; 400 `weak_password`."""
        given = shapes.ResetShape(data=request.data)
        given.is_valid(raise_exception=True)
        statement, password = given.validated_data["statement"], given.validated_data["password"]
        with throttle.guess(*limits(request, statement)):
            try:
                reset.reset(statement, password)
            except passwords.Weak as error:
                raise Failure("weak_password", str(error)) from error
            except reset.Refused as error:
                message = _("These words, this name and this site do not belong together.")
                raise Failure("reset_refused", message, 403) from error
        return Response(status=204)


def limits(request: Request, statement: dict[str, object]) -> tuple[throttle.Limit, ...]:
    """Counted by the account that signs, so that nobody can keep a member from resetting."""
    of_account = ("phrase", str(statement.get("account"))[:64], throttle.PHRASE_OF_ACCOUNT)
    return of_account, ("failures", addresses.prefix(request), throttle.FAILURES_OF_ADDRESS)
