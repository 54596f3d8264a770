"""Comments that are changed and taken back, by whom and in which order; who may comment at all."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import Any

import pytest

from federation import clock
from federation.drain import drain_once
from federation.models import Job
from homevault.protocol.addresses import Address
from homevault.protocol.certificates import verify_certificate
from homevault.protocol.comments import make_comment_change, verify_comment, verify_comment_change
from homevault.protocol.keys import SignKey
from social.accounts.models import User
from social.posts import delivery, moderation, remote
from social.posts.models import Comment, EarlyChange, SentComment
from social.safety import persons
from tests.server.commenter import OUR_ORIGIN, Commenter
from tests.server.conftest import Member
from tests.server.elsewhere import Asked, Reply, json_feed
from tests.server.identities import CLOCK, RANDOM, Identity
from tests.server.test_posts_comments import POST, bob, page, pending
from tests.server.test_posts_delivery import Talk, talk

__all__ = ["bob", "talk"]
pytestmark = pytest.mark.django_db(transaction=True)
JSON = "application/json"


def change(by: Commenter, body: Any, text: str | None, number: int = 1, **changes: Any) -> dict[str, Any]:
    """`{change, certificate}` of a comment body; `changes` replace arguments."""
    made = verify_comment(body["comment"], verify_certificate(body["certificate"]))
    parts = {
        "comment": made,
        "author": by.address,
        "device": by.identity.browser.key,
        "name": "Bob",
        "number": number,
        "text": text,
        "now": CLOCK.now(),
        **changes,
    }
    return {"change": make_comment_change(**parts), "certificate": by.certificate}


def approved(by: Commenter, text: str = "First words") -> dict[str, Any]:
    body = by.body(POST, text)
    by.say(POST, body)
    moderation.approve(Comment.objects.get(ref=by.say(POST, body).json()["comment"]))
    return body


def published(alice: Member) -> Any:
    return alice.client.get(f"{POST}/comments.json")


def test_a_change_is_shown_and_what_was_said_before_is_nowhere(alice: Member, bob: Commenter) -> None:
    body = approved(bob)
    edit = change(bob, body, "Better <i>words</i>")
    answer = bob.say(POST, edit)
    assert (answer.status_code, answer.json()["state"]) == (200, "shown")
    assert "Better &lt;i&gt;words" in page(alice)
    assert "edited" in page(alice)
    document = published(alice)
    assert (document.json()["comments"], document.json()["changes"]) == ([], [edit["change"]])
    assert b"First words" not in document.content
    (seen,) = remote.read(document.content, OUR_ORIGIN + POST)
    assert (seen["text"], seen["number"], seen["time"]) == ("Better <i>words</i>", 1, body["comment"]["time"])

    assert bob.say(POST, edit).status_code == 200
    assert bob.say(POST, body).status_code == 201
    assert Comment.objects.get().text == "Better <i>words</i>"


def test_what_is_taken_back_is_gone_for_good(alice: Member, bob: Commenter) -> None:
    body = approved(bob)
    assert bob.say(POST, change(bob, body, None)).json()["state"] == "gone"
    assert bob.say(POST, change(bob, body, "Back", 2)).json()["state"] == "gone"
    assert bob.say(POST, body).status_code == 403
    assert "First words" not in page(alice)
    assert published(alice).json()["comments"] == published(alice).json()["changes"] == []
    kept = Comment.objects.get()
    assert (kept.text, kept.name, bytes(kept.wire), bytes(kept.certificate)) == ("", "", b"", b"")
    assert bob.say(POST, bob.body(POST, "New")).status_code == 202


@pytest.mark.parametrize("order", itertools.permutations(range(3)))
def test_any_order_ends_the_same(alice: Member, bob: Commenter, order: tuple[int, ...]) -> None:
    approved(bob, "earlier, so that bob is known")
    body = bob.body(POST, "0")
    steps = [body, change(bob, body, "1", 1), change(bob, body, "2", 2)]
    for step in (*order, *order):
        assert bob.say(POST, steps[step]).status_code in (200, 201)
    assert [one["text"] for one in remote.read(published(alice).content, OUR_ORIGIN + POST)][1:] == ["2"]
    assert not EarlyChange.objects.exists()


def test_a_tombstone_that_comes_first_holds(alice: Member, bob: Commenter) -> None:
    body = bob.body(POST, "never to be seen")
    assert bob.say(POST, change(bob, body, None)).json()["state"] is None
    assert bob.say(POST, body).status_code == 403
    assert pending(alice) == []
    assert Comment.objects.get().state == "gone"


@pytest.mark.parametrize("turn", [1, -1])
def test_of_equal_numbers_the_same_one_counts_in_both_orders(
    alice: Member, bob: Commenter, turn: int
) -> None:
    body = approved(bob)
    rivals = [change(bob, body, text) for text in ("a", "b")]
    for rival in rivals[::turn]:
        bob.say(POST, rival)
    certificate = verify_certificate(bob.certificate)
    ranked = [verify_comment_change(one["change"], certificate) for one in rivals]
    assert Comment.objects.get().text == max(ranked, key=lambda one: one.hash).text


def test_nobody_else_changes_a_comment(alice: Member, bob: Commenter) -> None:
    body = approved(bob)
    eve = Identity()
    with_own_key = change(bob, body, "forged", device=eve.browser.key)
    assert bob.say(POST, with_own_key).status_code == 403
    made = verify_comment(body["comment"], verify_certificate(body["certificate"]))
    carol = Commenter(bob.home, "carol", key=bob.key)
    stolen = replace(made, account=carol.identity.account.public)
    forged = change(carol, body, "forged", comment=stolen)
    assert carol.say(POST, forged).status_code == 200
    assert Comment.objects.get().text == "First words"
    assert "forged" not in page(alice)


def refusals(bob: Commenter, body: Any) -> list[tuple[Any, int]]:
    edit = change(bob, body, "x")
    later = change(bob, body, "x", now=CLOCK.now() + clock.HOUR)
    return [
        ({**edit, "change": {**edit["change"], "text": "y"}}, 400),
        ({**edit, "comment": body["comment"]}, 400),
        ({"change": None, "certificate": None}, 400),
        (later, 425),
        (change(bob, body, "x", author=Address.make("127.0.0.1", 1, "bob")), 403),
    ]


def test_what_is_wrong_with_a_change_is_said_and_nothing_done(alice: Member, bob: Commenter) -> None:
    body = approved(bob)
    for wrong, status in refusals(bob, body):
        assert bob.say(POST, wrong).status_code == status
    assert bob.say("/@alice/nothing", change(bob, body, "x")).status_code == 404
    assert bob.say(POST, change(bob, body, "x"), key=SignKey.generate(RANDOM)).status_code == 401
    assert Comment.objects.get().text == "First words"


def test_what_was_refused_stays_refused_whatever_is_changed(alice: Member, bob: Commenter) -> None:
    body = approved(bob)
    moderation.refuse(Comment.objects.get())
    assert bob.say(POST, change(bob, body, "please")).json()["state"] == "removed"
    assert "please" not in page(alice)


def test_a_comment_changed_into_links_waits_again(alice: Member, bob: Commenter) -> None:
    links = "see https://a.example http://b.example www.c.example"
    body = approved(bob)
    assert bob.say(POST, bob.body(POST, links)).status_code == 202
    assert bob.say(POST, change(bob, body, links)).json()["state"] == "pending"
    assert len(pending(alice)) == 2
    assert "b.example" not in page(alice)
    assert bob.say(POST, bob.body(POST, "two: https://a.example http://b.example")).status_code == 202


# --- who may ----------------------------------------------------------------------------------


def policy(alice: Member, value: str, status: int = 200) -> None:
    post = alice.client.get("/api/v1/posts").json()["posts"][0]["id"]
    answer = alice.client.put(f"/api/v1/posts/{post}/replies", {"replies": value}, content_type=JSON)
    assert answer.status_code == status


def test_the_author_says_who_may_comment(alice: Member, bob: Commenter) -> None:
    body = approved(bob)
    policy(alice, "followed")
    assert bob.say(POST, bob.body(POST)).status_code == 404
    assert "people they follow" in page(alice)
    ours = {"address": str(bob.address), "account": bob.identity.account.public, "name": "Bob"}
    bob.home.pages["/@bob/feed.json"] = json_feed(_porchlight=ours)
    followed = {"address": str(bob.address)}
    assert alice.client.post("/api/v1/follows", followed, content_type=JSON).status_code == 201
    assert bob.say(POST, bob.body(POST)).status_code == 201

    policy(alice, "nobody")
    assert bob.say(POST, bob.body(POST)).status_code == 404
    assert "First words" in page(alice)
    assert "Comments are closed" in page(alice)
    assert bob.say(POST, change(bob, body, "still mine")).status_code == 200
    policy(alice, "everyone")
    assert bob.say(POST, bob.body(POST)).status_code == 201
    policy(alice, "anybody", 400)


# --- ours, elsewhere --------------------------------------------------------------------------


def edit(talk: Talk, body: Any, text: str | None, number: int = 1, status: int = 200) -> Any:
    made = verify_comment(body["comment"], verify_certificate(body["certificate"]))
    author = Address.make("localhost", 8001, "alice")
    key = talk.alice.identity.browser.key
    signed = make_comment_change(made, author, key, "Alice", number, text, CLOCK.now())
    path = f"/api/v1/timeline/{talk.line['id']}/comments/changes"
    given = {"change": signed, "certificate": body["certificate"]}
    answer = talk.alice.client.post(path, given, content_type=JSON)
    assert answer.status_code == status, answer.content
    return answer.json()


def say(talk: Talk, text: str) -> Any:
    body = talk.signed(text)
    path = f"/api/v1/timeline/{talk.line['id']}/comments"
    assert talk.alice.client.post(path, body, content_type=JSON).status_code == 201
    return body


def posted(talk: Talk) -> list[Any]:
    return [json.loads(one.body) for one in talk.far.asked if one.method == "POST"]


def run() -> int:
    Job.objects.filter(kind=delivery.KIND).update(next_run_at=clock.now() - 1)
    return drain_once([delivery.KIND])


def answering(*statuses: int) -> Any:
    left = list(statuses)

    def answer(asked: Asked) -> Reply:
        return Reply(b'{"code":"x"}', left.pop(0) if len(left) > 1 else left[0])

    return answer


def test_ours_is_changed_here_at_once_and_there_until_it_is_taken(talk: Talk) -> None:
    body = say(talk, "one")
    talk.deliver(Reply(b"{}", 201))
    assert edit(talk, body, "two")["comments"][0]["text"] == "two"
    edit(talk, body, "three", 2)
    edit(talk, body, "late", 1)
    talk.far.pages["/@dora/first/comments"] = answering(503, 200)
    assert run() == 1
    assert run() == 1
    assert [one["change"]["text"] for one in posted(talk)[1:]] == ["three", "three"]
    assert run() == 0
    assert talk.comments() == [("three", "shown")]


def test_ours_that_is_taken_back_before_it_went_never_goes(talk: Talk) -> None:
    body = say(talk, "one")
    assert edit(talk, body, None)["comments"] == []
    talk.far.pages["/@dora/first/comments"] = answering(200)
    assert run() == 1
    (only,) = posted(talk)
    assert only["change"]["text"] is None
    assert SentComment.objects.get().text == ""
    edit(talk, body, "again", 2)
    assert run() == 0


def test_only_ones_own_is_changed(talk: Talk, make_member: Any) -> None:
    body = say(talk, "one")
    SentComment.objects.all().delete()
    edit(talk, body, "two", status=404)
    forged = {"change": {}, "certificate": {}}
    path = f"/api/v1/timeline/{talk.line['id']}/comments/changes"
    assert talk.alice.client.post(path, forged, content_type=JSON).status_code == 400
    assert make_member("eve").client.post(path, forged, content_type=JSON).status_code == 404


# --- blocked people ---------------------------------------------------------------------------


def test_a_blocked_person_is_hidden_and_not_told(alice: Member, bob: Commenter) -> None:
    approved(bob, "before the block")
    persons.block(User.objects.get(username="alice"), bob.address)
    assert "before the block" not in page(alice)
    assert published(alice).json()["comments"] == []
    answer = bob.say(POST, bob.body(POST, "after it"))
    assert (answer.status_code, answer.json()["state"]) == (202, "pending")
    assert pending(alice) == []
    assert Comment.objects.count() == 1

    persons.unblock(User.objects.get(username="alice"), bob.address)
    assert "before the block" in page(alice)


# --- before one leaves ------------------------------------------------------------------------


def withdrawal(talk: Talk, text: str | None = None, **changes: Any) -> dict[str, Any]:
    sent = SentComment.objects.get()
    certificate = json.loads(bytes(sent.certificate))
    made = verify_comment(json.loads(bytes(sent.wire)), verify_certificate(certificate))
    parts = {"comment": made, "author": Address.parse("@alice@localhost:8001"), "name": "Alice", "number": 1}
    parts |= {"device": talk.alice.identity.browser.key, "text": text, "now": CLOCK.now(), **changes}
    return {"change": make_comment_change(**parts), "certificate": certificate}


def sent_away(talk: Talk) -> list[tuple[str, bool]]:
    found = talk.alice.client.get("/api/v1/comments/sent").json()["comments"]
    return [(one["text"], one["taken_back"]) for one in found]


def test_comments_elsewhere_are_listed_until_their_site_took_them_back(talk: Talk, make_member: Any) -> None:
    talk.comment()
    talk.deliver(Reply(b"{}", 201))
    assert sent_away(talk) == [("Hello", False)]
    assert make_member("eve").client.get("/api/v1/comments/sent").json() == {"comments": []}
    follow = talk.alice.client.get("/api/v1/follows").json()["follows"][0]
    talk.alice.client.delete(f"/api/v1/follows/{follow['id']}")

    body = withdrawal(talk)
    for _ in range(2):
        answer = talk.alice.client.post("/api/v1/comments/sent/changes", body, content_type=JSON)
        assert (answer.status_code, answer.json()["comments"][0]["taken_back"]) == (200, True)
    assert sent_away(talk) == [("", True)]
    talk.deliver(Reply(b"{}", 200))
    assert sent_away(talk) == []
    posted = [json.loads(asked.body) for asked in talk.far.asked if asked.method == "POST"]
    assert posted[-1]["change"] == body["change"]


def test_only_ones_own_comment_is_taken_back_and_never_reworded(talk: Talk, make_member: Any) -> None:
    talk.comment()
    good = withdrawal(talk)
    eve = make_member("eve")
    eve.enrol()
    for member, body in (
        (talk.alice, withdrawal(talk, "other words")),
        (talk.alice, withdrawal(talk, author=Address.parse("@eve@localhost:8001"))),
        (talk.alice, {**good, "change": {**good["change"], "number": 2}}),
        (eve, good),
    ):
        answer = member.client.post("/api/v1/comments/sent/changes", body, content_type=JSON)
        assert answer.status_code // 100 == 4, body
    assert sent_away(talk) == [("Hello", False)]
