"""Comments that come in by signed POST: taken once, shown or waiting; what is wrong is refused by a code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections

from federation import clock, peers
from federation.models import Job
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.encoding import b64encode
from homevault.protocol.envelope import read_envelope
from homevault.protocol.keys import SignKey, sign
from social.accounts.models import User
from social.posts import moderation, remote, writing
from social.posts.models import Comment
from tests.server import elsewhere, hostile
from tests.server.commenter import OUR_ORIGIN, Commenter, send
from tests.server.conftest import Member
from tests.server.elsewhere import Reply
from tests.server.identities import CLOCK, RANDOM, Identity

pytestmark = pytest.mark.django_db(transaction=True)
POST = "/@alice/first"
NOW = CLOCK.now


@pytest.fixture
def bob(settings: Any, alice: Member) -> Iterator[Commenter]:
    """A stranger to alice, who has written one post."""
    writing.publish(User.objects.get(username="alice"), "First", "words")
    peers._cooling.clear()
    with elsewhere.serving() as site:
        allowed = frozenset({("127.0.0.1", site.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        yield Commenter(site)


def page(alice: Member, path: str = POST) -> str:
    return str(alice.client.get(path).content.decode())


def pending(alice: Member) -> list[dict[str, Any]]:
    return list(alice.client.get("/api/v1/comments/pending").json()["comments"])


def decide(alice: Member, pk: int, what: str) -> Any:
    return alice.client.post(f"/api/v1/comments/{pk}/{what}").json()


def states() -> list[tuple[str, str]]:
    """What the outbox tells bob's site."""
    found = [
        read_envelope(bytes(job.blob or b"")) for job in Job.objects.filter(kind="envelope").order_by("id")
    ]
    return [(envelope.data["comment"], envelope.data["state"]) for envelope in found]


def test_a_strangers_first_comment_waits_and_later_ones_are_shown(alice: Member, bob: Commenter) -> None:
    first = bob.body(POST, "Hello <b>there</b>")
    answer = bob.say(POST, first)
    assert (answer.status_code, answer.json()["state"]) == (202, "pending")
    assert "Hello" not in page(alice)
    assert alice.client.get(f"{POST}/comments.json").json()["comments"] == []
    (waiting,) = pending(alice)
    assert (waiting["text"], waiting["address"]) == ("Hello <b>there</b>", str(bob.address))

    etag = alice.client.get(POST)["etag"]
    assert decide(alice, waiting["id"], "approve")["state"] == "shown"
    assert "Hello &lt;b&gt;there&lt;/b&gt;" in page(alice)
    assert alice.client.get(POST)["etag"] != etag
    assert states() == [(answer.json()["comment"], "shown")]
    published = alice.client.get(f"{POST}/comments.json")
    assert published.json() == {
        "v": 1,
        "comments": [first["comment"]],
        "changes": [],
        "certificates": [first["certificate"]],
    }
    assert [one["text"] for one in remote.read(published.content, OUR_ORIGIN + POST)] == [
        "Hello <b>there</b>"
    ]

    assert bob.say(POST, bob.body(POST, "Again")).status_code == 201
    assert "Again" in page(alice)
    assert "2 comments" in page(alice, "/@alice")


def test_the_same_comment_again_changes_nothing(alice: Member, bob: Commenter) -> None:
    body = bob.body(POST)
    answers = [bob.say(POST, body).json() for _ in range(3)]
    assert answers == [answers[0]] * 3
    comment = Comment.objects.get()
    moderation.approve(comment)
    assert bob.say(POST, body).status_code == 201
    moderation.refuse(comment)
    assert bob.say(POST, body).status_code == 403
    assert Comment.objects.get().state == "removed"


