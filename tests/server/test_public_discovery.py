"""WebFinger, NodeInfo, robots.txt, security.txt and the sitemap, as programs ask for them."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
from django.test import Client

from social.accounts.models import User
from social.posts import writing
from social.posts.models import Post
from social.public import sitemap
from social.safety import texts
from social.safety.models import SiteText
from tests.server.conftest import Member

pytestmark = pytest.mark.django_db
HOST = "localhost:8001"
ORIGIN = f"http://{HOST}"
WEBFINGER = "/.well-known/webfinger"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PROFILE_PAGE = "http://webfinger.net/rel/profile-page"
NODEINFO = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "software", "protocols", "services", "openRegistrations", "usage", "metadata"],
    "properties": {
        "version": {"const": "2.1"},
        "software": {
            "required": ["name", "version"],
            "properties": {
                "name": {"pattern": "^[a-z0-9-]+$"},
                "version": {"type": "string", "minLength": 1},
            },
        },
        "protocols": {
            "minItems": 1,
            "items": {"enum": ["activitypub", "diaspora", "ostatus", "xmpp"]},
        },
        "services": {
            "required": ["inbound", "outbound"],
            "properties": {
                "inbound": {"items": {"enum": ["atom1.0", "rss2.0", "imap", "pop3"]}},
                "outbound": {"items": {"enum": ["atom1.0", "rss2.0", "smtp"]}},
            },
        },
        "openRegistrations": {"const": False},
        "usage": {
            "additionalProperties": False,
            "required": ["users"],
            "properties": {"users": {"type": "object"}, "localPosts": {"type": "integer"}},
        },
        "metadata": {"type": "object"},
    },
}
"""What NodeInfo 2.1 demands of a document like ours."""


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"host": HOST})


@pytest.fixture
def author(alice: Member) -> User:
    return User.objects.get(username="alice")


@pytest.fixture
def post(author: User) -> Post:
    return writing.publish(author, "First", "Some words.")


@pytest.mark.parametrize(
    "query",
    [
        "resource=acct:alice@localhost:8001",
        "resource=acct%3Aalice%40localhost%3A8001",
        "resource=ACCT:Alice@LOCALHOST:8001",
        "resource=acct:@alice@localhost:8001",
        f"resource={ORIGIN}/@alice",
        f"resource={ORIGIN}/@alice/",
        f"rel={PROFILE_PAGE}&resource=acct:alice@localhost:8001",
        f"resource=acct:alice@localhost:8001&rel={PROFILE_PAGE}",
        "anything=else&resource=acct:alice@localhost:8001",
    ],
)
def test_webfinger_names_the_page_of_a_member(stranger: Client, author: User, query: str) -> None:
    answer = stranger.get(f"{WEBFINGER}?{query}")
    assert answer.status_code == 200
    assert answer["content-type"] == "application/jrd+json"
    assert answer["access-control-allow-origin"] == "*"
    assert not answer.cookies
    document = answer.json()
    assert document["subject"] == "acct:alice@localhost:8001"
    assert document["aliases"] == [f"{ORIGIN}/@alice"]
    links = {link["rel"]: link for link in document["links"]}
    assert links[PROFILE_PAGE]["href"] == f"{ORIGIN}/@alice"
    for link in links.values():
        page = stranger.get(link["href"].removeprefix(ORIGIN))
        assert page["content-type"].startswith(link["type"])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("resource=", 400),
        ("rel=self", 400),
        ("resource=alice", 400),
        ("resource=@alice@localhost:8001", 400),
        ("resource==acct:alice@localhost:8001", 400),
        ("resource=acct:", 400),
        ("resource=acct:alice", 400),
        ("resource=acct:@localhost:8001", 400),
        ("resource=acct:alice@localhost:8001&resource=acct:alice@localhost:8001", 400),
        ("resource=acct:alice@localhost:8001%20x", 400),
        (f"resource=acct:{'a' * 2000}@localhost:8001", 400),
        ("resource=acct:bob@localhost:8001", 404),
        ("resource=acct:alice@localhost", 404),
        ("resource=acct:alice@example.org", 404),
        ("resource=acct:alice@localhost:99999", 404),
        ("resource=acct:%00@localhost:8001", 404),
        ("resource=mailto:alice@localhost:8001", 404),
        ("resource=urn:uuid:0", 404),
        (f"resource={ORIGIN}/", 404),
        (f"resource={ORIGIN}/@alice/first", 404),
        ("resource=https://example.org/@alice", 404),
    ],
)
def test_webfinger_refuses_what_it_cannot_read_and_does_not_know_the_rest(
    stranger: Client, author: User, query: str, status: int
) -> None:
    answer = stranger.get(f"{WEBFINGER}?{query}")
    assert answer.status_code == status
    assert answer["access-control-allow-origin"] == "*"
    assert set(answer.json()) == {"code", "message"}


def test_webfinger_gives_the_relations_that_are_asked_for(stranger: Client, author: User) -> None:
    one = f"{WEBFINGER}?resource=acct:alice@localhost:8001"
    assert [link["rel"] for link in stranger.get(f"{one}&rel={PROFILE_PAGE}").json()["links"]] == [
        PROFILE_PAGE
    ]
    both = stranger.get(f"{one}&rel={PROFILE_PAGE}&rel=alternate").json()["links"]
    assert {link["rel"] for link in both} == {PROFILE_PAGE, "alternate"}
    assert stranger.get(f"{one}&rel=unknown").json()["links"] == []


def test_who_has_left_is_not_told_from_who_never_was(stranger: Client, author: User) -> None:
    author.is_active = False
    author.save()
    left = stranger.get(f"{WEBFINGER}?resource=acct:alice@localhost:8001")
    never = stranger.get(f"{WEBFINGER}?resource=acct:never@localhost:8001")
    assert (left.status_code, left.content) == (never.status_code, never.content)


def test_nodeinfo_is_found_and_valid(stranger: Client, post: Post) -> None:
    (link,) = stranger.get("/.well-known/nodeinfo").json()["links"]
    answer = stranger.get(link["href"].removeprefix(ORIGIN))
    assert link["rel"] == "http://nodeinfo.diaspora.software/ns/schema/2.1"
    assert f'profile="{link["rel"]}#"' in answer["content-type"]
    document = answer.json()
    jsonschema.validate(document, NODEINFO)
    assert document["usage"] == {"users": {"total": 1}, "localPosts": 1}


def test_host_meta_says_where_webfinger_is(stranger: Client) -> None:
    answer = stranger.get("/.well-known/host-meta")
    (link,) = ElementTree.fromstring(answer.content)
    assert answer["content-type"].startswith("application/xrd+xml")
    assert link.get("template") == f"{ORIGIN}{WEBFINGER}?resource={{uri}}"


def test_robots_may_read_pages_and_nothing_else(stranger: Client, post: Post) -> None:
    from urllib.robotparser import RobotFileParser

    answer = stranger.get("/robots.txt")
    assert answer["content-type"] == "text/plain; charset=utf-8"
    rules = RobotFileParser()
    rules.parse(answer.content.decode().splitlines())
    assert rules.site_maps() == [f"{ORIGIN}/sitemap.xml"]
    for path in ("/", "/@alice", "/@alice/first", "/app/assets/visitor-x.js", "/media/x"):
        assert rules.can_fetch("any", path), path
    for path in ("/app/", "/api/v1/me", "/search?q=x", "/_allauth/x"):
        assert not rules.can_fetch("any", path), path


def test_security_txt_names_who_takes_complaints(stranger: Client, author: User) -> None:
    path = "/.well-known/security.txt"
    assert stranger.get(path).status_code == 404
    texts.write(author, SiteText.CONTACT, "Write to <ana@example.org>, or see https://example.org/abuse.")
    answer = stranger.get(path)
    lines = [line.split(": ", 1) for line in answer.content.decode().splitlines()]
    contacts = [value for name, value in lines if name == "Contact"]
    assert contacts == ["mailto:ana@example.org", "https://example.org/abuse", f"{ORIGIN}/imprint"]
    (until,) = [datetime.fromisoformat(value) for name, value in lines if name == "Expires"]
    now = datetime.now(UTC)
    assert now < until < now + timedelta(days=365)


def listed(stranger: Client, path: str = "/sitemap.xml") -> list[str]:
    document = ElementTree.fromstring(stranger.get(path).content)
    return [str(one.findtext(f"{MAP}loc")).removeprefix(ORIGIN) for one in document]


def test_the_sitemap_lists_the_pages_that_may_be_found(stranger: Client, author: User, post: Post) -> None:
    writing.edit(post, "First", "Other words. #history #öö")
    gone = writing.publish(author, "Gone", "Soon.")
    writing.delete(gone)
    found = listed(stranger)
    assert {"/", "/@alice", "/@alice/first", "/@alice/tag/history", "/@alice/tag/%C3%B6%C3%B6"} <= set(found)
    assert len(found) == len(set(found))
    for path in found:
        page = stranger.get(path)
        assert page.status_code == 200
        assert b'content="noindex"' not in page.content
    assert "/@alice/gone" not in found
    assert stranger.get("/@alice/first/history").status_code in (200, 404)
    assert "/@alice/first/history" not in found


def test_the_sitemap_is_asked_for_conditionally(stranger: Client, author: User, post: Post) -> None:
    first = stranger.get("/sitemap.xml")
    again = stranger.get("/sitemap.xml", headers={"if-none-match": first["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    writing.publish(author, "Second", "More.")
    assert stranger.get("/sitemap.xml", headers={"if-none-match": first["etag"]}).status_code == 200


def test_a_large_site_has_an_index_of_parts(
    stranger: Client, author: User, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = listed(stranger)
    monkeypatch.setattr(sitemap, "LENGTH", 3)
    parts = listed(stranger)
    assert len(parts) > 1
    assert [path for part in parts for path in listed(stranger, part)] == whole
    assert stranger.get("/sitemap-99999.xml").status_code == 404


@pytest.mark.parametrize(
    "path", ["/robots.txt", "/sitemap.xml", "/nodeinfo/2.1", f"{WEBFINGER}?resource=a:b"]
)
def test_they_are_only_read_and_the_same_for_everybody(stranger: Client, alice: Member, path: str) -> None:
    assert stranger.post(path).status_code == 405
    answers = [stranger.get(path), alice.client.get(path)]
    assert answers[0].content == answers[1].content
    assert not any(answer.cookies or answer.has_header("vary") for answer in answers)
    assert stranger.head(path).content == b""
