"""The picture by which a member is known: a square made anew, on pages and in feeds, gone when taken away."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import feedparser
import mf2py
import pytest
from PIL import Image

from homevault.protocol.addresses import Address
from social.media import folders
from social.media.models import Media
from social.people import faces
from tests.server import elsewhere
from tests.server.conftest import Member
from tests.server.elsewhere import Elsewhere, Reply
from tests.server.uploading import picture, prepared

pytestmark = pytest.mark.django_db(transaction=True)
ORIGIN = "http://localhost:8001"


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def far(settings: Any) -> Iterator[Elsewhere]:
    with elsewhere.serving() as site:
        allowed = frozenset({("127.0.0.1", site.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        yield site


def show(member: Member, choice: Any, status: int = 200) -> Any:
    answer = member.client.patch("/api/v1/me/profile", {"picture": choice}, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def used(member: Member) -> int:
    return int(member.client.get("/api/v1/media/usage").json()["used"])


def h_card(member: Member) -> dict[str, Any]:
    found = mf2py.parse(member.client.get("/@alice").content.decode())["items"][0]
    return dict(found["properties"]["author"][0]["properties"])


def test_a_picture_becomes_a_square_without_metadata(alice: Member) -> None:
    exif = Image.Exif()
    exif[0x010E] = "at home"
    file = prepared(alice, picture(1200, 800, "JPEG", exif=exif.tobytes()))
    weighed = used(alice)
    shown = show(alice, {"uid": file["uid"], "alt": " Ana laughs. "})["picture"]
    assert shown["alt"] == "Ana laughs."
    folder = folders.public(UUID(file["uid"]))
    for url, side in ((shown["url"], 512), (shown["small"], 192)):
        path = folder / url.rsplit("/", 1)[1]
        with Image.open(path) as square:
            assert square.size == (side, side)
            assert not square.getexif()
            first, last = (square.convert("RGB").getpixel((x, 8)) for x in (8, side - 8))
        assert first[0] > first[2], "red on the left, so the middle was taken"
        assert last[2] > last[0], "blue on the right"
    squares = sum(path.stat().st_size for path in folder.glob("square*"))
    assert used(alice) == weighed + squares
    listed = alice.client.get("/api/v1/media").json()["media"][0]
    assert listed["uses"] == 1
    assert "square" not in json.dumps(listed["shown"])


def test_pages_and_feeds_show_it(alice: Member) -> None:
    post = alice.client.post("/api/v1/posts", {"title": "T", "source": "W."}, content_type="application/json")
    assert "photo" not in h_card(alice)
    shown = show(alice, {"uid": prepared(alice, picture(300, 300))["uid"], "alt": 'Ana & "lamp"'})["picture"]
    assert h_card(alice)["photo"] == [{"value": shown["small"], "alt": 'Ana & "lamp"'}]
    page = alice.client.get("/@alice").content.decode()
    assert f'<meta property="og:image" content="{shown["url"]}">' in page
    assert shown["url"] in alice.client.get(post.json()["url"].removeprefix(ORIGIN)).content.decode()
    feed = json.loads(alice.client.get("/@alice/feed.json").content)
    assert feed["icon"] == feed["authors"][0]["avatar"] == shown["url"]
    assert feed["_porchlight"]["picture_alt"] == 'Ana & "lamp"'
    atom = feedparser.parse(alice.client.get("/@alice/feed.atom").content).feed
    assert (atom.icon, atom.logo) == (shown["small"], shown["url"])


def test_another_one_replaces_it_and_none_deletes_it(alice: Member) -> None:
    first, second = (prepared(alice, picture(width, 60))["uid"] for width in (60, 90))
    show(alice, {"uid": first, "alt": ""})
    show(alice, {"uid": second, "alt": ""})
    assert [str(uid) for uid in Media.objects.values_list("uid", flat=True)] == [second]
    assert not folders.public(UUID(first)).exists()
    show(alice, {"uid": second, "alt": "other words"})
    assert folders.public(UUID(second)).is_dir()
    assert alice.client.delete(f"/api/v1/media/{second}").json()["code"] == "media_in_use"
    assert show(alice, None)["picture"] is None
    assert show(alice, None)["picture"] is None
    assert used(alice) == 0
    assert not folders.public(UUID(second)).exists()
    assert "photo" not in h_card(alice)


def test_a_picture_that_a_post_shows_stays_with_the_post(alice: Member) -> None:
    uid = prepared(alice, picture())["uid"]
    body = {"title": None, "source": "", "shows": [{"uid": uid, "alt": ""}]}
    alice.client.post("/api/v1/posts", body, content_type="application/json")
    show(alice, {"uid": uid, "alt": ""})
    show(alice, None)
    assert folders.public(UUID(uid)).is_dir()


def test_only_ones_own_ready_pictures(alice: Member, make_member: Callable[[str], Member]) -> None:
    bob = make_member("bob")
    theirs = prepared(bob, picture())["uid"]
    absent = "00000000-0000-4000-8000-000000000000"
    assert show(alice, {"uid": theirs}, 404) == show(alice, {"uid": absent}, 404)
    sound = prepared(alice, b"ID3\x04" + bytes(300), "bell.mp3")["uid"]
    assert show(alice, {"uid": sound}, 415)["code"] == "media_type"
    assert show(alice, {"uid": "no"}, 400)["code"] == "schema"
    assert alice.client.get("/api/v1/me").json()["profile"]["picture"] is None


def test_squares_count_before_they_are_kept(alice: Member, settings: Any) -> None:
    uid = prepared(alice, picture(600, 600, "JPEG"))["uid"]
    settings.PORCHLIGHT = replace(settings.PORCHLIGHT, media_quota=used(alice))
    assert show(alice, {"uid": uid}, 413)["code"] == "media_quota"
    assert not list(folders.kept(UUID(uid)).glob("square*"))


def test_pictures_from_elsewhere_come_through_this_site(alice: Member, far: Elsewhere) -> None:
    far.pages["/ana.png"] = Reply(picture(80, 80), 200, {"content-type": "image/png"})
    address = Address.parse(f"@ana@127.0.0.1:{far.port}")
    path = "/api/v1/people/picture"
    assert alice.client.get(path, {"address": str(address)}).status_code == 404
    assert far.count("/ana.png") == 0
    faces.remember(address, f"{far.origin}/ana.png")
    answer = alice.client.get(path, {"address": str(address)})
    assert (answer.status_code, answer["content-type"]) == (200, "image/webp")
    with Image.open(io.BytesIO(answer.content)) as made:
        assert made.size == (80, 80)
    assert alice.client.get(path, {"address": "nobody"}).json()["code"] == "address"
    other = faces.path(address, f"{far.origin}/other.png")
    assert other != faces.path(address, f"{far.origin}/ana.png")
