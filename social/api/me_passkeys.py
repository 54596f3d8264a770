"""me/security/passkeys: adding, naming and removing passkeys. All of it needs a recent login."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access, factors, passkeys
from social.accounts.models import User
from social.api import security_shapes as shapes
from social.api.describe import describe
from social.api.errors import Failure, absent


class PasskeyOptionsView(APIView):
    @describe("Begin to add a passkey", request=None, responses=shapes.CreationShape)
    def post(self, request: Request) -> Response:
        user = access.member(request.user)
        access.require_recent_login(request)
        return Response({"options": passkeys.begin_adding(request.session, user)})


class PasskeysView(APIView):
    @describe("Add the passkey just made", request=shapes.NewPasskeyShape, responses=shapes.NewCodesShape)
    def post(self, request: Request) -> Response:
        """Recovery codes come with the first factor. 400 `passkey_refused`."""
        user = access.member(request.user)
        access.require_recent_login(request)
        given = shapes.NewPasskeyShape(data=request.data)
        given.is_valid(raise_exception=True)
        name, credential = given.validated_data["name"], given.validated_data["credential"]
        try:
            passkeys.add(request.session, user, name, credential)
        except passkeys.Refused as error:
            raise Failure("passkey_refused", _("That passkey could not be added. Try again.")) from error
        return Response({"recovery_codes": factors.added(user)})


class PasskeyView(APIView):
    @describe("Rename a passkey", request=shapes.PasskeyNameShape, responses={204: None})
    def patch(self, request: Request, id: int) -> Response:
        row = own(request, id)
        given = shapes.PasskeyNameShape(data=request.data)
        given.is_valid(raise_exception=True)
        passkeys.rename(row, given.validated_data["name"])
        return Response(status=204)

    @describe("Remove a passkey", responses={204: None})
    def delete(self, request: Request, id: int) -> Response:
        row = own(request, id)
        factors.remove(row.user, row)
        return Response(status=204)


def own(request: Request, id: int) -> Authenticator:
    user: User = access.member(request.user)
    access.require_recent_login(request)
    row = next((row for row in passkeys.of(user) if row.pk == id), None)
    if row is None:
        raise absent()
    return row
