"""One box takes anything: pages that are feeds, outboxes, pages with several feeds; a look first."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from federation import clock
from federation.drain import drain_once
from federation.models import Job
from social.posts import activitypub, markup, polling, reading
from social.posts.errors import Refusal
from social.posts.models import Feed, Follow
from tests.server import elsewhere
from tests.server.conftest import Member
from tests.server.elsewhere import Elsewhere, Reply, item, json_feed

pytestmark = pytest.mark.django_db(transaction=True)
DOCUMENTS = Path(__file__).parents[1] / "data" / "activitystreams" / "pass.json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
HTML = {"content-type": "text/html; charset=utf-8"}
ACTIVITY = {"content-type": "application/activity+json; charset=utf-8"}

PAGE = """<!doctype html><html><head><title>Ben</title></head><body class="h-feed">
<h1 class="p-name">Ben’s notes</h1>
<article class="h-entry"><a class="u-url" href="/2">2</a><p class="p-name">Two</p>
<time class="dt-published" datetime="2026-01-03T03:04:05Z">Jan</time>
<div class="e-content"><p>The second<script>x()</script></p></div></article>
<article class="h-entry"><a class="u-url" href="/1">1</a>
<div class="p-name e-content">The first</div></article>
</body></html>"""


@pytest.fixture
def far(settings: Any) -> Iterator[Elsewhere]:
    with elsewhere.serving() as site:
        allowed = frozenset({("127.0.0.1", site.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        yield site


def ask(member: Member, path: str, address: str, status: int) -> Any:
    answer = member.client.post(path, {"address": address}, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def preview(member: Member, address: str, status: int = 200) -> Any:
    return ask(member, "/api/v1/follows/look", address, status)


def follow(member: Member, address: str, status: int = 201) -> Any:
    return ask(member, "/api/v1/follows", address, status)


def timeline(member: Member) -> list[Any]:
    return list(member.client.get("/api/v1/timeline").json()["items"])


def texts(member: Member) -> list[str]:
    return [markup.to_text(one["body"]) for one in timeline(member)]


def poll_all() -> None:
    Job.objects.filter(kind=polling.KIND).update(next_run_at=clock.now() - 1)
    drain_once([polling.KIND])


def note(number: int, content: str, **more: Any) -> dict[str, Any]:
    return {"type": "Note", "id": f"ID/{number}", "content": content, "to": [PUBLIC], **more}


def create(thing: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Create", "object": thing, "published": "2026-01-02T03:04:05Z", **more}


@pytest.fixture
def fedi(far: Elsewhere) -> Elsewhere:
    """A site that answers WebFinger, with an actor and an outbox in two pages."""
    origin = far.origin
    acct = f"acct:cleo.b@127.0.0.1:{far.port}"
    links = [None, {"rel": "other"}, {"rel": "self", "type": "text/html", "href": f"{origin}/no"}]
    links.append({"rel": "self", "type": "application/activity+json", "href": f"{origin}/users/cleo"})
    jrd = {"links": links, "aliases": None, "properties": {}, "more": 1}
    far.pages[f"/.well-known/webfinger?resource={acct}"] = Reply(json.dumps(jrd).encode())
    actor = {"type": "Person", "id": f"{origin}/users/cleo", "name": "Cleo", "outbox": f"{origin}/outbox"}
    put(far, "/users/cleo", {**actor, "url": f"{origin}/@cleo"})
    first = f"{origin}/outbox?page=1"
    put(far, "/outbox", {"type": "OrderedCollection", "totalItems": 9, "first": first})
    outbox(far, create(note(2, "<p>Two</p>")))
    put(far, "/outbox?page=2", page(far, create(note(1, "<p>One</p>"))))
    return far


def put(far: Elsewhere, path: str, document: Any) -> None:
    text = json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **document})
    far.pages[path] = Reply(text.replace("ID/", f"{far.origin}/notes/").encode(), headers=ACTIVITY)


def page(far: Elsewhere, *activities: Any, **more: Any) -> dict[str, Any]:
    return {"type": "OrderedCollectionPage", "orderedItems": list(activities), **more}


def outbox(far: Elsewhere, *activities: Any) -> None:
    put(far, "/outbox?page=1", page(far, *activities, next=f"{far.origin}/outbox?page=2"))


def test_a_page_that_is_a_feed_is_previewed_followed_and_polled(alice: Member, far: Elsewhere) -> None:
    far.pages["/"] = Reply(PAGE.encode(), headers=HTML)
    seen = preview(alice, f"{far.origin}/")
    assert (seen["kind"], seen["name"], seen["follow"], seen["others"]) == ("hfeed", "Ben’s notes", None, [])
    assert [one["title"] for one in seen["posts"]] == ["Two", "The first"]
    assert not Feed.objects.exists()

    followed = follow(alice, seen["url"])
    assert (followed["kind"], followed["name"]) == ("hfeed", "Ben’s notes")
    assert preview(alice, f"{far.origin}/")["follow"] == followed["id"]
    assert {one["title"] for one in timeline(alice)} == {"Two", None}
    assert "The second" in texts(alice)

    far.pages["/"] = Reply(PAGE.replace("The first", "The very first").encode(), headers=HTML)
    poll_all()
    assert "The very first" in texts(alice)


def test_the_page_of_one_post_is_no_feed(alice: Member, far: Elsewhere) -> None:
    link = f'<a class="u-url" href="{far.origin}/1">x</a>'
    lone = f'<html><div class="h-entry">{link}<p class="e-content">y</p></div>'
    far.pages["/1"] = Reply(lone.encode(), headers=HTML)
    assert preview(alice, f"{far.origin}/1", 400)["code"] == "not_a_feed"


def test_a_page_with_several_feeds_offers_them_all(alice: Member, far: Elsewhere) -> None:
    head = (
        '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments">'
        '<!-- <link rel="alternate" type="application/feed+json" href="/old"> -->'
        '<link rel="alternate" type="application/feed+json" title="Posts" href="/feed.json">'
    )
    far.pages["/"] = Reply(PAGE.replace("<head>", f"<head>{head}").encode(), headers=HTML)
    far.pages["/feed.json"] = json_feed(item(1))
    seen = preview(alice, far.origin)
    assert (seen["url"], seen["kind"]) == (f"{far.origin}/feed.json", "json")
    assert [(one["kind"], one["title"]) for one in seen["others"]] == [("rss", "Comments"), ("hfeed", "")]
    assert far.count("/comments") == 0
    assert follow(alice, far.origin)["url"] == f"{far.origin}/feed.json"


def test_a_person_of_another_network_is_found_and_followed(alice: Member, fedi: Elsewhere) -> None:
    address = f"@cleo.b@127.0.0.1:{fedi.port}"
    seen = preview(alice, address)
    assert (seen["kind"], seen["name"], seen["home"]) == ("activitypub", "Cleo", f"{fedi.origin}/@cleo")
    assert follow(alice, address)["kind"] == "activitypub"
    assert follow(alice, f"{fedi.origin}/users/cleo", 200)["name"] == "Cleo"
    assert preview(alice, "acct:" + address[1:].replace("127", "\uff11\uff12\uff17"))["name"] == "Cleo"
    assert sorted(texts(alice)) == ["One", "Two"]

    outbox(fedi, create(note(3, "<p>Three</p>")), create(note(2, "<p>Two, again</p>")))
    poll_all()
    assert sorted(texts(alice)) == ["One", "Three", "Two, again"]
    (shown,) = alice.client.get("/api/v1/follows").json()["follows"]
    assert (shown["name"], shown["problem"]) == ("Cleo", None)


@pytest.mark.parametrize("public", [PUBLIC, "as:Public", "Public"])
@pytest.mark.parametrize("where", ["to", "cc"])
@pytest.mark.parametrize("listed", [True, False])
def test_public_is_public_however_it_is_spelled(public: str, where: str, listed: bool) -> None:
    spelled = {"to": [], "cc": [], where: [f"{PUBLIC}/not", public] if listed else public}
    assert activitypub.is_public(spelled)


@pytest.mark.parametrize(
    "activity",
    [
        create(note(9, "x", to=["https://far.example/followers"])),
        create(note(9, "x", to="https://far.example/bob"), to=PUBLIC),
        {"type": "Announce", "object": "https://other.example/1", "to": [PUBLIC]},
        {"type": "Announce", "object": note(9, "x"), "to": [PUBLIC]},
        create({"type": "Tombstone", "id": "ID/9"}, to=[PUBLIC]),
        {"type": "Delete", "object": {"type": "Tombstone", "id": "ID/9"}, "to": PUBLIC},
        create(note(9, "x", id="https://victim.example/1")),
        create("ID/9", to=[PUBLIC]),
        create({"type": "Note", "content": "x"}),
        {"type": "Like", "object": "ID/1", "to": PUBLIC},
        7,
        None,
        [],
    ],
)
def test_what_is_not_public_or_not_theirs_is_left_out(alice: Member, fedi: Elsewhere, activity: Any) -> None:
    outbox(fedi, activity, create(note(2, "kept")))
    follow(alice, f"{fedi.origin}/users/cleo")
    assert sorted(texts(alice)) == ["One", "kept"]


def test_an_outbox_that_goes_in_circles_ends(alice: Member, fedi: Elsewhere) -> None:
    put(fedi, "/outbox?page=2", page(fedi, next=f"{fedi.origin}/outbox?page=1"))
    follow(alice, f"{fedi.origin}/outbox")
    assert fedi.count("/outbox?page=1") == fedi.count("/outbox?page=2") == 1


def test_every_document_of_the_standard_is_read_or_refused() -> None:
    read = 0
    for document in json.loads(DOCUMENTS.read_text(encoding="utf-8")).values():
        for text in (document, document.replace('"type"', '"@type"')):
            with contextlib.suppress(Refusal):
                found = reading.read(text.encode(), "application/activity+json", "http://example.org/x")
                read += found.kind == "activitypub"
    assert read > 20


@pytest.mark.parametrize(
    ("jrd", "status"),
    [
        (b"no", 400),
        (b"[]", 404),
        (b'{"links": 5}', 404),
        (b'{"links": [{"rel": "self", "href": 7}]}', 404),
        (b"{}", 404),
    ],
)
def test_a_webfinger_answer_without_a_person_is_said_so(
    alice: Member, far: Elsewhere, jrd: bytes, status: int
) -> None:
    far.pages[f"/.well-known/webfinger?resource=acct:x@127.0.0.1:{far.port}"] = Reply(jrd)
    preview(alice, f"@x@127.0.0.1:{far.port}", status)


def test_a_member_of_this_site_is_previewed_without_asking_anybody(alice: Member, make_member: Any) -> None:
    make_member("bob").client.post("/api/v1/posts", {"source": "Hello"}, content_type="application/json")
    seen = preview(alice, "bob@localhost:8001")
    assert (seen["kind"], seen["name"], [one["title"] for one in seen["posts"]]) == (
        "member",
        "bob",
        ["Hello"],
    )
    assert follow(alice, seen["url"])["kind"] == "member"
    assert Follow.objects.count() == 1
