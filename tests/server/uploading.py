"""Sends files to a site the way the app does: by tus 1.0.0, in pieces."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import Any
from uuid import UUID

from PIL import Image

from social.media import processing
from social.media.models import Media
from tests.server.conftest import Member

TUS = {"Tus-Resumable": "1.0.0"}
PIECE_TYPE = "application/offset+octet-stream"


def announce(member: Member, size: int, name: str = "picture.png") -> Any:
    about = b64encode(name.encode()).decode()
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": f"filename {about}"}
    return member.client.post("/api/v1/media/uploads", headers=headers)


def send(member: Member, place: str, offset: int, piece: bytes, **more: str) -> Any:
    headers = {**TUS, "Upload-Offset": str(offset), **more}
    return member.client.patch(place, piece, content_type=PIECE_TYPE, headers=headers)


def upload(member: Member, content: bytes, name: str = "picture.png", piece: int = 1 << 20) -> str:
    """Send all of a file; its uid."""
    answer = announce(member, len(content), name)
    assert answer.status_code == 201, answer.content
    place = answer["Location"]
    for offset in range(0, len(content), piece):
        answer = send(member, place, offset, content[offset : offset + piece])
        assert answer.status_code == 204, answer.content
    return str(place.rsplit("/", 1)[1])


def prepared(member: Member, content: bytes, name: str = "picture.png") -> dict[str, Any]:
    """Send a file, do the job that makes it ready, and tell what became of it."""
    uid = upload(member, content, name)
    processing.make_ready(Media.objects.select_related("owner").get(uid=UUID(uid)))
    return dict(member.client.get(f"/api/v1/media/{uid}").json())


def picture(
    width: int = 40, height: int = 30, format: str = "PNG", mode: str = "RGB", **options: Any
) -> bytes:
    """A picture with a red left and a blue right half."""
    made = Image.new(mode, (width, height), "#c03020")
    made.paste("#2040c0", (width // 2, 0, width, height))
    file = io.BytesIO()
    made.save(file, format, **options)
    return file.getvalue()
