"""Public pages and feeds as strangers get them: valid, the same for everyone, conditional, harmless."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ElementTree
from typing import Any

import feedparser
import html5lib
import mf2py
import pytest
from django.test import Client

from social.accounts.models import User
from social.people import profiles
from social.posts import writing
from social.posts.models import Post
from social.public import published
from social.public.models import PublishedPage
from tests.server import hostile
from tests.server.conftest import Member

pytestmark = pytest.mark.django_db
HOST = "localhost:8001"
ORIGIN = f"http://{HOST}"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"host": HOST})


@pytest.fixture
def author(alice: Member) -> User:
    user = User.objects.get(username="alice")
    profiles.change(
        user, {"name": "Ana <b>", "position": "Keeper", "description": "Two\nlines", "location": "Cape"}
    )
    return user


@pytest.fixture
def post(author: User) -> Post:
    return writing.publish(author, 'A "title" & more', "Some *words*, and <b>bold</b> ones.")


def without_light(page: str) -> str:
    """A page in small letters without the one script that it may have, the light's, which is in the head."""
    light = r'<script type="module" async src="/app/assets/visitor-[\w-]+\.js"></script>\n</head>'
    return re.sub(light, "</head>", page, count=1).lower()


def json_feed_faults(feed: Any) -> list[str]:
    """What JSON Feed 1.1 demands."""
    faults = [f"no {name}" for name in ("version", "title", "items") if name not in feed]
    if feed["version"] != "https://jsonfeed.org/version/1.1":
        faults.append("version")
    for name in ("home_page_url", "feed_url"):
        if not feed[name].startswith(ORIGIN):
            faults.append(name)
    for item in feed["items"]:
        if not isinstance(item["id"], str) or not ("content_html" in item or "content_text" in item):
            faults.append("item")
        if item.get("title") == "" or not item["url"].startswith(ORIGIN):
            faults.append("item url or title")
    if len({item["id"] for item in feed["items"]}) != len(feed["items"]):
        faults.append("ids")
    return faults


def test_the_json_feed_is_valid_and_says_who_it_is(stranger: Client, post: Post) -> None:
    writing.publish(post.author, "", "untitled")
    answer = stranger.get("/@alice/feed.json")
    feed = answer.json()
    assert answer["content-type"] == "application/feed+json; charset=utf-8"
    assert json_feed_faults(feed) == []
    assert "title" not in feed["items"][0]
    assert feed["items"][1]["id"] == f"urn:uuid:{post.uid}"
    ours = feed["_porchlight"]
    assert (ours["address"], ours["name"], ours["position"]) == ("@alice@localhost:8001", "Ana <b>", "Keeper")
    assert ours["account"] == post.author.account


def test_the_atom_feed_is_valid(stranger: Client, post: Post) -> None:
    writing.publish(post.author, "", "controls \x01\x0b and ]]> <&\ufffe")
    answer = stranger.get("/@alice/feed.atom")
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert all(link.get("href", "").startswith(ORIGIN) for link in element.findall(f"{ATOM}link"))
    assert {link.get("rel") for link in feed.findall(f"{ATOM}link")} == {"self", "alternate"}
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    parsed = feedparser.parse(
        io.BytesIO(answer.content), response_headers={"content-type": answer["content-type"]}
    )
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert parsed.entries[1].id == f"urn:uuid:{post.uid}"
    assert parsed.entries[1].title == 'A "title" & more'


def test_the_pages_speak_microformats(stranger: Client, post: Post) -> None:
    page = mf2py.parse(stranger.get("/@alice").content.decode(), url=f"{ORIGIN}/@alice")
    (feed,) = [item for item in page["items"] if item["type"] == ["h-feed"]]
    (card,) = feed["properties"]["author"]
    assert card["properties"]["name"] == ["Ana <b>"]
    assert card["properties"]["url"] == [f"{ORIGIN}/@alice"]
    assert card["properties"]["job-title"] == ["Keeper"]
    assert [child["type"] for child in feed["children"]] == [["h-entry"]]
    assert (
        page["alternates"]
        or page["rel-urls"][f"{ORIGIN}/@alice/feed.json"]["type"] == "application/feed+json"
    )

    one = mf2py.parse(
        stranger.get(f"/@alice/{post.slug}").content.decode(), url=f"{ORIGIN}/@alice/{post.slug}"
    )
    (entry,) = one["items"]
    assert entry["type"] == ["h-entry"]
    assert entry["properties"]["name"] == ['A "title" & more']
    assert entry["properties"]["url"] == [f"{ORIGIN}/@alice/{post.slug}"]
    assert entry["properties"]["uid"] == [f"urn:uuid:{post.uid}"]
    assert entry["properties"]["author"][0]["properties"]["name"] == ["Ana <b>"]
    assert entry["properties"]["content"][0]["value"].strip() == "Some words, and bold ones."
    assert entry["properties"]["published"]


