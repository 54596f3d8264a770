"""moderation/sites: the sites that the owner has blocked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation.models import SiteBlock
from social.accounts.access import Absent
from social.api import safety_shapes as shapes
from social.api.describe import describe
from social.safety import access, blocklists, sites


def shown(block: SiteBlock) -> dict[str, Any]:
    return {"id": block.pk, "pattern": block.pattern, "reason": block.reason, "made": block.made}


class SiteBlocksView(APIView):
    @describe("The sites that are blocked", responses=shapes.SiteBlocksShape)
    def get(self, request: Request) -> Response:
        access.moderator(request.user)
        return Response({"sites": [shown(block) for block in SiteBlock.objects.order_by("pattern")]})

    @describe("Block sites", request=shapes.NewSiteBlockShape, responses={201: shapes.SiteBlockShape})
    def post(self, request: Request) -> Response:
        """`*` stands for any characters, `?` for one, `literals` for every site without a name."""
        by = access.owner(request.user)
        given = shapes.NewSiteBlockShape(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        return Response(shown(sites.block(by, wish["pattern"], wish["reason"])), status=201)


class SiteBlockListView(APIView):
    @describe(
        "Block the sites of a shared list",
        request=shapes.BlockListShape,
        responses=shapes.BlockListReportShape,
    )
    def post(self, request: Request) -> Response:
        """CSV with a `domain` column, or one domain a line. Without `apply` nothing changes: a preview."""
        by = access.owner(request.user)
        given = shapes.BlockListShape(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(asdict(blocklists.read(by, **given.validated_data)))


class SiteBlockView(APIView):
    @describe("End the block of sites", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        by = access.owner(request.user)
        block = SiteBlock.objects.filter(pk=pk).first()
        if block is None:
            raise Absent
        sites.unblock(by, block)
        return Response(status=204)
