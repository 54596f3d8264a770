"""GET me, PATCH me/profile: the member who is logged in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.middleware.csrf import get_token
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation import here
from homevault.protocol.addresses import Address
from social.accounts import access, languages
from social.accounts.models import User
from social.api import shapes
from social.api.describe import describe
from social.people import pictures, profiles
from social.safety import inviting, telling


def me(request: Request, user: User) -> dict[str, Any]:
    ip, port = here.site()
    return {
        "username": user.username,
        "address": Address(ip, port, user.username).wire(),
        "account": user.account,
        "role": user.role,
        "language": user.language,
        "light_shown": not profiles.hiding([user]),
        "may_invite": inviting.may_invite(user),
        "profile": asdict(profiles.of(user)),
        "csrf": get_token(request),
    }


class MeView(APIView):
    @describe("The member who is logged in", responses=shapes.MeShape)
    def get(self, request: Request) -> Response:
        return Response(me(request, access.member(request.user)))


class LanguageView(APIView):
    @describe("Choose a language", request=shapes.LanguageShape, responses=shapes.LanguageShape)
    def put(self, request: Request) -> Response:
        """Of the app in every browser of this member, and of their public pages."""
        user = access.member(request.user)
        given = shapes.LanguageShape(data=request.data)
        given.is_valid(raise_exception=True)
        languages.choose(user, given.validated_data["language"])
        return Response({"language": user.language})


class LightView(APIView):
    @describe("Who sees my light", request=shapes.LightShape, responses=shapes.LightShape)
    def put(self, request: Request) -> Response:
        """Hidden, I look to others on this site as if I were not connected."""
        user = access.member(request.user)
        given = shapes.LightShape(data=request.data)
        given.is_valid(raise_exception=True)
        profiles.hide_light(user, not given.validated_data["shown"])
        telling.members()
        return Response(given.validated_data)


class ProfileView(APIView):
    @describe("Change the profile", request=shapes.ProfileChangeShape, responses=shapes.ProfileShape)
    def patch(self, request: Request) -> Response:
        """Members that are left out stay as they are."""
        user = access.member(request.user)
        given = shapes.ProfileChangeShape(data=request.data)
        given.is_valid(raise_exception=True)
        changes = dict(given.validated_data)
        if "picture" in changes:
            _show_picture(user, changes.pop("picture"))
        return Response(asdict(profiles.change(user, changes) if changes else profiles.of(user)))


def _show_picture(user: User, choice: Mapping[str, Any] | None) -> None:
    if choice is None:
        pictures.remove(user)
    else:
        pictures.choose(user, choice["uid"], choice["alt"])