def head_of(content: bytes) -> dict[str, str]:
    document = html5lib.parse(content.decode(), namespaceHTMLElements=False)
    return {
        meta.get("property") or meta.get("name"): meta.get("content")
        for meta in document.iter("meta")
        if meta.get("content")
    }


def test_the_pages_name_themselves_and_their_feeds(stranger: Client, post: Post) -> None:
    head = head_of(stranger.get(f"/@alice/{post.slug}").content)
    assert head["og:title"] == 'A "title" & more'
    assert head["og:type"] == "article"
    assert head["og:url"] == f"{ORIGIN}/@alice/{post.slug}"
    assert head["og:description"] == "Some words, and bold ones."
    person = head_of(stranger.get("/@alice").content)
    assert (person["og:title"], person["og:type"]) == ("Ana <b>", "profile")
    assert "Ana &lt;b&gt;" in stranger.get("/").content.decode()


def paths(post: Post) -> list[str]:
    return ["/", "/@alice", f"/@alice/{post.slug}", "/@alice/feed.json", "/@alice/feed.atom"]


def test_everybody_gets_the_same_bytes_and_no_cookie(alice: Member, post: Post) -> None:
    other = Client(headers={"host": HOST, "accept-language": "ar", "user-agent": "x"})
    other.cookies["anything"] = "1"
    for path in paths(post):
        answers = [Client(headers={"host": HOST}).get(path), other.get(path), alice.client.get(path)]
        assert len({answer.content for answer in answers}) == 1
        for answer in answers:
            assert answer.status_code == 200
            assert not answer.cookies
            assert not answer.has_header("vary")
            assert "<script" not in without_light(answer.content.decode())
            assert b"csrf" not in answer.content.lower()


