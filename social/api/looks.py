"""site/look: the theme of public pages and the app, for the owner: what there is, how it would look, which
it is."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.api import look_shapes as shapes
from social.api.describe import describe
from social.safety import access
from social.safety.looks import Offer, looks

STYLE = "/api/v1/site/look/style?theme="
SHOWN = ("paper", "raised", "ink", "muted", "line", "accent", "accent-ink", "reading", "radius")


def sample(tokens: dict[str, str]) -> dict[str, str]:
    """What it takes to draw a theme small."""
    return {key: value for key, value in tokens.items() if key in SHOWN}


def shown(offer: Offer) -> dict[str, Any]:
    return {**asdict(offer), "tokens": sample(offer.tokens)}


def look() -> dict[str, Any]:
    known = looks()
    return {
        "theme": known.chosen(),
        "stylesheet": known.worn(),
        "plain": sample(known.plain()),
        "themes": [shown(offer) for offer in known.offers()],
    }


class LookView(APIView):
    @describe("The themes there are, and the one in use", responses=shapes.LookShape)
    def get(self, request: Request) -> Response:
        access.owner(request.user)
        return Response(look())

    @describe("Use a theme", request=shapes.ThemeChoiceShape, responses=shapes.LookShape)
    def put(self, request: Request) -> Response:
        """Empty: the site's own look. All public pages are made anew in the background; the app wears it
        when it starts next."""
        by = access.owner(request.user)
        given = shapes.ThemeChoiceShape(data=request.data)
        given.is_valid(raise_exception=True)
        looks().choose(by, given.validated_data["theme"])
        return Response(look())


THEME = [("theme", "a theme's name; empty: the site's own look")]


class LookPreviewView(APIView):
    @describe(
        "My public page in a theme, for my eyes only", parameters=THEME, responses={(200, "text/html"): str}
    )
    def get(self, request: Request) -> HttpResponse:
        by = access.owner(request.user)
        name = request.query_params.get("theme", "")
        return unkept(looks().page(by, name, STYLE + name), "text/html; charset=utf-8")


class LookStyleView(APIView):
    @describe("The stylesheet of such a page", parameters=THEME, responses={(200, "text/css"): str})
    def get(self, request: Request) -> HttpResponse:
        access.owner(request.user)
        return unkept(looks().style(request.query_params.get("theme", "")), "text/css; charset=utf-8")


def unkept(body: bytes, content_type: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=content_type)
    answer["Cache-Control"] = "no-store"
    return answer
