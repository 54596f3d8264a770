"""Pictures and files come back with the posts of an archive, under the quota, and only those that are any."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from social.media import quota
from social.media.models import Media
from social.posts import bringing
from social.posts.models import Post
from tests.server.conftest import Member
from tests.server.test_posts_archives import bring, note, outbox, taken_out, tarred, zipped
from tests.server.test_posts_writing import ask
from tests.server.uploading import picture, prepared

pytestmark = pytest.mark.django_db
PLACE = "media_attachments/files/000/001/original/lamp.png"


def attachment(path: str = PLACE, alt: str = "A lamp") -> dict[str, str]:
    return {"type": "Document", "mediaType": "image/png", "url": f"/{path}", "name": alt}


def shown(post: Post) -> list[tuple[str, str]]:
    return [(one.media.state, one.alt) for one in post.attachments.all()]


def used(member: Member) -> int:
    return int(member.client.get("/api/v1/media/usage").json()["used"])


def test_an_own_archive_brings_its_files(alice: Member, make_member: Callable[[str], Member]) -> None:
    shows = [
        {"uid": prepared(alice, picture(60, 40))["uid"], "alt": "First"},
        {"uid": prepared(alice, picture(30, 20))["uid"], "alt": "Second"},
    ]
    post = ask(alice, "post", "posts", {"source": "before", "shows": shows}, 201)
    ask(alice, "patch", f"posts/{post['id']}", {"source": "after"})
    data = taken_out(alice)
    ask(alice, "get", "me")
    Post.objects.all().delete()
    bob = make_member("bob")
    ended = bring(bob, data)
    assert (ended["state"], ended["added"], ended["files"], ended["skipped"]) == ("done", 1, 2, {})
    back = Post.objects.get()
    assert shown(back) == [("ready", "First"), ("ready", "Second")]
    assert [one.source for one in back.versions.all()] == ["before"]
    assert back.version == 2
    page = Client(headers={"host": "localhost:8001"}).get(f"/@bob/{back.slug}").content.decode()
    assert 'alt="First"' in page
    assert used(bob) == sum(one.size for one in Media.objects.filter(owner__username="bob")) > 0


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_an_archive_of_mastodon_brings_its_files(alice: Member, pack: Callable[..., bytes]) -> None:
    files = {"outbox.json": outbox(note(1, attachment=[attachment()])), PLACE: picture()}
    ended = bring(alice, pack(files))
    assert (ended["state"], ended["files"], ended["skipped"]) == ("done", 1, {})
    assert shown(Post.objects.get()) == [("ready", "A lamp")]
    again = bring(alice, pack(files))
    assert (again["known"], again["files"], Media.objects.count()) == (1, 0, 1)


def test_a_post_of_nothing_but_a_picture_comes_in(alice: Member) -> None:
    files = {"a/outbox.json": outbox(note(1, content="", attachment=[attachment()])), f"a/{PLACE}": picture()}
    assert bring(alice, zipped(files))["files"] == 1


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)></svg>", b"\x89PNG\r\n\x1a\nbroken", b"<html>"]
)
def test_what_is_no_picture_stays_behind(alice: Member, content: bytes) -> None:
    files = {"outbox.json": outbox(note(1, attachment=[attachment()])), PLACE: content}
    ended = bring(alice, zipped(files))
    assert (ended["state"], ended["added"], ended["files"]) == ("done", 1, 0)
    assert ended["skipped"] == {"media": 1}
    assert not Media.objects.exists()
    assert not list((settings.MEDIA_ROOT / "uploads").iterdir())


def test_what_is_not_in_the_archive_is_counted(alice: Member) -> None:
    ended = bring(alice, zipped({"outbox.json": outbox(note(1, attachment=[attachment()]))}))
    assert (ended["files"], ended["skipped"]) == (0, {"media": 1})


def test_no_more_comes_in_than_there_is_room(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(settings.PORCHLIGHT, media_quota=len(picture()) - 1)
    monkeypatch.setattr(settings, "PORCHLIGHT", small)
    files = {"outbox.json": outbox(note(1, attachment=[attachment()])), PLACE: picture()}
    ended = bring(alice, zipped(files))
    assert (ended["files"], ended["skipped"], used(alice)) == (0, {"media": 1}, 0)


def test_many_files_come_a_few_at_a_time(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "AT_ONCE", 2)
    places = [PLACE.replace("lamp", f"lamp-{number}") for number in range(5)]
    notes = [note(number, attachment=[attachment(place)]) for number, place in enumerate(places)]
    ended = bring(alice, zipped({"outbox.json": outbox(*notes), **dict.fromkeys(places, picture())}))
    assert (ended["added"], ended["files"]) == (5, 5)
    assert all(shown(post) == [("ready", "A lamp")] for post in Post.objects.all())


def test_room_is_free_again_after_deleting(alice: Member) -> None:
    files = {"outbox.json": outbox(note(1, attachment=[attachment()])), PLACE: picture()}
    bring(alice, zipped(files))
    assert used(alice) > 0
    ask(alice, "delete", f"posts/{Post.objects.get().pk}", status=204)
    assert used(alice) == 0


@pytest.mark.parametrize("shows", [5, "x", [5], [{"file": 5}], [{"file": "../../etc/passwd"}], [None, {}]])
def test_odd_lists_of_files_do_no_harm(alice: Member, shows: Any) -> None:
    item = {"id": "1", "date_published": "2021-05-04T03:02:01Z", "content_text": "words"}
    feed = {"items": [{**item, "_porchlight": {"source": "words", "shows": shows, "versions": shows}}]}
    ended = bring(alice, zipped({"feed.json": json.dumps(feed).encode()}))
    assert (ended["state"], ended["added"], ended["files"]) == ("done", 1, 0)
    assert quota.usage(Post.objects.get().author).used == 0