def test_the_same_comment_ten_times_at_once_is_one_comment(alice: Member, bob: Commenter) -> None:
    raw = canonical(bob.body(POST))
    signed = [bob.headers(POST, raw) for _ in range(10)]

    def post(headers: dict[str, str]) -> int:
        try:
            return int(send(POST, raw, headers).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(10) as pool:
        statuses = list(pool.map(post, signed))
    assert set(statuses) == {202}
    assert Comment.objects.count() == 1


def test_refused_and_removed_comments_are_not_shown_and_told(alice: Member, bob: Commenter) -> None:
    ref = bob.say(POST, bob.body(POST, "No")).json()["comment"]
    (waiting,) = pending(alice)
    assert decide(alice, waiting["id"], "refuse")["state"] == "refused"
    assert decide(alice, waiting["id"], "approve")["state"] == "refused"
    assert "No" not in page(alice).split('id="comments"')[1].split("No comments yet")[0]
    assert bob.say(POST, bob.body(POST, "Still a stranger")).status_code == 202

    (waiting,) = pending(alice)
    decide(alice, waiting["id"], "approve")
    decide(alice, waiting["id"], "refuse")
    assert "Still a stranger" not in page(alice)
    assert [state for _, state in states()] == ["refused", "shown", "removed"]
    assert states()[0][0] == ref


def test_deleting_the_post_tells_the_commenters(alice: Member, bob: Commenter) -> None:
    bob.say(POST, bob.body(POST))
    writing.delete(Comment.objects.get().post)
    assert not Comment.objects.exists()
    assert [state for _, state in states()] == ["removed"]
    assert bob.say(POST, bob.body(POST)).json()["code"] == "refused"


def test_only_the_author_decides(alice: Member, bob: Commenter, make_member: Callable[[str], Member]) -> None:
    bob.say(POST, bob.body(POST))
    mallory = make_member("mallory")
    pk = Comment.objects.get().pk
    assert pending(mallory) == []
    for what in ("approve", "refuse"):
        assert mallory.client.post(f"/api/v1/comments/{pk}/{what}").status_code == 404
    assert Comment.objects.get().state == "pending"


# --- what is refused -----------------------------------------------------------------------------


def forged(body: dict[str, Any], key: SignKey | None = None, **changes: Any) -> dict[str, Any]:
    """The body with another comment; signed anew if there is a key."""
    comment = {name: value for name, value in {**body["comment"], **changes}.items() if value is not ...}
    return {**body, "comment": sign("comment", comment, key) if key else comment}


def own(bob: Commenter, **changes: Any) -> dict[str, Any]:
    """Bob's device signs whatever it is made to sign."""
    return forged(bob.body(POST), bob.identity.browser.key, **changes)


def other_account(bob: Commenter) -> dict[str, Any]:
    eve = Identity()
    return forged(bob.body(POST), bob.identity.browser.key, account=eve.account.public)


def other_certificate(bob: Commenter) -> dict[str, Any]:
    return {**bob.body(POST), "certificate": bob.identity.add("member").certificate()}


def unlisted_device(bob: Commenter) -> dict[str, Any]:
    device = bob.identity.add("member")
    return {**bob.body(POST, device=device.key), "certificate": device.certificate()}


def stolen_address(bob: Commenter) -> dict[str, Any]:
    """Eve's keys, bob's address: his site does not list her."""
    eve = Commenter.__new__(Commenter)
    eve.home, eve.username, eve.key, eve.identity = bob.home, bob.username, bob.key, Identity()
    eve.device_list = eve.identity.device_list()
    return eve.body(POST)


def changed_certificate(bob: Commenter) -> dict[str, Any]:
    return {**bob.body(POST), "certificate": {**bob.certificate, "role": "vault"}}


NO_ADDRESS = {"ip": "-", "port": 1, "username": "x"}


def elsewhere_address(bob: Commenter) -> Address:
    return Address.make("other.example", 443, "bob")


BODIES: list[tuple[str, Callable[[Commenter], Any], int, str]] = [
    ("not json", lambda b: b"{", 400, "json_syntax"),
    ("not utf-8", lambda b: b'{"a":"\xff"}', 400, "json_not_utf8"),
    ("a duplicate member", lambda b: b'{"a":1,"a":1}', 400, "json_duplicate_key"),
    ("a float", lambda b: b'{"a":1.5}', 400, "json_number"),
    ("too deep", lambda b: b"[" * 17 + b"]" * 17, 400, "json_depth"),
    ("not canonical", lambda b: canonical(b.body(POST)).replace(b":", b": ", 1), 400, "json_not_canonical"),
    ("too large", lambda b: b'"%s"' % (b"x" * 30_000), 413, "json_too_large"),
    ("a list", lambda b: [], 400, "schema"),
    ("nothing", lambda b: {}, 400, "schema"),
    ("no certificate", lambda b: {"comment": b.body(POST)["comment"]}, 400, "schema"),
    ("a null certificate", lambda b: {**b.body(POST), "certificate": None}, 400, "schema"),
    ("an extra member outside", lambda b: {**b.body(POST), "more": 1}, 400, "schema"),
    ("an extra member inside", lambda b: own(b, more=1), 400, "schema"),
    ("a missing member", lambda b: own(b, name=...), 400, "schema"),
    ("version 2", lambda b: own(b, v=2), 400, "unsupported_version"),
    ("another suite", lambda b: own(b, suite="PL0"), 400, "unsupported_suite"),
    ("an empty text", lambda b: own(b, text=""), 400, "schema"),
    ("a long text", lambda b: own(b, text="x" * 8_193), 400, "schema"),
    ("a long text in bytes", lambda b: own(b, text="é" * 4_097), 400, "schema"),
    ("a long name", lambda b: own(b, name="x" * 65), 400, "schema"),
    ("a short id", lambda b: own(b, id="AAAA"), 400, "encoding"),
    ("a text for time", lambda b: own(b, time="now"), 400, "schema"),
    (
        "an address that is none",
        lambda b: own(b, author={"ip": "-", "port": 1, "username": "x"}),
        400,
        "address",
    ),
    ("a site for author", lambda b: own(b, author=b.address.site_address.wire()), 400, "schema"),
    ("a changed text", lambda b: forged(b.body(POST), text="changed"), 400, "signature"),
    ("another's signature", lambda b: forged(b.body(POST), SignKey.generate(RANDOM)), 400, "signature"),
    (
        "a changed certificate",
        lambda b: {**b.body(POST), "certificate": {**b.certificate, "role": "vault"}},
        400,
        "signature",
    ),
    ("another account", other_account, 403, "certificate_account"),
    ("another device's certificate", other_certificate, 403, "certificate_device"),
    ("a device that is not listed", unlisted_device, 403, "unlisted_device"),
    ("an address that is another's", stolen_address, 403, "certificate_account"),
    ("an author elsewhere", lambda b: b.body(POST, author=elsewhere_address(b)), 403, "wrong_sender"),
    ("another post", lambda b: b.body("/@alice/second"), 400, "schema"),
    ("a post elsewhere", lambda b: b.body(POST, post="https://other.example/@alice/first"), 400, "schema"),
    ("a date in the future", lambda b: b.body(POST, now=NOW() + 10 * clock.MINUTE), 425, "clock"),
    ("an old date", lambda b: b.body(POST, now=NOW() - 9 * clock.DAY), 400, "expired"),
]
NAMES, CASES = [row[0] for row in BODIES], [row[1:] for row in BODIES]


@pytest.mark.parametrize(("make", "status", "code"), CASES, ids=NAMES)
def test_bad_comments_are_refused_and_nothing_is_stored(
    alice: Member, bob: Commenter, make: Callable[[Commenter], Any], status: int, code: str
) -> None:
    etag = alice.client.get(POST)["etag"]
    answer = bob.say(POST, make(bob))
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content
    assert answer.json().keys() == {"code", "message"}
    assert answer.json()["message"]
    assert not Comment.objects.exists()
    assert not Job.objects.filter(kind="envelope").exists()
    assert alice.client.get(POST)["etag"] == etag
    assert bob.say(POST, bob.body(POST)).status_code == 202, "the next good one is taken"


REQUESTS: list[tuple[str, dict[str, Any], int, str]] = [
    ("another site's key", {"key": SignKey.generate(RANDOM)}, 401, "not_proven"),
    ("for another URL", {"url": f"{OUR_ORIGIN}/@alice/second/comments"}, 401, "signature"),
    ("for another host", {"url": "http://other.example/@alice/first/comments"}, 401, "signature"),
    ("for another method", {"method": "PUT"}, 401, "signature"),
    ("too old", {"created": NOW() // 1000 - 700}, 401, "expired"),
    ("of tomorrow", {"created": NOW() // 1000 + 86_400}, 401, "clock"),
    ("of a site that does not answer", {"site": "127.0.0.1:1"}, 403, "refused"),
    ("of no site", {"site": "nonsense"}, 401, "address"),
]
WAYS, ASKED = [row[0] for row in REQUESTS], [row[1:] for row in REQUESTS]


@pytest.mark.parametrize(("changes", "status", "code"), ASKED, ids=WAYS)
def test_requests_that_are_not_the_sites_own_are_refused(
    alice: Member, bob: Commenter, changes: dict[str, Any], status: int, code: str
) -> None:
    answer = bob.say(POST, bob.body(POST), **changes)
    assert answer.json()["code"] == code
    assert answer.status_code == status
    assert not Comment.objects.exists()


def test_an_unsigned_or_repeated_request_is_refused(alice: Member, bob: Commenter) -> None:
    raw = canonical(bob.body(POST))
    assert send(POST, raw, {}).json()["code"] == "signature"
    headers = bob.headers(POST, raw)
    assert send(POST, raw, {**headers, "content-digest": "sha-256=:AAAA:"}).json()["code"] == "signature"
    assert send(POST, canonical(bob.body(POST, "other")), headers).json()["code"] == "signature"
    assert not Comment.objects.exists()
    assert send(POST, raw, headers).status_code == 202
    answer = send(POST, raw, headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "replay")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_another_content_type_is_refused(alice: Member, bob: Commenter, kind: str) -> None:
    raw = canonical(bob.body(POST))
    answer = send(POST, raw, {**bob.headers(POST, raw), "Content-Type": kind})
    assert answer.status_code == 415
    assert not Comment.objects.exists()


@pytest.mark.parametrize("path", ["/@alice/nothing", "/@nobody/first", "/@alice/feed.json"])
def test_there_is_no_comment_where_there_is_no_post(alice: Member, bob: Commenter, path: str) -> None:
    answer = bob.say(path, bob.body(path))
    assert (answer.status_code, answer.json()["code"]) == (404, "refused")
    assert alice.client.get(f"{POST}/comments").status_code == 405


def test_nothing_is_taken_while_the_keys_cannot_be_had(alice: Member, bob: Commenter) -> None:
    keys = "/.well-known/porchlight/keys/bob"
    for reply in (Reply(status=500), Reply(b"{}"), Reply(status=404)):
        kept, bob.home.pages[keys] = bob.home.pages[keys], reply
        answer = bob.say(POST, bob.body(POST))
        assert answer.status_code in (400, 403, 503)
        assert not Comment.objects.exists()
        bob.home.pages[keys] = kept
    assert bob.say(POST, bob.body(POST)).status_code == 202


def test_one_stranger_may_have_few_waiting_and_send_few(alice: Member, bob: Commenter) -> None:
    answers = [bob.say(POST, bob.body(POST, str(number))) for number in range(5)]
    assert [answer.status_code for answer in answers] == [202, 202, 202, 429, 429]
    assert Comment.objects.count() == 3
    for number in range(20):
        last = bob.say(POST, bob.body(POST, str(number)))
    assert (last.status_code, last.json()["code"]) == (429, "too_many")


def test_the_same_number_for_another_comment_is_a_replay(alice: Member, bob: Commenter) -> None:
    number = b64encode(bytes(16))
    assert bob.say(POST, own(bob, id=number)).status_code == 202
    assert bob.say(POST, own(bob, id=number, text="another")).json()["code"] == "replay"
    assert Comment.objects.count() == 1


def test_hostile_comments_do_nothing_on_the_page(alice: Member, bob: Commenter) -> None:
    texts = [text for text in [*hostile.markup(), *hostile.naughty()] if 0 < len(text.encode()) <= 8_192]
    bob.say(POST, bob.body(POST))
    moderation.approve(Comment.objects.get())
    lamp = page(alice).count("<svg")
    for text in texts[::5]:
        cache.clear()
        answer = bob.say(POST, bob.body(POST, text, name=text[:40].strip() if text.isprintable() else "Bob"))
        if answer.status_code != 201:
            assert answer.json()["code"] in ("schema", "json_surrogate"), text
            continue
        shown = page(alice)
        assert shown.count("<svg") == lamp
        inside = shown.split('<section class="comments"')[1].split("</section>")[0]
        assert [
            harm for harm in hostile.harm(f'<section class="comments"{inside}') if "=/" not in harm
        ] == [], text
        Comment.objects.exclude(text="A word.").delete()


def test_a_comment_on_a_post_of_ones_own_site_needs_no_network(
    alice: Member, bob: Commenter, make_member: Callable[[str], Member]
) -> None:
    carol = make_member("carol")
    carol.enrol()
    carol.client.post(
        "/api/v1/follows", {"address": "@alice@localhost:8001"}, content_type="application/json"
    )
    (line,) = carol.client.get("/api/v1/timeline").json()["items"]

    def say(member: Member, name: str, text: str, **changes: Any) -> Any:
        person = Commenter.__new__(Commenter)
        person.home, person.username, person.identity = bob.home, member.username, member.identity
        listed = member.client.get("/api/v1/keys").json()["list"]
        person.device_list = listed
        author = Address.make("localhost", 8001, member.username)
        body = person.body(POST, text, **{"author": author, **changes})
        return member.client.post(f"/api/v1/timeline/{name}/comments", body, content_type="application/json")

    asked = len(bob.home.asked)
    answer = say(carol, line["id"], "Neighbour")
    assert (answer.status_code, answer.json()["comments"][0]["state"]) == (201, "pending")
    decide(alice, pending(alice)[0]["id"], "approve")
    assert say(alice, line["id"], "Mine").json()["comments"][-1]["state"] == "shown"
    assert "Neighbour" in page(alice)
    assert "Mine" in page(alice)
    assert len(bob.home.asked) == asked
    assert Job.objects.count() == 0

    for changes, code in (
        ({"author": Address.make("localhost", 8001, "alice")}, "wrong_sender"),
        ({"account": alice.identity.account.public}, "certificate_account"),
        ({"post": OUR_ORIGIN + "/@alice/second"}, "schema"),
        ({"now": NOW() + clock.HOUR}, "clock"),
    ):
        assert say(carol, line["id"], "bad", **changes).json()["code"] == code
    assert Comment.objects.count() == 2


def test_comments_of_others_are_shown_only_if_they_verify(alice: Member, bob: Commenter) -> None:
    body = bob.body(POST)
    url = OUR_ORIGIN + POST

    def read(*comments: Any, certificates: Any = (body["certificate"],)) -> list[str]:
        document = {"v": 1, "comments": list(comments), "certificates": list(certificates)}
        return [one["text"] for one in remote.read(canonical(document), url)]

    assert read(body["comment"]) == ["A word."]
    assert read(body["comment"], certificates=()) == []
    assert read({**body["comment"], "text": "x"}, None, 7, {}, body["comment"]) == ["A word."]
    assert read(bob.body("/@alice/second")["comment"]) == []
    for broken in (b"", b"[]", b'{"comments":7}', b'{"comments":[[]],"certificates":{"a":1}}', b"[" * 99_999):
        assert remote.read(broken, url) == []
    assert parse(canonical(body))
