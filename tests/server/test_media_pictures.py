"""Pictures are made anew: nothing but pixels survives, and what is no picture or too large is told."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any
from uuid import UUID

import pytest
from PIL import Image, ImageCms

from social.media import folders, library
from social.media.models import Media
from social.media.serving import Part, wanted
from tests.server.conftest import Member
from tests.server.uploading import picture, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def opened(found: dict[str, Any], name: str) -> Image.Image:
    return Image.open(folders.kept(UUID(found["uid"])) / name)


def names(found: dict[str, Any]) -> list[str]:
    return sorted(path.name for path in folders.kept(UUID(found["uid"])).iterdir())


def test_a_large_photo_gets_several_widths(alice: Member) -> None:
    found = prepared(alice, picture(2400, 1200, "JPEG"), "sea.jpg")
    assert (found["state"], found["name"], found["uses"]) == ("ready", "sea.jpg", 0)
    assert names(found) == ["1920.webp", "480.webp", "960.webp", "whole.jpeg"]
    shown = found["shown"]
    assert [(file["width"], file["height"]) for file in shown["smaller"]] == [
        (480, 240),
        (960, 480),
        (1920, 960),
    ]
    assert (shown["whole"]["width"], shown["whole"]["type"]) == (2400, "image/jpeg")
    assert 6 <= len(shown["blurhash"]) <= 64
    answer = alice.client.get(shown["smaller"][0]["url"])
    assert answer.status_code == 200
    assert answer["content-security-policy"] == "default-src 'none'; sandbox"


def test_exif_goes_and_orientation_stays(alice: Member) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    exif[0x010E] = "at home"
    exif.get_ifd(0x8825)[2] = (59.0, 26.0, 13.0)
    found = prepared(alice, picture(200, 100, "JPEG", exif=exif.tobytes()))
    with opened(found, "whole.jpeg") as made:
        assert made.size == (100, 200)
        assert not made.getexif()
        assert "exif" not in made.info
        top, bottom = made.getpixel((50, 20)), made.getpixel((50, 180))
    assert top[0] > top[2], "the red half is above"
    assert bottom[2] > bottom[0]


def test_nothing_but_pixels_survives(alice: Member) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Comment", "secret words")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    found = prepared(alice, picture(600, 30, "PNG", pnginfo=info, icc_profile=profile) + b"secret words")
    for name in names(found):
        assert b"secret words" not in (folders.kept(UUID(found["uid"])) / name).read_bytes()


def test_transparency_stays(alice: Member) -> None:
    made = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    file = io.BytesIO()
    made.save(file, "PNG")
    found = prepared(alice, file.getvalue())
    assert names(found) == ["whole.png"]
    with opened(found, "whole.png") as again:
        assert again.getpixel((3, 3))[3] == 0


def test_an_animation_moves_on_and_has_a_still(alice: Member) -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=80, loop=0)
    found = prepared(alice, file.getvalue(), "wave.gif")
    assert found["shown"]["moving"]["type"] == "image/webp"
    with opened(found, "moving.webp") as moving:
        assert moving.n_frames == 3  # type: ignore[attr-defined]
    assert "whole.jpeg" in names(found)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_every_format_is_read(alice: Member, format: str) -> None:
    assert prepared(alice, picture(64, 48, format))["state"] == "ready"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "I;16", "RGBA"])
def test_every_kind_of_pixel_is_read(alice: Member, mode: str) -> None:
    file = io.BytesIO()
    Image.new(mode, (30, 20)).save(file, "JPEG" if mode == "CMYK" else "PNG")
    assert prepared(alice, file.getvalue())["state"] == "ready"


def bomb(side: int) -> bytes:
    """A PNG that says it is `side` pixels wide and high, in a few hundred bytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(100))) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (bomb(60_000), "media_pixels"),
        (bomb(8_001), "media_pixels"),
        (picture(100, 100, "JPEG")[:200], "media_damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "media_damaged"),
        (b"GIF89a" + bytes(500), "media_damaged"),
        (b"RIFF\x00\x01\x00\x00WEBPVP8 " + bytes(100), "media_damaged"),
    ],
)
def test_bombs_and_damage_are_told_and_leave_nothing(alice: Member, content: bytes, problem: str) -> None:
    found = prepared(alice, content)
    assert (found["state"], found["problem"], found["size"]) == ("refused", problem, 0)
    assert not folders.kept(UUID(found["uid"])).exists()
    assert not list(folders.uploads().iterdir())
    assert alice.client.get("/api/v1/media/usage").json()["used"] == 0


WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm" + bytes(300)
OTHERS = [
    (b"%PDF-1.7\n" + bytes(300), "document", "whole.pdf"),
    (b"ID3\x04" + bytes(300), "audio", "whole.mp3"),
    (b"OggS" + bytes(24) + b"OpusHead" + bytes(300), "audio", "whole.ogg"),
    (b"\x00\x00\x00\x20ftypisom" + bytes(300), "video", "whole.mp4"),
    (WEBM, "video", "whole.webm"),
]


@pytest.mark.parametrize(("content", "kind", "name"), OTHERS)
def test_sound_film_and_documents_are_kept_as_they_came(
    alice: Member, content: bytes, kind: str, name: str
) -> None:
    found = prepared(alice, content)
    assert (found["state"], found["kind"], names(found)) == ("ready", kind, [name])
    assert (folders.kept(UUID(found["uid"])) / name).read_bytes() == content


def test_files_move_with_what_shows_them(alice: Member, django_capture_on_commit_callbacks: Any) -> None:
    found = prepared(alice, picture())
    uid = UUID(found["uid"])
    media = Media.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        library.use("post:1", [media])
    assert folders.public(uid).is_dir()
    assert alice.client.delete(f"/api/v1/media/{uid}").json()["code"] == "media_in_use"
    with django_capture_on_commit_callbacks(execute=True):
        library.use("post:2", [media])
        library.discard("post:1")
    assert folders.public(uid).is_dir()
    with django_capture_on_commit_callbacks(execute=True):
        library.discard("post:2")
    assert not folders.public(uid).exists()
    assert not Media.objects.exists()


def test_what_a_crash_left_is_put_right(alice: Member) -> None:
    uid = UUID(prepared(alice, picture())["uid"])
    folders.show(uid)
    library.settle_all()
    assert folders.kept(uid).is_dir()
    assert not folders.public(uid).exists()


@pytest.mark.parametrize(
    ("header", "part"),
    [
        (None, Part(200, 0, 100)),
        (b"bytes=0-9", Part(206, 0, 10)),
        (b"bytes=90-", Part(206, 90, 10)),
        (b"bytes=90-900", Part(206, 90, 10)),
        (b"bytes=-10", Part(206, 90, 10)),
        (b"bytes=-900", Part(206, 0, 100)),
        (b"bytes=100-", Part(416, 0, 0)),
        (b"bytes=-0", Part(416, 0, 0)),
        (b"bytes=-", Part(200, 0, 100)),
        (b"bytes=9-3", Part(200, 0, 100)),
        (b"bytes=0-1,5-6", Part(200, 0, 100)),
        (b"lines=0-1", Part(200, 0, 100)),
    ],
)
def test_ranges(header: bytes | None, part: Part) -> None:
    assert wanted(header, 100) == part
