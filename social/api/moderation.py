"""moderation: who is here, blocks, notices and the log. For moderators only."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts.access import Absent
from social.api import safety_shapes as shapes
from social.api.describe import describe
from social.safety import access, blocks, log, notices, presence
from social.safety.models import Block, LogEntry, Report
from social.safety.presence import Present

LONGEST_NUMBER = 15


def shown(block: Block) -> dict[str, Any]:
    names = ("label", "emergency", "reason", "made", "until")
    return {"id": block.pk, **{name: getattr(block, name) for name in names}}


def shown_present(one: Present, viewer: str) -> dict[str, Any]:
    block = blocks.block_of(one.username, one.device)
    return {
        "handle": one.handle,
        "who": one.kind,
        "name": one.name,
        "username": one.username if one.kind == "member" else "",
        "blocked_until": block.until if block else None,
        "own": one.username == viewer,
    }


def shown_entry(entry: LogEntry) -> dict[str, Any]:
    names = ("id", "time", "actor", "deed", "target", "why", "details")
    return {name: getattr(entry, name) for name in names}


class ModerationView(APIView):
    @describe("Who is here now, and the blocks that stand", responses=shapes.ModerationShape)
    def get(self, request: Request) -> Response:
        viewer = access.moderator(request.user)
        return Response(
            {
                "present": [shown_present(one, viewer.username) for one in presence.online()],
                "blocks": [shown(block) for block in blocks.current().order_by("until")],
                "open_reports": Report.objects.filter(status=Report.OPEN).count(),
            }
        )


class BlocksView(APIView):
    @describe("Block a device", request=shapes.NewBlockShape, responses={201: shapes.BlockShape})
    def post(self, request: Request) -> Response:
        """And whoever it belongs to. It begins at once and ends by itself."""
        by = access.acting_moderator(request.user)
        given = shapes.NewBlockShape(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        target = presence.find(wish["handle"]) if "handle" in wish else presence.member(wish["username"])
        return Response(shown(blocks.begin(by, target, wish["hours"], wish["reason"])), status=201)


class BlockView(APIView):
    @describe("End a block early", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        by = access.acting_moderator(request.user)
        block = Block.objects.filter(pk=pk).first()
        if block is None:
            raise Absent
        blocks.lift(by, block)
        return Response(status=204)


class NoticesView(APIView):
    @describe("Say something live", request=shapes.NoticeShape, responses={201: shapes.ToldShape})
    def post(self, request: Request) -> Response:
        """To one device, on which alone it is shown, or to an audience of those who are here."""
        by = access.acting_moderator(request.user)
        given = shapes.NoticeShape(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        if "handle" in wish:
            devices = notices.to_device(by, wish["handle"], wish["text"])
        else:
            devices = notices.to_all(by, wish["audience"], wish["text"])
        return Response({"devices": devices}, status=201)


class LogView(APIView):
    @describe(
        "The moderators' log, newest first",
        parameters=[("before", "only entries before this id")],
        responses=shapes.LogShape,
    )
    def get(self, request: Request) -> Response:
        access.moderator(request.user)
        text = request.query_params.get("before", "")
        good = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
        entries = log.newest(int(text) if good else None)
        return Response({"entries": [shown_entry(entry) for entry in entries]})
