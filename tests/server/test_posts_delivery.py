"""Comments of our people on posts elsewhere: sent until the other site has decided, followed from then on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from federation import clock, here, inbox, jobs
from federation.drain import drain_once
from federation.models import Job
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.comments import make_comment, verify_posted_comment
from homevault.protocol.envelope import make_envelope
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import SignKey
from social.posts import delivery, remote
from social.posts.models import Feed, Item, SentComment
from tests.server import elsewhere
from tests.server.commenter import Commenter
from tests.server.conftest import Member
from tests.server.elsewhere import Elsewhere, Reply, json_feed
from tests.server.identities import CLOCK, RANDOM

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Talk:
    """alice, a member here, follows dora, who lives on the scripted site `far` and wrote one post."""

    alice: Member
    far: Elsewhere
    dora: Commenter

    @property
    def post(self) -> str:
        return f"{self.far.origin}/@dora/first"

    @property
    def line(self) -> dict[str, Any]:
        (found,) = self.alice.client.get("/api/v1/timeline").json()["items"]
        return dict(found)

    def signed(self, text: str, **changes: Any) -> dict[str, Any]:
        device = self.alice.identity.browser
        parts = {
            "account": self.alice.identity.account.public,
            "author": Address.make("localhost", 8001, "alice"),
            "device": device.key,
            "name": "Alice",
            "post": self.post,
            "text": text,
            "now": CLOCK.now(),
            "random": RANDOM,
            **changes,
        }
        devices = self.alice.client.get("/api/v1/keys").json()["list"]["devices"]
        return {"comment": make_comment(**parts), "certificate": devices[0]}

    def comment(self, text: str = "Hello", status: int = 201, **changes: Any) -> Any:
        path = f"/api/v1/timeline/{self.line['id']}/comments"
        answer = self.alice.client.post(path, self.signed(text, **changes), content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    def comments(self) -> list[tuple[str, str]]:
        path = f"/api/v1/timeline/{self.line['id']}/comments"
        return [(one["text"], one["state"]) for one in self.alice.client.get(path).json()["comments"]]

    def deliver(self, reply: Reply) -> None:
        """Run the delivery, which is answered so."""
        self.far.pages["/@dora/first/comments"] = reply
        Job.objects.filter(kind=delivery.KIND).update(next_run_at=clock.now() - 1)
        assert drain_once([delivery.KIND]) == 1

    def state(self, state: str, site: tuple[str, int] | None = None, key: SignKey | None = None) -> None:
        """dora's site says what became of the comment."""
        ip, port = site or ("127.0.0.1", self.far.port)
        key = key or self.dora.key
        fields = {"comment": SentComment.objects.get().ref, "state": state}
        names = (Address.make(ip, port), here.address(), "comment-state")
        signed = (key, key.public, None, CLOCK.now(), 60, RANDOM)
        envelope = make_envelope(*names, fields, *signed)
        asyncio.run(inbox.handle(envelope, inbox.Peer((ip, port), key.public)))


