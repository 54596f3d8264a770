"""media: one's own files, what they weigh, and looking at them before anybody else can."""

from __future__ import annotations

import contextlib
from uuid import UUID

from django.http import FileResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access as accounts
from social.api import media_shapes as shapes
from social.api.describe import describe
from social.media import folders, hashing, library, quota
from social.media.errors import MediaRefusal
from social.media.serving import HEADERS


class LibraryView(APIView):
    @describe("My files, the newest first", responses=shapes.LibraryShape)
    def get(self, request: Request) -> Response:
        owner = accounts.member(request.user)
        return Response({"media": [shapes.own(media) for media in library.mine(owner)]})


class UsageView(APIView):
    @describe("What my files weigh", responses=shapes.UsageShape)
    def get(self, request: Request) -> Response:
        found = quota.usage(accounts.member(request.user))
        return Response(
            {
                "quota": found.quota,
                "used": found.used,
                "coming": found.coming,
                "free": found.free,
                "kinds": found.kinds,
            }
        )


class MediaView(APIView):
    @describe("One of my files", responses=shapes.OwnMediaShape)
    def get(self, request: Request, uid: UUID) -> Response:
        """`shown.whole` has its `hash` here in any case."""
        media = library.find(accounts.member(request.user), uid)
        with contextlib.suppress(OSError):
            hashing.complete(media)
        return Response(shapes.own(media))

    @describe("Delete a file that nothing shows", responses={204: None})
    def delete(self, request: Request, uid: UUID) -> Response:
        library.delete(library.find(accounts.member(request.user), uid))
        return Response(status=204)


class FileView(APIView):
    @describe("The bytes of one of my files", responses={200: bytes})
    def get(self, request: Request, uid: UUID, name: str) -> FileResponse:
        """For the owner only; what is public is at /media/ for everybody."""
        media = library.find(accounts.member(request.user), uid)
        file = media.files.filter(name=name).first()
        if file is None:
            raise MediaRefusal("not_found")
        try:
            answer = FileResponse((folders.of(uid) / file.name).open("rb"), content_type=file.type)
        except FileNotFoundError as error:
            raise MediaRefusal("not_found") from error
        for header, value in HEADERS[:2]:
            answer[header.decode()] = value.decode()
        return answer
