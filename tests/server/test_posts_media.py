"""Pictures and files on posts: on the page, in the feeds, in the timelines of those who follow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import feedparser
import mf2py
import pytest

from federation import clock
from social.media import folders
from social.media.models import Media
from social.posts import exhibits
from social.posts.models import Attachment
from tests.server import elsewhere
from tests.server.conftest import Member
from tests.server.elsewhere import Elsewhere, Reply
from tests.server.uploading import picture, prepared

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def ask(member: Member, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    given = {} if body is None else {"data": body, "content_type": "application/json"}
    answer = getattr(member.client, method)(f"/api/v1/{path}", **given)
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def write(member: Member, *shows: tuple[str, str], source: str = "", status: int = 201) -> Any:
    named = [{"uid": uid, "alt": alt} for uid, alt in shows]
    return ask(member, "post", "posts", {"title": None, "source": source, "shows": named}, status)


def page(member: Member, post: Any, suffix: str = "") -> str:
    return str(member.client.get(post["url"].removeprefix("http://localhost:8001") + suffix).content.decode())


def test_a_picture_alone_is_a_post(alice: Member) -> None:
    uid = prepared(alice, picture(1200, 800, "JPEG"), "sea.jpg")["uid"]
    post = write(alice, (uid, 'The sea at "six"'))
    assert [one["alt"] for one in post["shows"]] == ['The sea at "six"']
    assert folders.public(UUID(uid)).is_dir()

    found = mf2py.parse(page(alice, post))["items"][0]["properties"]
    url = f"http://localhost:8001/media/{uid}/whole.jpeg"
    assert found["photo"] == [{"value": url, "alt": 'The sea at "six"'}]
    assert f'<meta property="og:image" content="{url}">' in page(alice, post)
    assert ask(alice, "get", f"timeline/{post['timeline']}")["shows"] == post["shows"]


def test_feeds_name_what_is_shown(alice: Member) -> None:
    uid = prepared(alice, picture(600, 400, "JPEG"))["uid"]
    sound = prepared(alice, b"ID3\x04" + bytes(300), "bell.mp3")["uid"]
    write(alice, (uid, "A <lamp> & a door"), (sound, ""), source="Look & listen.")

    item = json.loads(alice.client.get("/@alice/feed.json").content)["items"][0]
    assert item["image"].endswith(f"/media/{uid}/whole.jpeg")
    first, second = item["attachments"]
    assert (first["mime_type"], first["title"]) == ("image/jpeg", "A <lamp> & a door")
    assert first["_porchlight"]["width"] == 600
    assert second["mime_type"] == "audio/mpeg"
    assert second["_porchlight"]["name"] == "bell.mp3"

    entry = feedparser.parse(alice.client.get("/@alice/feed.atom").content).entries[0]
    assert [one["type"] for one in entry.enclosures] == ["image/jpeg", "audio/mpeg"]
    assert 'alt="A &lt;lamp&gt; &amp; a door"' in entry.content[0].value


def test_only_ones_own_ready_files_are_shown(alice: Member, make_member: Callable[[str], Member]) -> None:
    bob = make_member("bob")
    mine = prepared(alice, picture())["uid"]
    damaged = prepared(alice, b"\x89PNG\r\n\x1a\n" + bytes(50))["uid"]
    nobody = "00000000-0000-4000-8000-000000000000"
    theirs, absent = write(bob, (mine, ""), status=404), write(bob, (nobody, ""), status=404)
    assert theirs == absent
    assert write(alice, (damaged, ""), status=409)["code"] == "media_working"
    assert write(alice, (mine, ""), (mine, ""), status=400)["code"] == "schema"
    assert write(alice, status=400)["code"] == "empty"
    assert not Attachment.objects.exists()


def test_editing_changes_what_is_shown(alice: Member) -> None:
    one, two = (prepared(alice, picture(50 + n, 40))["uid"] for n in range(2))
    post = write(alice, (one, "one"), (two, "two"), source="Both")
    path = f"posts/{post['id']}"
    assert len(ask(alice, "patch", path, {"title": "Named"})["shows"]) == 2
    changed = ask(alice, "patch", path, {"shows": [{"uid": two, "alt": "only"}]})
    assert [(shown["media"]["uid"], shown["alt"]) for shown in changed["shows"]] == [(two, "only")]
    assert changed["version"] == 3
    assert folders.kept(UUID(one)).is_dir(), "what is not shown is its owner's only"
    assert one not in page(alice, post)
    assert ask(alice, "patch", path, {"shows": [{"uid": two, "alt": "only"}]})["version"] == 3


def test_a_deleted_post_takes_its_files_along(alice: Member) -> None:
    uid = prepared(alice, picture())["uid"]
    post = write(alice, (uid, ""))
    again = write(alice, (uid, "still here"))
    ask(alice, "delete", f"posts/{post['id']}", status=204)
    assert folders.public(UUID(uid)).is_dir()
    ask(alice, "delete", f"posts/{again['id']}", status=204)
    assert not Media.objects.exists()
    assert not folders.names()


def test_descriptions_and_numbers_are_bounded(alice: Member) -> None:
    uid = prepared(alice, picture())["uid"]
    write(alice, (uid, "a" * 1500))
    assert write(alice, (uid, "a" * 1501), status=400)["code"] == "schema"
    many = [(f"00000000-0000-4000-8000-{n:012}", "") for n in range(exhibits.MOST + 1)]
    assert write(alice, *many, status=400)["code"] == "schema"


@pytest.fixture
def far(settings: Any) -> Iterator[Elsewhere]:
    with elsewhere.serving() as site:
        allowed = frozenset({("127.0.0.1", site.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        yield site


FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Far away",
    "items": [
        {
            "id": "1",
            "content_text": "Look",
            "attachments": [
                {"url": "/a.png", "mime_type": "image/png", "title": "A lamp", "size_in_bytes": 3},
                {"url": "/b.svg", "mime_type": "image/svg+xml"},
                {"url": "javascript:alert(1)", "mime_type": "image/png"},
                {"url": "/c.mp3", "mime_type": "audio/mpeg", "size_in_bytes": "many"},
                "nothing",
            ],
        }
    ],
}
RSS = b"""<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Far</title><item>
<guid>1</guid><title>Look</title><enclosure url="/a.png" type="image/png" length="3"/>
<media:content url="/d.webp" medium="image" width="20" height="10"/></item></channel></rss>"""


def followed(alice: Member, far: Elsewhere, reply: Reply) -> Any:
    far.pages["/feed"] = reply
    ask(alice, "post", "follows", {"address": f"{far.origin}/feed"}, 201)
    return ask(alice, "get", "timeline")["items"][0]


def test_pictures_of_those_one_follows_come_through_the_own_site(alice: Member, far: Elsewhere) -> None:
    body = json.dumps(FEED).encode()
    item = followed(alice, far, Reply(body, headers={"content-type": "application/feed+json"}))
    image, sound = item["shows"]
    assert (image["alt"], image["media"]["kind"]) == ("A lamp", "image")
    assert sound["media"]["whole"]["url"] == f"{far.origin}/c.mp3"
    far.pages["/a.png"] = Reply(picture())
    answer = alice.client.get(image["media"]["whole"]["url"])
    assert (answer.status_code, answer["content-type"]) == (200, "image/webp")
    assert answer["cache-control"].startswith("private")
    alice.client.get(image["media"]["whole"]["url"])
    assert far.count("/a.png") == 1


def test_nobody_else_looks_through_it(
    alice: Member, far: Elsewhere, make_member: Callable[[str], Member]
) -> None:
    body = json.dumps(FEED).encode()
    item = followed(alice, far, Reply(body, headers={"content-type": "application/feed+json"}))
    url = item["shows"][0]["media"]["whole"]["url"]
    bob = make_member("bob")
    assert bob.client.get(url).status_code == 404
    for place in (1, 2, 99):
        assert alice.client.get(f"{url.rsplit('/', 1)[0]}/{place}").status_code == 404
    assert far.count("/a.png") == 0


def test_rss_shows_its_enclosures_and_media(alice: Member, far: Elsewhere) -> None:
    item = followed(alice, far, Reply(RSS, headers={"content-type": "application/rss+xml"}))
    assert [one["media"]["kind"] for one in item["shows"]] == ["image", "image"]
    assert item["shows"][1]["media"]["whole"]["width"] == 20
    assert item["published"] <= clock.now()