@pytest.fixture
def talk(settings: Any, alice: Member) -> Iterator[Talk]:
    with elsewhere.serving() as far:
        allowed = frozenset({("127.0.0.1", far.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        dora = Commenter(far, "dora")
        post = {"id": "urn:uuid:1", "url": f"{far.origin}/@dora/first", "content_text": "words"}
        ours = {"address": str(dora.address), "account": dora.identity.account.public, "name": "Dora"}
        far.pages["/@dora/feed.json"] = json_feed(post, _porchlight=ours)
        found = Talk(alice, far, dora)
        address = {"address": str(dora.address)}
        assert (
            alice.client.post("/api/v1/follows", address, content_type="application/json").status_code == 201
        )
        yield found


def sent(reply: int, **more: str) -> Reply:
    return Reply(b'{"code": "%s"}' % more.get("code", "x").encode(), reply)


def test_a_comment_is_posted_signed_and_shown_as_the_other_site_says(talk: Talk) -> None:
    assert talk.line["comments_open"]
    talk.comment()
    assert talk.comments() == [("Hello", "sending")]
    talk.deliver(sent(202))
    assert talk.comments() == [("Hello", "pending")]
    (posted,) = [asked for asked in talk.far.asked if asked.method == "POST"]
    comment, _ = verify_posted_comment(parse(posted.body))
    assert (comment.text, str(comment.author)) == ("Hello", "@alice@localhost:8001")
    assert posted.headers["porchlight-site"] == "localhost:8001"
    assert "signature" in posted.headers
    talk.state("shown")
    assert talk.comments() == [("Hello", "shown")]
    talk.state("removed")
    assert talk.comments() == [("Hello", "removed")]


def test_states_only_go_forward(talk: Talk) -> None:
    talk.comment()
    talk.state("shown")
    talk.deliver(sent(202))
    assert talk.comments() == [("Hello", "shown")]
    talk.state("pending")
    talk.state("removed")
    talk.state("shown")
    assert talk.comments() == [("Hello", "removed")]


@pytest.mark.parametrize("status", [401, 408, 425, 429, 500, 502, 503])
def test_a_passing_failure_is_tried_again(talk: Talk, status: int) -> None:
    talk.comment()
    talk.deliver(sent(status))
    assert talk.comments() == [("Hello", "sending")]
    talk.deliver(sent(201))
    assert talk.comments() == [("Hello", "shown")]


LASTING = [(400, "schema"), (403, "unlisted_device"), (404, "refused"), (413, "x")]


@pytest.mark.parametrize(("status", "code"), LASTING)
def test_a_lasting_failure_is_said_with_its_code(talk: Talk, status: int, code: str) -> None:
    talk.comment()
    talk.deliver(sent(status, code=code))
    assert talk.comments() == [("Hello", "failed")]
    assert SentComment.objects.get().problem == code
    assert not Job.objects.filter(kind=delivery.KIND).exists()


def test_after_seven_days_it_is_given_up(talk: Talk) -> None:
    talk.comment()
    Job.objects.filter(kind=delivery.KIND).update(created=clock.now() - jobs.GIVE_UP)
    talk.deliver(sent(503))
    assert talk.comments() == [("Hello", "failed")]


def test_only_the_posts_site_may_say_what_became_of_it(talk: Talk) -> None:
    talk.comment()
    eve = SignKey.generate(RANDOM)
    with pytest.raises(ProtocolError, match="wrong_sender"):
        talk.state("shown", ("other.example", 443), eve)
    assert talk.comments() == [("Hello", "sending")]


def test_the_same_comment_twice_is_sent_once(talk: Talk) -> None:
    body = talk.signed("Hello")
    path = f"/api/v1/timeline/{talk.line['id']}/comments"
    for _ in range(3):
        assert talk.alice.client.post(path, body, content_type="application/json").status_code == 201
    talk.deliver(sent(202))
    assert sum(asked.method == "POST" for asked in talk.far.asked) == 1
    assert talk.comments() == [("Hello", "pending")]


BAD = [
    ({"account": "A" * 43}, 400, "encoding"),
    ({"author": Address.make("localhost", 8001, "bob")}, 400, "wrong_sender"),
    ({"author": Address.make("other.example", 443, "alice")}, 400, "wrong_sender"),
    ({"device": SignKey.generate(RANDOM)}, 400, "certificate_device"),
    ({"post": "https://other.example/@dora/first"}, 400, "schema"),
    ({"now": CLOCK.now() + clock.HOUR}, 400, "clock"),
    ({"text": ""}, 400, "schema"),
    ({"name": "x" * 65}, 400, "schema"),
]


@pytest.mark.parametrize(("changes", "status", "code"), BAD)
def test_bad_comments_do_not_leave_the_house(talk: Talk, changes: Any, status: int, code: str) -> None:
    text = changes.pop("text", "Hello")
    answer = talk.comment(text, status, **changes)
    assert answer["code"] in (code, "certificate_account")
    assert not SentComment.objects.exists()
    assert not Job.objects.filter(kind=delivery.KIND).exists()


def test_what_others_said_there_is_shown_if_it_verifies(talk: Talk) -> None:
    other = Commenter(talk.far, "erik")
    body = other.body("", "From Erik", post=talk.post)
    forged = {**body["comment"], "text": "forged"}
    document = {"v": 1, "comments": [body["comment"], forged], "certificates": [body["certificate"]]}
    headers = {"content-type": "application/json", "etag": '"c1"'}
    talk.far.pages["/@dora/first/comments.json"] = Reply(canonical(document), headers=headers)
    assert talk.comments() == []
    assert drain_once([remote.KIND]) == 1
    assert talk.comments() == [("From Erik", "shown")]
    assert talk.line["comments_count"] == 1
    assert drain_once([remote.KIND]) == 0, "it was looked at just now"

    Item.objects.update(comments_checked=0)
    talk.far.pages["/@dora/first/comments.json"] = Reply(status=304)
    talk.comments()
    drain_once([remote.KIND])
    assert talk.far.asked[-1].headers["if-none-match"] == '"c1"'
    assert talk.comments() == [("From Erik", "shown")]


@pytest.mark.parametrize(
    "url", ["https://other.example/@dora/x", "", "/@dora/a/b", "/@dora/x?y", "/@dorax/y", "/@dora/"]
)
def test_nothing_is_posted_where_no_post_of_that_person_can_be(talk: Talk, url: str) -> None:
    where = url if url.startswith("http") or not url else talk.far.origin + url
    Item.objects.update(url=where)
    assert not talk.line["comments_open"]
    assert talk.comment(status=409, post=where or "x")["code"] == "comments_closed"


def test_a_site_that_changes_its_account_is_noticed(talk: Talk) -> None:
    feed = Feed.objects.get()
    assert feed.account == talk.dora.identity.account.public
    ours = {"address": str(talk.dora.address), "account": "B" * 42 + "A", "name": "Dora"}
    talk.far.pages["/@dora/feed.json"] = json_feed(_porchlight=ours)
    Job.objects.filter(kind="poll").update(next_run_at=clock.now() - 1)
    drain_once(["poll"])
    (follow,) = talk.alice.client.get("/api/v1/follows").json()["follows"]
    assert follow["problem"] == "account_changed"
    assert Feed.objects.get().account == feed.account
