"""archives: taking my posts out, and bringing some in."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access as accounts
from social.accounts import limits
from social.api import posts_lists_shapes as shapes
from social.api.describe import describe
from social.api.streams import zip_answer
from social.posts import access, archive, importing
from social.posts.errors import Refusal
from social.posts.models import Import

EXPORTS_AN_HOUR = 12
IMPORTS_AN_HOUR = 12
PIECES_A_MINUTE = 600


class Piece(BaseParser):
    """The bytes as they are; the body cap in front bounds them."""

    media_type = "application/octet-stream"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return bytes(stream.read())


def shown(one: Import) -> dict[str, Any]:
    return {
        "id": one.pk,
        "name": one.name,
        "kind": one.kind,
        "state": one.state,
        "problem": one.problem,
        "seen": one.seen,
        "added": one.added,
        "known": one.known,
        "files": one.files,
        "skipped": one.skipped,
        "time": one.time,
    }


class ExportView(APIView):
    @describe("My posts as a ZIP", responses={(200, "application/zip"): bytes})
    def get(self, request: Request) -> StreamingHttpResponse:
        """`feed.json`, `posts/*.md` and `media/`; importing it again adds nothing."""
        user = accounts.member(request.user)
        limits.require("export", user.username, EXPORTS_AN_HOUR, limits.HOUR)
        return zip_answer(user, archive.stream(user))


class ImportsView(APIView):
    @describe("My imports, newest first", responses=shapes.ImportsShape)
    def get(self, request: Request) -> Response:
        user = accounts.member(request.user)
        return Response({"imports": [shown(one) for one in importing.of(user)]})

    @describe("Announce an archive", request=shapes.ImportWishShape, responses={201: shapes.ImportShape})
    def post(self, request: Request) -> Response:
        """One made here, or one of Mastodon (ZIP or tar.gz). Then come its pieces."""
        user = accounts.member(request.user)
        limits.require("import", user.username, IMPORTS_AN_HOUR, limits.HOUR)
        given = shapes.ImportWishShape(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        return Response(shown(importing.begin(user, wish["name"], wish["size"])), status=201)


class ImportView(APIView):
    parser_classes = [Piece]

    @describe("How far an import is", responses=shapes.ImportShape)
    def get(self, request: Request, pk: int) -> Response:
        return Response(shown(access.own_import(accounts.member(request.user), pk)))

    @describe(
        "The next piece of an archive",
        request={"application/octet-stream": bytes},
        parameters=[("offset", "where the piece begins, in bytes; a piece has at most 8 MiB")],
        responses=shapes.ImportShape,
    )
    def put(self, request: Request, pk: int) -> Response:
        """With the last piece the import starts."""
        user = accounts.member(request.user)
        limits.require("import-piece", user.username, PIECES_A_MINUTE, limits.MINUTE)
        coming = access.own_import(user, pk)
        offset = request.query_params.get("offset", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
            raise Refusal("schema", "offset")
        piece = request.data if isinstance(request.data, bytes) else b""
        return Response(shown(importing.add(coming, int(offset), piece)))
