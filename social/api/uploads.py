"""media/uploads: resumable uploads by tus 1.0.0 (tus.io), with the extensions creation, expiration and
termination. The upload's uid is the medium's once all is here."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Any
from uuid import UUID

from django.utils.http import http_date
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access as accounts
from social.accounts import limits
from social.api.describe import describe
from social.api.errors import Failure
from social.media import uploads
from social.media.models import Upload
from social.media.sniff import LARGEST

VERSION = "1.0.0"
ANNOUNCED_AN_HOUR = 600


class Piece(BaseParser):
    """The bytes as they are; the body cap in front bounds them."""

    media_type = "application/offset+octet-stream"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return bytes(stream.read())


class Tus(APIView):
    """Every answer says which version it speaks; another one asked for is 412."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise Failure("schema", "This site takes uploads by tus 1.0.0.", 412)

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer["Tus-Resumable"] = VERSION
        answer["Cache-Control"] = "no-store"
        return answer

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        return Response(
            status=204,
            headers={
                "Tus-Version": VERSION,
                "Tus-Extension": "creation,expiration,termination",
                "Tus-Max-Size": str(LARGEST),
            },
        )


class UploadsView(Tus):
    @describe("Announce a file (tus creation)", request=None, responses={201: None})
    def post(self, request: Request) -> Response:
        """`Upload-Length` in bytes, `Upload-Metadata` with the base64 `filename`; answers `Location`."""
        owner = accounts.member(request.user)
        limits.require("uploads", owner.username, ANNOUNCED_AN_HOUR, limits.HOUR)
        upload = uploads.begin(owner, file_name(request), number(request, "Upload-Length"))
        location = f"{request.path}/{upload.uid}"
        return Response(status=201, headers={"Location": location, **state(upload)})


class UploadView(Tus):
    parser_classes = [Piece]

    @describe("How much of a file is here", responses={200: None})
    def head(self, request: Request, uid: UUID) -> Response:
        upload = uploads.find(accounts.member(request.user), uid)
        return Response(headers={"Upload-Length": str(upload.size), **state(upload)})

    @describe("The next piece of a file", request=bytes, responses={204: None})
    def patch(self, request: Request, uid: UUID) -> Response:
        """`Upload-Offset` says where the piece begins; the answer's says what is durable."""
        upload = uploads.find(accounts.member(request.user), uid)
        piece = request.data
        if not isinstance(piece, bytes):
            raise Failure("schema", "A piece is application/offset+octet-stream.", 415)
        upload = uploads.append(upload, number(request, "Upload-Offset"), piece)
        return Response(status=204, headers=state(upload))

    @describe("Forget a file that is on its way", responses={204: None})
    def delete(self, request: Request, uid: UUID) -> Response:
        uploads.cancel(uploads.find(accounts.member(request.user), uid))
        return Response(status=204)


def state(upload: Upload) -> dict[str, str]:
    ends = (upload.started + uploads.LIFETIME) // 1000
    return {"Upload-Offset": str(upload.offset), "Upload-Expires": http_date(ends)}


def number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Failure("schema", f"{header} is a number of bytes.")
    return int(text)


def file_name(request: Request) -> str:
    for pair in request.headers.get("Upload-Metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return b64decode(value, validate=True).decode()
            except (binascii.Error, UnicodeDecodeError) as error:
                raise Failure("schema", "The file's name could not be read.") from error
    return "file"
