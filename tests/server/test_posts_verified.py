"""What a follower's site says of signed posts: good, tampered with, another's, turned back, and unsigned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from federation import clock
from homevault.protocol.encoding import b64encode
from homevault.protocol.keys import sign
from homevault.protocol.posts import PostAttachment, PostDraft, make_post, verify_signed_post
from social.posts import markdown, markup
from social.posts.models import Item
from tests.server import elsewhere
from tests.server.commenter import Commenter
from tests.server.conftest import Member
from tests.server.elsewhere import Elsewhere, Reply, json_feed
from tests.server.test_posts_polling import poll_now
from tests.server.test_posts_signed import first, signed, wish
from tests.server.test_posts_writing import ask
from tests.server.uploading import picture

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = """The *lamp* is [lit](https://one.example/a?b=1&c=2) tonight.
So it is. <b>Now</b> ![a picture](https://one.example/p.png)

| a | b |
|---|---|
| 1 | ~~2~~ |"""


@dataclass
class Reading:
    """alice follows dora, who lives on the scripted site `far` and has one post."""

    alice: Member
    far: Elsewhere
    dora: Commenter
    id: str

    def draft(self, number: int = 1, text: str | None = TEXT, title: str = "An evening") -> PostDraft:
        return PostDraft(self.id, number, title, text, ["porch"], clock.now())

    def signed(self, draft: PostDraft, by: Commenter | None = None) -> dict[str, Any]:
        author = by or self.dora
        me = author.identity
        post = make_post(me.account.public, me.browser.key, draft, clock.now())
        return {"post": post, "certificate": author.certificate}

    def serve(self, draft: PostDraft, statement: Any, **changes: Any) -> None:
        ours = {"address": str(self.dora.address), "account": self.dora.identity.account.public}
        item = {
            "id": f"urn:uuid:{self.id}",
            "url": f"{self.far.origin}/@dora/evening",
            "title": draft.title,
            "content_html": markup.to_html(markdown.to_tree(draft.text or "")),
            **({"_porchlight": statement} if statement is not None else {}),
            **changes,
        }
        self.far.pages["/@dora/feed.json"] = json_feed(item, _porchlight=ours)

    def told(self) -> str:
        """What alice reads after the next poll."""
        poll_now()
        (line,) = self.alice.client.get("/api/v1/timeline").json()["items"]
        return str(line["signature"])


@pytest.fixture
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def reading(settings: Any, alice: Member) -> Iterator[Reading]:
    with elsewhere.serving() as far:
        allowed = frozenset({("127.0.0.1", far.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        found = Reading(alice, far, Commenter(far, "dora"), str(uuid4()))
        found.serve(found.draft(), found.signed(found.draft()))
        ask(alice, "post", "follows", {"address": str(found.dora.address)}, 201)
        yield found


def test_good_words_are_signed_in_each_version(reading: Reading) -> None:
    assert reading.told() == "signed"
    second = reading.draft(2, "Out.", "")
    reading.serve(second, reading.signed(second))
    assert reading.told() == "signed"
    assert Item.objects.get().signed_number == 2


def test_a_version_that_goes_back_is_wrong_until_the_right_one_is_back(reading: Reading) -> None:
    old, new = reading.draft(), reading.draft(2, "Out.")
    reading.serve(new, reading.signed(new))
    assert reading.told() == "signed"
    reading.serve(old, reading.signed(old))
    assert reading.told() == "wrong"
    reading.serve(new, None)
    assert reading.told() == "unsigned"
    reading.serve(old, reading.signed(old))
    assert reading.told() == "wrong"
    reading.serve(new, reading.signed(new))
    assert reading.told() == "signed"


TAMPERED = [
    {"content_html": "<p>The <em>lamp</em> is out.</p>"},
    {"title": "A morning"},
    {"title": None},
    {"id": f"urn:uuid:{uuid4()}"},
]


@pytest.mark.parametrize("change", TAMPERED)
def test_words_that_are_not_the_signed_ones_are_wrong(reading: Reading, change: dict[str, Any]) -> None:
    reading.serve(reading.draft(), reading.signed(reading.draft()), **change)
    assert reading.told() == "wrong"


def test_a_link_that_leads_elsewhere_is_wrong(reading: Reading) -> None:
    draft = reading.draft()
    html = markup.to_html(markdown.to_tree(TEXT)).replace("one.example", "two.example")
    reading.serve(draft, reading.signed(draft), content_html=html)
    assert reading.told() == "wrong"


def test_statements_that_are_forged_or_anothers_are_wrong(reading: Reading) -> None:
    draft = reading.draft()
    good = reading.signed(draft)
    other = Commenter(reading.far, "eve")
    for statement in (
        reading.signed(draft, other),
        {**good, "certificate": other.certificate},
        {**good, "post": {**good["post"], "number": 7}},
        {**good, "post": "nonsense"},
        {"post": good["post"]},
        reading.signed(replace(draft, text=None, title="", tags=[])),
        reading.signed(replace(draft, id=str(uuid4()))),
    ):
        reading.serve(draft, statement)
        assert reading.told() == "wrong", statement
    for nothing in ({}, [], "words", {"certificate": good["certificate"]}):
        reading.serve(draft, nothing)
        assert reading.told() == "unsigned", nothing


SEA = picture(64, 48)
"""What the author's site gives at the address that the feed names."""
SIGNED_SEA = PostAttachment(b64encode(sha256(SEA).digest()), "image/png", len(SEA), "The  sea ")


def shown_as(reading: Reading, **changes: Any) -> list[dict[str, Any]]:
    one = {"url": f"{reading.far.origin}/media/sea.png", "mime_type": "image/png", "title": "The sea"}
    return [{**one, "size_in_bytes": len(SEA), **changes}]


def looked_at(reading: Reading) -> Any:
    """The answer of the own site to whoever wants to see the picture."""
    (line,) = reading.alice.client.get("/api/v1/timeline").json()["items"]
    return reading.alice.client.get(line["shows"][0]["media"]["whole"]["url"])


@pytest.mark.usefixtures("own_media")
def test_a_signed_picture_is_shown_if_its_bytes_are_the_signed_ones(reading: Reading) -> None:
    draft = replace(reading.draft(), attachments=(SIGNED_SEA,))
    reading.serve(draft, reading.signed(draft), attachments=shown_as(reading))
    assert reading.told() == "signed"
    reading.far.pages["/media/sea.png"] = Reply(picture(64, 48, mode="L"))
    refused = looked_at(reading)
    assert (refused.status_code, refused.json()["code"]) == (502, "media_changed")
    cache.clear()
    reading.far.pages["/media/sea.png"] = Reply(SEA)
    assert looked_at(reading)["content-type"] == "image/webp"


OTHERS: list[dict[str, Any]] = [
    {"title": "A lake"},
    {"title": None},
    {"size_in_bytes": len(SEA) + 1},
    {"mime_type": "image/jpeg"},
    {"url": "javascript:alert(1)"},
]


def test_other_pictures_than_the_signed_ones_are_wrong(reading: Reading) -> None:
    draft = replace(reading.draft(), attachments=(SIGNED_SEA,))
    (good,) = shown_as(reading)
    more = {**good, "url": good["url"] + "?2"}
    shows = [shown_as(reading, **change) for change in OTHERS]
    for wrong in ([], [good, more], *shows):
        reading.serve(draft, reading.signed(draft), attachments=wrong)
        assert reading.told() == "wrong", wrong
    plain = reading.draft()
    reading.serve(plain, reading.signed(plain), attachments=[good])
    assert reading.told() == "wrong", "a picture that nobody signed"


def test_a_statement_from_before_there_were_attachments_covers_the_words(reading: Reading) -> None:
    draft = reading.draft()
    good = reading.signed(draft)
    before = {name: value for name, value in good["post"].items() if name != "attachments"}
    earlier = {**good, "post": sign("post", before, reading.dora.identity.browser.key)}
    reading.serve(draft, earlier)
    assert reading.told() == "signed"
    reading.serve(draft, earlier, attachments=shown_as(reading))
    assert reading.told() == "words"
    reading.serve(draft, earlier, attachments=shown_as(reading), content_html="other")
    assert reading.told() == "wrong"


def test_our_own_feed_carries_what_was_signed(alice: Member) -> None:
    draft = first(text=TEXT, tags=["winter"])
    ask(alice, "post", "posts", wish(draft, signed(alice, draft)), 201)
    ask(alice, "post", "posts", {"source": "by hand", "tags": ["winter"]}, 201)
    long = first(text="x" * 40_000, title="Long")
    ask(alice, "post", "posts", wish(long, signed(alice, long)), 201)
    reader = Client(headers={"host": "localhost:8001"})
    items = reader.get("/@alice/feed.json").json()["items"]
    assert ["_porchlight" in item for item in items] == [False, False, True]
    said, _ = verify_signed_post(items[2]["_porchlight"])
    assert (said.text, f"urn:uuid:{said.id}") == (TEXT, items[2]["id"])
    tagged = reader.get("/@alice/tag/winter/feed.json").json()["items"]
    assert tagged[1]["_porchlight"] == items[2]["_porchlight"]
