"""site/texts: what the owner says about the site."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts.access import Absent
from social.api import safety_shapes as shapes
from social.api.describe import describe
from social.safety import access, texts
from social.safety.models import SiteText


class SiteTextsView(APIView):
    @describe("Rules, privacy, imprint and contact as written", responses=shapes.SiteTextsShape)
    def get(self, request: Request) -> Response:
        access.moderator(request.user)
        found = [{"name": kind, "source": source} for kind, source in texts.every().items()]
        return Response({"texts": found})


class SiteTextView(APIView):
    @describe("Write one of them", request=shapes.NewSiteTextShape, responses=shapes.SiteTextShape)
    def put(self, request: Request, kind: str) -> Response:
        """The owner's. Its public page changes with it."""
        by = access.owner(request.user)
        if kind not in SiteText.KINDS:
            raise Absent
        given = shapes.NewSiteTextShape(data=request.data)
        given.is_valid(raise_exception=True)
        texts.write(by, kind, given.validated_data["source"])
        return Response({"name": kind, "source": texts.source(kind)})
