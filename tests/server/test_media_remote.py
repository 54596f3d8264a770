"""Other sites' pictures: fetched once, made anew, never more of them than allowed."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from social.media import folders, remote
from social.media.errors import MediaRefusal
from tests.server import elsewhere
from tests.server.elsewhere import Elsewhere, Reply
from tests.server.uploading import picture


@pytest.fixture
def far(settings: Any, tmp_path: Any) -> Iterator[Elsewhere]:
    with elsewhere.serving() as site:
        allowed = frozenset({("127.0.0.1", site.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        settings.MEDIA_ROOT = tmp_path
        yield site


def test_a_picture_is_fetched_once_and_made_anew(far: Elsewhere) -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret words"
    far.pages["/a.jpeg"] = Reply(picture(2000, 1000, "JPEG", exif=exif.tobytes()))
    for _ in range(3):
        found = remote.picture(f"{far.origin}/a.jpeg")
    assert far.count("/a.jpeg") == 1
    assert b"secret words" not in found
    with Image.open(io.BytesIO(found)) as made:
        assert (made.format, made.size) == ("WEBP", (1280, 640))
    assert not list(folders.uploads().iterdir())


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(b"<svg onload='alert(1)'/>", headers={"content-type": "image/svg+xml"}), "media_type"),
        (Reply(b"%PDF-1.7"), "media_type"),
        (Reply(picture()[:60]), "media_damaged"),
        (Reply(b"", 404), "unreachable"),
        (Reply(bytes(13_000_000)), "unreachable"),
        (Reply(b"", 302, {"location": "http://169.254.169.254/latest"}), "unreachable"),
    ],
)
def test_what_is_no_picture_is_refused_and_not_asked_again(far: Elsewhere, reply: Reply, code: str) -> None:
    far.pages["/x"] = reply
    for _ in range(2):
        with pytest.raises(MediaRefusal) as refused:
            remote.picture(f"{far.origin}/x")
        assert refused.value.code == code
    assert far.count("/x") == 1
    assert not list(folders.remote().iterdir())


def test_the_cache_never_weighs_more_than_it_may(far: Elsewhere, settings: Any) -> None:
    for n in range(4):
        far.pages[f"/{n}"] = Reply(picture(200 + n, 100))
    size = len(remote.picture(f"{far.origin}/0"))
    settings.PORCHLIGHT = replace(settings.PORCHLIGHT, media_cache=size * 3 + 100)
    remote.picture(f"{far.origin}/1")
    remote.picture(f"{far.origin}/2")
    first, second, third = (remote.place_of(f"{far.origin}/{n}") for n in range(3))
    for age, path in ((30, second), (20, third), (10, first)):
        moment = path.stat().st_mtime - age
        os.utime(path, (moment, moment))
    remote.picture(f"{far.origin}/3")
    assert not second.exists(), "it was shown least lately"
    assert first.exists()
    assert third.exists()


def test_one_that_alone_is_too_much_is_not_kept(far: Elsewhere, settings: Any) -> None:
    settings.PORCHLIGHT = replace(settings.PORCHLIGHT, media_cache=10)
    far.pages["/a"] = Reply(picture())
    remote.picture(f"{far.origin}/a")
    assert not list(folders.remote().iterdir())
