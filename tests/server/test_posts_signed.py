"""Posts that a device of their author signed: taken, served, verified by a reader; refused when they lie."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from federation import clock
from homevault.protocol.certificates import verify_certificate
from homevault.protocol.encoding import b64encode
from homevault.protocol.keys import sign
from homevault.protocol.posts import PostAttachment, PostDraft, make_post, verify_post, verify_signed_post
from social.accounts import keys
from social.media.models import File
from social.posts.models import Post, SignedPost
from tests.server.conftest import Member
from tests.server.test_posts_writing import ask
from tests.server.uploading import picture, prepared

pytestmark = pytest.mark.django_db


def signed(member: Member, draft: PostDraft, now: int | None = None) -> dict[str, Any]:
    me = member.identity
    post = make_post(me.account.public, me.browser.key, draft, clock.now() if now is None else now)
    document = keys.document_here(member.username)
    assert document
    return {"post": post, "certificate": document["list"]["devices"][0]}


def first(title: str = "One", text: str | None = "The *lamp*", tags: list[str] | None = None) -> PostDraft:
    return PostDraft(str(uuid4()), 1, title, text, tags or [], clock.now())


def wish(draft: PostDraft, statement: Any) -> dict[str, Any]:
    words = {"title": draft.title, "source": draft.text, "tags": draft.tags}
    return {**words, "uid": draft.id, "signed": statement}


def served(slug: str, status: int = 200) -> Any:
    answer = Client(headers={"host": "localhost:8001"}).get(f"/@alice/{slug}/post.json")
    assert answer.status_code == status
    return answer.json() if status != 404 else None


def test_a_reader_verifies_each_version_and_the_end(alice: Member) -> None:
    draft = first(tags=["winter", "two words"])
    post = ask(alice, "post", "posts", wish(draft, signed(alice, draft)), 201)
    assert (post["published"], post["uid"]) == (draft.published, f"urn:uuid:{draft.id}")
    document = served("one")
    assert document["v"] == 1
    read = verify_post(document["post"], verify_certificate(document["certificate"]))
    assert (read.id, read.number, read.text, read.tags) == (draft.id, 1, draft.text, draft.tags)

    second = replace(draft, number=2, title="Two", text="The lamp is out")
    change = {"title": "Two", "source": second.text, "tags": second.tags, "signed": signed(alice, second)}
    ask(alice, "patch", f"posts/{post['id']}", change)
    assert served("one")["post"]["number"] == 2

    ask(alice, "patch", f"posts/{post['id']}", {"open_history": False})
    assert served("one")["post"]["number"] == 2

    end = signed(alice, PostDraft(draft.id, 3, "", None, [], draft.published))
    ask(alice, "post", f"posts/{post['id']}/retract", {"signed": end}, 204)
    gone = served("one", 410)
    assert verify_post(gone["post"], verify_certificate(gone["certificate"])).text is None
    assert b"lamp" not in bytes(SignedPost.objects.get().wire)


def test_a_version_that_nobody_signed_has_no_statement(alice: Member) -> None:
    ask(alice, "post", "posts", {"source": "by hand", "title": "Plain"}, 201)
    served("plain", 404)
    draft = first()
    post = ask(alice, "post", "posts", wish(draft, signed(alice, draft)), 201)
    ask(alice, "patch", f"posts/{post['id']}", {"source": "by another program"})
    served("one", 404)
    ask(alice, "delete", f"posts/{post['id']}", status=204)
    assert served("one", 410)["code"] == "gone"


def test_a_members_statements_are_told_page_by_page(alice: Member, make_member: Any) -> None:
    bob = make_member("bob")
    bob.enrol()
    for member in (alice, bob):
        for number in range(22 if member is alice else 1):
            draft = first(title=f"{member.username} {number}")
            ask(member, "post", "posts", wish(draft, signed(member, draft)), 201)
    ask(alice, "post", "posts", {"source": "by hand"}, 201)
    gone = Post.objects.filter(author__username="alice").earliest("pk")
    end = signed(alice, PostDraft(str(gone.uid), 2, "", None, [], gone.published))
    ask(alice, "post", f"posts/{gone.pk}/retract", {"signed": end}, 204)

    page = ask(alice, "get", "posts/statements")
    rest = ask(alice, "get", f"posts/statements?after={page['next']}")
    assert (len(page["posts"]), rest["next"]) == (20, None)
    told = [verify_signed_post(each)[0] for each in page["posts"] + rest["posts"]]
    assert [each.title for each in told] == ["", *(f"alice {number}" for number in range(1, 22))]
    assert len(ask(alice, "get", "posts/statements?after=nonsense")["posts"]) == 20
    answer = Client(headers={"host": "localhost:8001"}).get("/api/v1/posts/statements")
    assert answer.status_code in (401, 403)


def lies(alice: Member, bob: Member) -> list[tuple[dict[str, Any], str]]:
    draft = first()
    good = signed(alice, draft)
    other = first(text="other words")
    early, late = clock.now() - 6 * clock.MINUTE, clock.now() + 6 * clock.MINUTE
    return [
        (wish(draft, signed(bob, draft)), "certificate_account"),
        (wish(draft, {**good, "post": {**good["post"], "text": "forged"}}), "signature"),
        (wish(draft, {"post": good["post"]}), "schema"),
        (wish(draft, "nonsense"), "schema"),
        (wish(draft, signed(alice, other)), "schema"),
        ({**wish(draft, good), "uid": str(uuid4())}, "schema"),
        ({**wish(draft, good), "source": "said otherwise"}, "schema"),
        ({**wish(draft, good), "tags": ["more"]}, "schema"),
        ({**wish(draft, good), "title": "Another"}, "schema"),
        (wish(draft, signed(alice, replace(draft, number=2))), "schema"),
        (wish(draft, signed(alice, draft, early)), "clock"),
        (wish(draft, signed(alice, draft, late)), "clock"),
        (wish(draft, signed(alice, replace(draft, published=early))), "clock"),
        (wish(draft, signed(alice, replace(draft, text=None, title=""))), "schema"),
    ]


def test_a_statement_that_lies_is_refused_and_nothing_is_stored(alice: Member, make_member: Any) -> None:
    bob = make_member("bob")
    bob.enrol()
    for body, code in lies(alice, bob):
        answer = alice.client.post("/api/v1/posts", body, content_type="application/json")
        assert (answer.status_code // 100, answer.json()["code"]) == (4, code), body
    assert not Post.objects.exists()


def test_a_device_that_is_not_listed_signs_nothing(alice: Member) -> None:
    draft, device = first(), alice.identity.add("member")
    post = make_post(alice.identity.account.public, device.key, draft, clock.now())
    statement = {"post": post, "certificate": device.certificate()}
    answer = alice.client.post("/api/v1/posts", wish(draft, statement), content_type="application/json")
    assert answer.json()["code"] == "unlisted_device"
    assert not Post.objects.exists()


@pytest.fixture
def own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def medium(member: Member, content: bytes, name: str) -> tuple[str, PostAttachment]:
    """A file that is ready, and how it is signed: by the bytes that everybody would be given."""
    sent = prepared(member, content, name)
    whole = sent["shown"]["whole"]
    got = b"".join(member.client.get(whole["url"]).streaming_content)
    hash = b64encode(hashlib.sha256(got).digest())
    assert (whole["hash"], whole["size"]) == (hash, len(got))
    return sent["uid"], PostAttachment(hash, whole["type"], len(got), f"What {name} shows")


def showing(draft: PostDraft, statement: Any, *uids: str, **more: Any) -> dict[str, Any]:
    shows = [{"uid": uid, "alt": one.alt} for uid, one in zip(uids, draft.attachments, strict=True)]
    return {**wish(draft, statement), "shows": shows, **more}


def test_pictures_and_files_are_signed_in_each_version(alice: Member, own_folder: None) -> None:
    (sea, one), (bell, two) = medium(alice, picture(), "sea"), medium(alice, b"ID3\x04" + bytes(300), "bell")
    draft = replace(first(text=""), attachments=(one, two))
    post = ask(alice, "post", "posts", showing(draft, signed(alice, draft), sea, bell), 201)
    said = served("one")["post"]["attachments"]
    assert [(each["hash"], each["alt"]) for each in said] == [(each.hash, each.alt) for each in (one, two)]

    second = replace(draft, number=2, attachments=(replace(two, alt="A bell"),))
    ask(alice, "patch", f"posts/{post['id']}", showing(second, signed(alice, second), bell))
    third = replace(second, number=3, title="Two")
    kept = {"title": "Two", "source": "", "signed": signed(alice, third)}
    ask(alice, "patch", f"posts/{post['id']}", kept)
    assert served("one")["post"]["attachments"][0]["alt"] == "A bell"
    end = signed(alice, PostDraft(draft.id, 4, "", None, [], draft.published))
    ask(alice, "post", f"posts/{post['id']}/retract", {"signed": end}, 204)
    assert served("one", 410)["post"]["attachments"] == []


def test_a_statement_of_other_attachments_is_refused(alice: Member, own_folder: None) -> None:
    (sea, one), (bell, two) = medium(alice, picture(), "sea"), medium(alice, b"ID3\x04" + bytes(300), "bell")
    draft = replace(first(), attachments=(one, two))
    good = signed(alice, draft)
    before = {name: value for name, value in good["post"].items() if name != "attachments"}
    earlier = {**good, "post": sign("post", before, alice.identity.browser.key)}
    for attachments in (
        (),
        (one,),
        (two, one),
        (one, replace(two, hash=one.hash)),
        (one, replace(two, alt="another")),
        (one, replace(two, size=two.size + 1)),
        (one, replace(two, type="audio/ogg")),
    ):
        other = signed(alice, replace(draft, attachments=attachments))
        refused = ask(alice, "post", "posts", showing(draft, other, sea, bell), 400)
        assert refused["code"] == "schema", attachments
    assert ask(alice, "post", "posts", showing(draft, earlier, sea, bell), 400)["code"] == "schema"
    assert ask(alice, "post", "posts", showing(draft, good, sea, bell, shows=[]), 400)["code"] == "schema"
    assert not Post.objects.exists()
    ask(alice, "post", "posts", wish(draft, earlier), 201)


def test_a_file_from_before_there_were_hashes_gets_its_own(alice: Member, own_folder: None) -> None:
    uid, one = medium(alice, picture(), "sea")
    File.objects.update(hash="")
    assert ask(alice, "get", "media")["media"][0]["shown"]["whole"]["hash"] is None
    assert ask(alice, "get", f"media/{uid}")["shown"]["whole"]["hash"] == one.hash
    assert File.objects.get(name__startswith="whole.").hash == one.hash
    File.objects.update(hash="")
    draft = replace(first(), attachments=(one,))
    ask(alice, "post", "posts", showing(draft, signed(alice, draft), uid), 201)


def test_the_longest_post_can_be_signed(alice: Member) -> None:
    draft = first(title="\U0001f3ee" * 200, text="\U0001f3ee" * 60_000)
    post = ask(alice, "post", "posts", wish(draft, signed(alice, draft)), 201)
    assert served(post["slug"])["post"]["text"] == draft.text
