"""site/look: the theme of the public pages, for the owner: what there is, how it would look, which it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts.access import Absent
from social.accounts.models import User
from social.api import look_shapes as shapes
from social.api.describe import describe
from social.public import assets, build, looks, published
from social.public.looks import Offer
from social.public.themes import BadTheme
from social.safety import access

STYLE = "/api/v1/site/look/style?theme="
SHOWN = ("paper", "raised", "ink", "muted", "line", "accent", "accent-ink", "reading", "radius")


def shown(offer: Offer) -> dict[str, Any]:
    theme = offer.theme
    return {
        "name": offer.name,
        "title": theme.title if theme else offer.name,
        "author": theme.author if theme else "",
        "problem": offer.problem,
        "tokens": {key: value for key, value in theme.tokens if key in SHOWN} if theme else {},
    }


def look() -> dict[str, Any]:
    return {"theme": looks.chosen(), "themes": [shown(offer) for offer in looks.offers()]}


class LookView(APIView):
    @describe("The themes there are, and the one in use", responses=shapes.LookShape)
    def get(self, request: Request) -> Response:
        access.owner(request.user)
        return Response(look())

    @describe("Use a theme", request=shapes.ThemeChoiceShape, responses=shapes.LookShape)
    def put(self, request: Request) -> Response:
        """Empty: the site's own look. All public pages are made anew in the background."""
        by = access.owner(request.user)
        given = shapes.ThemeChoiceShape(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            looks.choose(by, given.validated_data["theme"])
        except BadTheme as error:
            raise Absent from error
        return Response(look())


THEME = [("theme", "a theme's name; empty: the site's own look")]


class LookPreviewView(APIView):
    @describe("My public page in a theme, for my eyes only", parameters=THEME, responses={200: str})
    def get(self, request: Request) -> HttpResponse:
        by = access.owner(request.user)
        return tried(by, request.query_params.get("theme", ""), is_style=False)


class LookStyleView(APIView):
    @describe("The stylesheet of such a page", parameters=THEME, responses={200: str})
    def get(self, request: Request) -> HttpResponse:
        by = access.owner(request.user)
        return tried(by, request.query_params.get("theme", ""), is_style=True)


def tried(by: User, name: str, is_style: bool) -> HttpResponse:
    try:
        with looks.trying(name, STYLE + name):
            page = assets.stylesheet() if is_style else build.preview(by)
    except BadTheme as error:
        raise Absent from error
    answer = HttpResponse(page.body, content_type=published.CSS if is_style else published.HTML)
    answer["Cache-Control"] = "no-store"
    return answer