CONDITIONS = [
    ({}, 200),
    ({"if-none-match": "ETAG"}, 304),
    ({"if-none-match": "W/ETAG"}, 304),
    ({"if-none-match": '"x", W/ETAG'}, 304),
    ({"if-none-match": '"x",ETAG,"y"'}, 304),
    ({"if-none-match": "  *  "}, 304),
    ({"if-none-match": "*"}, 304),
    ({"if-none-match": ', "x" , ETAG'}, 304),
    ({"if-none-match": 'W/"x", W/"y"'}, 200),
    ({"if-none-match": 'W/"x"'}, 200),
    ({"if-none-match": '"ETAG"'}, 200),
    ({"if-none-match": '"x"'}, 200),
    ({"if-none-match": '"*"'}, 200),
    ({"if-none-match": ""}, 200),
    ({"if-none-match": "no quotes"}, 200),
    ({"if-none-match": '"x"', "if-modified-since": "DATE"}, 200),
    ({"if-none-match": "ETAG", "if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 304),
    ({"if-modified-since": "DATE"}, 304),
    ({"if-modified-since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 200),
    ({"if-modified-since": "Wed, 31 Dec 2098 23:59:59 GMT"}, 304),
    ({"if-modified-since": "Saturday, 01-Jan-00 00:00:00 GMT"}, 200),
    ({"if-modified-since": "Sat Jan  1 00:00:00 2000"}, 200),
    ({"if-modified-since": "not a date"}, 200),
    ({"if-modified-since": ""}, 200),
]


@pytest.mark.parametrize(("conditions", "status"), CONDITIONS)
@pytest.mark.parametrize("method", ["get", "head"])
def test_conditional_requests(
    stranger: Client, post: Post, conditions: dict[str, str], status: int, method: str
) -> None:
    PublishedPage.objects.update(modified=1_700_000_000)
    for path in paths(post):
        plain = stranger.get(path)
        asked = {
            name: value.replace("ETAG", plain["etag"]).replace("DATE", plain["last-modified"])
            for name, value in conditions.items()
        }
        answer = getattr(stranger, method)(path, headers=asked)
        assert answer.status_code == status, (path, asked)
        assert answer["etag"] == plain["etag"]
        assert answer["cache-control"] == "public, max-age=0, must-revalidate"
        assert answer.content == (plain.content if (status, method) == (200, "get") else b"")
        if status == 200:
            assert answer["content-length"] == str(len(plain.content))


def test_a_change_gives_a_new_etag_and_nothing_else_does(stranger: Client, post: Post) -> None:
    before = {path: stranger.get(path)["etag"] for path in paths(post)}
    writing.edit(post, post.title, post.source)
    assert {path: stranger.get(path)["etag"] for path in paths(post)} == before
    writing.edit(post, post.title, "other words")
    after = {path: stranger.get(path)["etag"] for path in paths(post)}
    assert {path for path in before if before[path] != after[path]} == set(paths(post)[1:])


def test_a_page_changed_twice_within_a_second_is_told_apart_by_date_too(stranger: Client, post: Post) -> None:
    first = stranger.get("/@alice")["last-modified"]
    writing.edit(post, post.title, "other words")
    assert stranger.get("/@alice", headers={"if-modified-since": first}).status_code == 200


def test_a_deleted_post_is_gone_everywhere(stranger: Client, post: Post) -> None:
    writing.delete(post)
    for path in (f"/@alice/{post.slug}", f"/@alice/{post.slug}/comments.json"):
        answer = stranger.get(path, headers={"if-none-match": "*"})
        assert answer.status_code == 410
        assert b"bold" not in answer.content
    assert post.title not in stranger.get("/@alice").content.decode()
    assert stranger.get("/@alice/feed.json").json()["items"] == []
    assert b"<entry>" not in stranger.get("/@alice/feed.atom").content
    assert not PublishedPage.objects.filter(body__contains=b"bold").exists()


@pytest.mark.parametrize(
    "path", ["/@nobody", "/@alice/nothing", "/@", "/@alice/feed.xml", "/@alice/../x", "/@%00"]
)
def test_what_is_not_there_is_not_found(stranger: Client, post: Post, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 404
    assert not answer.cookies


@pytest.mark.parametrize(
    ("path", "to"),
    [("/@Alice", "/@alice"), ("/@alice/", "/@alice"), ("/@ALICE/feed.json/", "/@alice/feed.json")],
)
def test_other_spellings_are_sent_to_the_page(stranger: Client, post: Post, path: str, to: str) -> None:
    answer = stranger.get(path)
    assert (answer.status_code, answer["location"]) == (301, to)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_pages_are_only_read(stranger: Client, post: Post, method: str) -> None:
    for path in paths(post):
        assert getattr(stranger, method)(path).status_code == 405


def test_hostile_posts_do_nothing_on_the_page(stranger: Client, author: User) -> None:
    for text in hostile.markup():
        Post.objects.all().delete()
        PublishedPage.objects.filter(path__startswith="/@alice/").delete()
        post = writing.publish(author, text[:150], f"{text}\n\nend")
        page = stranger.get(f"/@alice/{post.slug}").content.decode()
        assert page.count("<svg") == 1, "the lamp is the only picture"
        inside = page.split('<div class="words', 1)[1].split("<data ", 1)[0]
        assert hostile.harm(f'<div class="words{inside}') == [], text
        assert "<script" not in without_light(page), text
        assert not text[:150].strip() or head_of(page.encode())["og:title"] == post.title
        assert ElementTree.fromstring(stranger.get("/@alice/feed.atom").content).tag
        item = json.loads(stranger.get("/@alice/feed.json").content)["items"][0]
        assert hostile.harm(item["content_html"]) == [], text


def test_the_stylesheet_is_named_by_its_bytes_and_kept_for_good(stranger: Client, post: Post) -> None:
    from social.public import build

    build.ensure_current()
    page = stranger.get("/@alice").content.decode()
    path = page.split('rel="stylesheet" href="', 1)[1].split('"', 1)[0]
    answer = stranger.get(path)
    assert answer["cache-control"] == "public, max-age=31536000, immutable"
    assert b"--accent" in answer.content
    assert b"http" not in answer.content


def test_pages_made_by_another_version_are_made_anew(stranger: Client, post: Post) -> None:
    from social.public import build
    from social.public.models import Edition

    build.ensure_current()
    before = published.edition()
    build.ensure_current()
    assert published.edition() == before
    PublishedPage.objects.filter(path="/@alice").update(body=b"old", digest="old")
    Edition.objects.update(recipe="another")
    build.ensure_current()
    assert b"Keeper" in stranger.get("/@alice").content


def test_who_leaves_or_is_erased_says_that_the_pages_are_gone(stranger: Client, post: Post) -> None:
    author = post.author
    author.is_active = False
    author.save()
    for path in paths(post)[1:]:
        assert stranger.get(path).status_code == 410
    assert b"Ana" not in stranger.get("/").content
    author.is_active = True
    author.save()
    assert stranger.get(f"/@alice/{post.slug}").status_code == 200
    author.delete()
    for path in paths(post)[1:]:
        assert stranger.get(path).status_code == 410
    assert b"Ana" not in stranger.get("/").content


def test_a_login_does_not_make_pages_anew(stranger: Client, post: Post) -> None:
    before = published.edition()
    post.author.save(update_fields=["last_login"])
    assert published.edition() == before
