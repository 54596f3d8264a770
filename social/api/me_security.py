"""me/security, me/security/totp, me/security/recovery-codes, me/password: what opens a login.

Everything that changes it needs a recent login (403 `recent_login`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access, factors, passkeys, passwords, recovery_codes, throttle, totp, typed
from social.accounts.models import User
from social.api import security_shapes as shapes
from social.api.describe import describe
from social.api.errors import Failure, absent

NEW_SECRET = "new_totp"  # noqa: S105


def milliseconds(moment: datetime | None) -> int | None:
    return int(moment.timestamp() * 1000) if moment else None


def factor(row: Authenticator) -> dict[str, Any]:
    return {"since": milliseconds(row.created_at), "used": milliseconds(row.last_used_at)}


def passkey(row: Authenticator) -> dict[str, Any]:
    return {**factor(row), "id": row.pk, "name": row.data["name"]}


def security(user: User) -> dict[str, Any]:
    app, codes = totp.of(user), recovery_codes.of(user)
    return {
        "totp": factor(app) if app else None,
        "recovery_codes": codes
        and {
            "since": codes.data["made"],
            "left": recovery_codes.left(codes),
            "total": recovery_codes.COUNT,
        },
        "passkeys": [passkey(row) for row in passkeys.of(user)],
        "email": user.email,
    }


class SecurityView(APIView):
    @describe("What opens my login besides the password", responses=shapes.SecurityShape)
    def get(self, request: Request) -> Response:
        return Response(security(access.member(request.user)))


class TotpView(APIView):
    @describe("A new secret for an authenticator app", request=None, responses=shapes.NewTotpShape)
    def post(self, request: Request) -> Response:
        """It counts once PUT has shown a code of it."""
        user = access.member(request.user)
        access.require_recent_login(request)
        secret = request.session[NEW_SECRET] = totp.new_secret()
        return Response({"secret": secret, "uri": totp.uri(user, secret)})

    @describe("Use the new secret", request=shapes.CodeShape, responses=shapes.NewCodesShape)
    def put(self, request: Request) -> Response:
        """Recovery codes come with the first factor. 400 `code_refused`."""
        user = access.member(request.user)
        access.require_recent_login(request)
        given = shapes.CodeShape(data=request.data)
        given.is_valid(raise_exception=True)
        secret = request.session.get(NEW_SECRET)
        if secret is None:
            raise absent()
        code = typed.code(given.validated_data["code"])
        with throttle.guess(("code", user.username, throttle.FACTOR_OF_ACCOUNT)):
            if not totp.activate(user, secret, code):
                raise code_refused()
        del request.session[NEW_SECRET]
        return Response({"recovery_codes": factors.added(user)})

    @describe("Use the authenticator app no longer", responses={204: None})
    def delete(self, request: Request) -> Response:
        user = access.member(request.user)
        access.require_recent_login(request)
        found = totp.of(user)
        if found is None:
            raise absent()
        factors.remove(user, found)
        return Response(status=204)


def code_refused() -> Failure:
    return Failure("code_refused", _("That code does not work. Check the time on both devices."))


class RecoveryCodesView(APIView):
    @describe("New recovery codes", request=None, responses=shapes.NewCodesShape)
    def post(self, request: Request) -> Response:
        """The old ones work no longer. 404 without a factor that they could stand in for."""
        user = access.member(request.user)
        access.require_recent_login(request)
        if not factors.has_any(user):
            raise absent()
        return Response({"recovery_codes": recovery_codes.renew(user)})


class PasswordView(APIView):
    @describe("Change my password", request=shapes.PasswordShape, responses={204: None})
    def put(self, request: Request) -> Response:
        """All other sessions end. 400 `weak_password`."""
        user = access.member(request.user)
        access.require_recent_login(request)
        given = shapes.PasswordShape(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            passwords.change(request._request, user, given.validated_data["password"])
        except passwords.Weak as error:
            raise Failure("weak_password", str(error)) from error
        return Response(status=204)
