"""me/export: everything the site stores of the member asking, as one ZIP. Needs a recent login."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access, limits, takeout
from social.api import data_shapes as shapes
from social.api.describe import describe
from social.api.streams import zip_answer

AN_HOUR = 6


class TakeoutView(APIView):
    @describe("Everything as a ZIP", responses={(200, "application/zip"): bytes})
    def get(self, request: Request) -> StreamingHttpResponse:
        """`README.md` in it says what is where. 403 `recent_login`."""
        user = access.member(request.user)
        access.require_recent_login(request)
        limits.require("takeout", user.username, AN_HOUR, limits.HOUR)
        return zip_answer(user, takeout.stream(user), "everything")

    @describe("May I take everything out now?", request=None, responses={204: None})
    def post(self, request: Request) -> Response:
        """Asked before a browser's own download begins. 403 `recent_login`."""
        user = access.member(request.user)
        access.require_recent_login(request)
        takeout.forget_progress(user)
        return Response(status=204)


class TakeoutProgressView(APIView):
    @describe("How far my takeout is", responses=shapes.ProgressShape)
    def get(self, request: Request) -> Response:
        return Response(takeout.progress(access.member(request.user)))
