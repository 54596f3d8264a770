"""Webmention: the right endpoint of each page we link to is told; pages that link here are looked at."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from django.test import Client

from federation import blocks, clock
from federation.drain import drain_once
from federation.models import Job
from homevault.protocol.addresses import Address
from social.accounts.models import User
from social.posts import markup, mentioning, mentions
from social.posts.mention_models import Mention, SentMention
from social.safety import persons
from tests.server import elsewhere
from tests.server.conftest import Member
from tests.server.elsewhere import Elsewhere, Reply

pytestmark = pytest.mark.django_db(transaction=True)
CASES = json.loads((Path(__file__).parents[1] / "data" / "webmention.json").read_text(encoding="utf-8"))[
    "cases"
]
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
HTML = {"content-type": "text/html"}
TARGET = "http://localhost:8001/@alice/hello"


@pytest.fixture
def far(settings: Any, alice: Member) -> Iterator[Elsewhere]:
    with elsewhere.serving() as site:
        allowed = frozenset({("127.0.0.1", site.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        yield site


def write(alice: Member, source: str, title: str = "Hello") -> int:
    answer = alice.client.post("/api/v1/posts", {"title": title, "source": source}, content_type=JSON)
    assert answer.status_code == 201, answer.content
    return int(answer.json()["id"])


def edit(alice: Member, post: int, source: str) -> None:
    answer = alice.client.patch(f"/api/v1/posts/{post}", {"source": source}, content_type=JSON)
    assert answer.status_code == 200, answer.content


def run(kind: str) -> int:
    Job.objects.filter(kind=kind).update(next_run_at=clock.now() - 1)
    return drain_once([kind])


def told(far: Elsewhere) -> list[tuple[str, dict[str, list[str]]]]:
    return [(one.path, parse_qs(one.body.decode())) for one in far.asked if one.method == "POST"]


# --- out --------------------------------------------------------------------------------------


def scripted(far: Elsewhere, case: dict[str, Any]) -> None:
    """The page `/page/<n>` of a case; its endpoint, wherever it is, ends in /E."""

    def real(text: str) -> str:
        return text.replace("ABS", far.origin)

    headers = dict(case["headers"])
    path = f"/page/{case['n']}"
    moved = headers.pop("redirect", None)
    if moved:
        far.pages[path] = Reply(status=302, headers={"location": moved})
        path = moved
    sent = {name: real(", ".join(v) if isinstance(v, list) else v) for name, v in headers.items()}
    far.pages[path] = Reply(
        real(f"<html><body>{case['html']}</body></html>").encode(), headers={**HTML, **sent}
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["n"]))
def test_the_right_endpoint_is_told_and_only_that(alice: Member, far: Elsewhere, case: Any) -> None:
    scripted(far, case)
    page = f"{far.origin}/page/{case['n']}"
    write(alice, f"See [this]({page}#part).")
    run(mentioning.KIND)
    ((path, form),) = told(far)
    assert form == {"source": [TARGET], "target": [page]}
    assert "WRONG" not in path
    special = {15: "/page/15", 21: "/E?query=yes", 22: "/page/22/E", 23: "/page/23/E"}
    assert path == special.get(case["n"], "/E")


def endpoint(far: Elsewhere, *paths: str, status: int = 202) -> None:
    for path in paths:
        far.pages[path] = Reply(b'<html><link rel="webmention" href="/E">', headers=HTML)
    far.pages["/E"] = Reply(status=status)


def test_while_the_author_is_blocked_pages_are_not_told(
    alice: Member, far: Elsewhere, make_member: Callable[[str], Member]
) -> None:
    endpoint(far, "/a")
    olga = make_member("olga")
    User.objects.filter(username="olga").update(role=User.OWNER)
    post = write(alice, "Nothing yet.")
    wish = {"username": "alice", "hours": 1, "reason": ""}
    block = olga.client.post("/api/v1/moderation/blocks", wish, content_type=JSON).json()
    edit(alice, post, f"{far.origin}/a")
    run(mentioning.KIND)
    assert told(far) == []
    olga.client.delete(f"/api/v1/moderation/blocks/{block['id']}")
    run(mentioning.KIND)
    assert len(told(far)) == 1


def test_edits_tell_old_and_new_pages_once_and_deletion_tells_all(alice: Member, far: Elsewhere) -> None:
    endpoint(far, "/a", "/b", "/c")
    post = write(alice, f"{far.origin}/a {far.origin}/b")
    run(mentioning.KIND)
    assert run(mentioning.KIND) == 0
    assert len(told(far)) == 2

    edit(alice, post, f"{far.origin}/b {far.origin}/c")
    run(mentioning.KIND)
    assert sorted(form["target"][0][-1] for _, form in told(far)[2:]) == ["a", "b", "c"]
    assert sorted(one.target[-1] for one in SentMention.objects.all()) == ["b", "c"]

    assert alice.client.delete(f"/api/v1/posts/{post}").status_code == 204
    run(mentioning.KIND)
    assert sorted(form["target"][0][-1] for _, form in told(far)[5:]) == ["b", "c"]
    assert not SentMention.objects.exists()


def test_what_fails_for_now_is_tried_again_and_what_has_no_endpoint_is_left(
    alice: Member, far: Elsewhere
) -> None:
    endpoint(far, "/a", status=503)
    far.pages["/plain"] = Reply(b"<html>nothing", headers=HTML)
    write(alice, f"{far.origin}/a {far.origin}/plain http://localhost:8001/@alice http://127.0.0.1:1/x")
    assert len(mentioning.targets(_post())) == 3
    run(mentioning.KIND)
    assert len(told(far)) == 1
    endpoint(far, "/a")
    run(mentioning.KIND)
    assert len(told(far)) == 2
    assert far.count("/plain") == 1


def _post() -> Any:
    from social.posts.models import Post

    return Post.objects.get()


# --- in ---------------------------------------------------------------------------------------


def mention(source: str, target: str = TARGET, status: int = 202, kind: str = "") -> None:
    kind = kind or FORM
    body = urlencode({"source": source, "target": target})
    answer = Client(headers={"host": "localhost:8001"}).post("/webmention", body, content_type=kind)
    assert answer.status_code == status, answer.content
    assert "location" not in answer.headers


def entry(text: str = "I agree", link: str = TARGET, kind: str = "u-in-reply-to") -> Reply:
    body = (
        f'<html><article class="h-entry"><a class="p-author h-card" href="/">Zoë <b>Z</b></a>'
        f'<a class="{kind}" href="{link}">it</a><div class="e-content">{text}</div></article></html>'
    )
    return Reply(body.encode(), headers={"content-type": "text/html; charset=utf-8"})


def page(alice: Member) -> str:
    return str(alice.client.get("/@alice/hello").content.decode())


def waiting(alice: Member) -> list[Any]:
    return list(alice.client.get("/api/v1/comments/pending").json()["mentions"])


def test_a_page_that_links_here_waits_is_shown_changes_and_goes(alice: Member, far: Elsewhere) -> None:
    write(alice, "words")
    assert '<link rel="webmention" href="/webmention">' in page(alice)
    far.pages["/1"] = entry("I agree <script>x</script>&lt;b&gt;")
    mention(f"{far.origin}/1", f"{TARGET}#x")
    run(mentions.KIND)
    (one,) = waiting(alice)
    assert (one["name"], one["text"], one["kind"]) == ("Zoë Z", "I agree <b>", "reply")
    assert "I agree" not in page(alice)
    assert alice.client.post(f"/api/v1/mentions/{one['id']}/show").json()["state"] == "shown"
    assert "I agree &lt;b&gt;" in page(alice)

    far.pages["/1"] = entry("I changed my mind")
    mention(f"{far.origin}/1")
    mention(f"{far.origin}/1")
    assert run(mentions.KIND) == 1
    assert "changed my mind" in page(alice)
    far.pages["/2"] = entry("me too", kind="u-like-of")
    mention(f"{far.origin}/2")
    run(mentions.KIND)
    assert "likes this" in page(alice)

    far.pages["/1"] = entry("no link now", "https://elsewhere.example/")
    far.pages["/2"] = Reply(status=410)
    mention(f"{far.origin}/1")
    mention(f"{far.origin}/2")
    run(mentions.KIND)
    assert "Mentioned elsewhere" not in page(alice)
    assert not Mention.objects.exists()


def test_a_blocked_site_is_not_even_looked_at(alice: Member, far: Elsewhere) -> None:
    write(alice, "words")
    far.pages["/1"] = entry()
    row, _ = blocks.add("127.0.0.*", "spam")
    try:
        mention(f"{far.origin}/1")
        run(mentions.KIND)
    finally:
        blocks.remove(row)
    assert (far.asked, waiting(alice), Mention.objects.count()) == ([], [], 0)


# --- of people --------------------------------------------------------------------------------


def test_a_page_that_links_to_a_person_waits_for_them_alone(
    alice: Member, far: Elsewhere, make_member: Any
) -> None:
    home = "http://localhost:8001/@alice"
    assert '<link rel="webmention" href="/webmention">' in alice.client.get("/@alice").content.decode()
    far.pages["/1"] = entry("Hello there", home, "u-url")
    for target in (home, f"{home}#about", f"{home}/"):
        mention(f"{far.origin}/1", target)
    run(mentions.KIND)
    (one,) = waiting(alice)
    assert (one["text"], one["post"], one["kind"]) == ("Hello there", None, "mention")
    assert waiting(make_member("bob")) == []
    assert "Hello there" not in alice.client.get("/@alice").content.decode()
    assert alice.client.post(f"/api/v1/mentions/{one['id']}/hide").status_code == 200
    mention(f"{far.origin}/1", home)
    run(mentions.KIND)
    assert waiting(alice) == []
    far.pages["/1"] = Reply(status=404)
    mention(f"{far.origin}/1", home)
    run(mentions.KIND)
    assert not Mention.objects.exists()


def test_members_who_are_named_hear_of_it_once(alice: Member, make_member: Any) -> None:
    bob, carol = make_member("bob"), make_member("carol")
    post = write(alice, "Thanks, @Bob, and [you](http://localhost:8001/@carol) and @alice and @nobody.")
    for member in (bob, carol):
        (one,) = waiting(member)
        assert (one["name"], one["url"], one["post"]) == ("alice", TARGET, None)
    assert waiting(alice) == []
    assert "Mentioned elsewhere" not in page(alice)

    bob.client.post(f"/api/v1/mentions/{waiting(bob)[0]['id']}/hide")
    edit(alice, post, "Thanks, @bob. Better words.")
    assert (waiting(bob), waiting(carol)) == ([], [])
    edit(alice, post, "Thanks, @bob and @carol.")
    assert (waiting(bob), len(waiting(carol))) == ([], 1)
    assert alice.client.delete(f"/api/v1/posts/{post}").status_code == 204
    assert not Mention.objects.exists()


def test_whoever_blocks_the_author_hears_nothing(alice: Member, make_member: Any) -> None:
    bob = make_member("bob")
    persons.block(User.objects.get(username="bob"), Address.parse("@alice@localhost:8001"))
    write(alice, "Hello @bob")
    assert waiting(bob) == []


NAMES = [
    ("@bob", "@bob", "http://localhost:8001/@bob"),
    ("(@Bob), hi", "@Bob", "http://localhost:8001/@bob"),
    ("ask @bob.", "@bob", "http://localhost:8001/@bob"),
    ("@bob@localhost:8001!", "@bob@localhost:8001", "http://localhost:8001/@bob"),
    ("ask @Dora@One.Example.", "@Dora@One.Example", "http://one.example:443/@dora"),
    ("@dora@one.example:8001:", "@dora@one.example:8001", "http://one.example:8001/@dora"),
    ("*@bob* #tag", "@bob", "http://localhost:8001/@bob"),
]
NO_NAMES = [
    "@nobody",
    "mail bob@one.example",
    "mailto:@bob",
    "`@bob`",
    "[@bob](https://a.example/)",
    "@bob/pkg",
    "@bobé",
    "@bob_",
    "@bob@",
    "@@bob",
    "@dora@work",
    "@dora@1.2.3",
    "https://a.example/@bob",
    "@<b>bob</b>",
    "@dora@one.example/x",
]


@pytest.mark.parametrize(("source", "text", "url"), NAMES)
def test_a_name_is_a_link_on_the_page(
    alice: Member, make_member: Any, source: str, text: str, url: str
) -> None:
    make_member("bob")
    write(alice, source)
    link = f'<a href="{url}" rel="nofollow noopener noreferrer">{text}</a>'
    assert link in page(alice)
    (item,) = alice.client.get("/api/v1/timeline").json()["items"]
    assert link in markup.to_html(item["body"])
    assert "<a" not in alice.client.get("/@alice/feed.json").json()["items"][0]["content_html"]


@pytest.mark.parametrize("source", NO_NAMES)
def test_other_words_name_nobody(alice: Member, make_member: Any, source: str) -> None:
    bob = make_member("bob")
    write(alice, source)
    assert waiting(bob) == []
    assert not SentMention.objects.filter(target__contains="@dora").exists()
    (item,) = alice.client.get("/api/v1/timeline").json()["items"]
    assert item["body"] == _post().body


def test_people_elsewhere_who_are_named_are_told_by_webmention(alice: Member, far: Elsewhere) -> None:
    endpoint(far, "/@dora")
    write(alice, f"Good evening @dora@127.0.0.1:{far.port}, @dora@127.0.0.1:{far.port}")
    run(mentioning.KIND)
    assert [form["target"] for _, form in told(far)] == [[f"{far.origin}/@dora"]]
    assert f'href="{far.origin}/@dora"' in page(alice)


LINKLESS = [
    entry(link="https://elsewhere.example/"),
    entry(link=f"{TARGET}-2"),
    Reply(f"<html><!-- <a href='{TARGET}'>x</a> --> {TARGET}".encode(), headers=HTML),
    Reply(status=404),
    Reply(b"x" * 1_500_000, headers=HTML),
    Reply(b"words", headers={"content-type": "text/plain"}),
]


@pytest.mark.parametrize("reply", LINKLESS)
def test_a_page_that_does_not_link_here_leaves_nothing(alice: Member, far: Elsewhere, reply: Reply) -> None:
    write(alice, "words")
    far.pages["/1"] = reply
    mention(f"{far.origin}/1")
    for _ in range(2):
        run(mentions.KIND)
    assert waiting(alice) == []
    assert not Mention.objects.exclude(state=Mention.CHECKING).exists()


def test_a_page_that_cannot_be_reached_is_given_up(alice: Member, far: Elsewhere) -> None:
    write(alice, "words")
    far.pages["/1"] = Reply(status=500)
    mention(f"{far.origin}/1")
    for _ in range(mentions.TRIES):
        run(mentions.KIND)
    assert not Mention.objects.exists()
    assert run(mentions.KIND) == 0


def test_what_is_refused_stays_out(alice: Member, far: Elsewhere, make_member: Any) -> None:
    write(alice, "words")
    far.pages["/1"] = entry()
    mention(f"{far.origin}/1")
    pk = Mention.objects.get().pk
    assert alice.client.post(f"/api/v1/mentions/{pk}/show").status_code == 404
    run(mentions.KIND)
    assert make_member("bob").client.post(f"/api/v1/mentions/{pk}/show").status_code == 404
    assert alice.client.post(f"/api/v1/mentions/{pk}/hide").json()["state"] == "refused"
    mention(f"{far.origin}/1")
    run(mentions.KIND)
    assert waiting(alice) == []
    assert "I agree" not in page(alice)


def test_words_full_of_links_wait_even_from_a_known_site(alice: Member, far: Elsewhere) -> None:
    write(alice, "words")
    far.pages["/1"] = entry()
    mention(f"{far.origin}/1")
    run(mentions.KIND)
    mentions.decide(Mention.objects.get(), Mention.SHOWN)
    far.pages["/2"] = entry("http://a.example http://b.example http://c.example")
    mention(f"{far.origin}/2")
    run(mentions.KIND)
    assert [one["url"] for one in waiting(alice)] == [f"{far.origin}/2"]


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("", TARGET),
        ("ftp://a.example/1", TARGET),
        ("https://user@a.example/1", TARGET),
        ("http://localhost:8001/@alice", TARGET),
        ("https://a.example/1", "https://a.example/2"),
        ("https://a.example/1", ""),
        ("https://a.example/1", "http://localhost:8001/@nobody"),
        ("https://a.example/1", "http://localhost:8001/@alice/nothing"),
        ("https://a.example/1", "http://localhost:8001/@bob/hello"),
        ("https://a.example/1", "http://localhost:8001/@alice/closed"),
    ],
)
def test_what_cannot_be_a_mention_is_refused_alike(
    alice: Member, far: Elsewhere, source: str, target: str
) -> None:
    write(alice, "words")
    closed = write(alice, "words", "Closed")
    alice.client.put(f"/api/v1/posts/{closed}/replies", {"replies": "nobody"}, content_type=JSON)
    mention(source, target, 400)
    assert not Mention.objects.exists()


def test_other_ways_of_asking_are_answered_plainly(alice: Member, far: Elsewhere) -> None:
    write(alice, "words")
    client = Client(headers={"host": "localhost:8001"})
    assert client.get("/webmention").status_code == 405
    mention("https://a.example/1", status=415, kind=JSON)
    long = client.post(
        "/webmention", "source=" + "x" * 9_000, content_type="application/x-www-form-urlencoded"
    )
    assert long.status_code == 413
    answers = [
        client.post("/webmention", "source=x", content_type="application/x-www-form-urlencoded")
        for _ in range(40)
    ]
    assert answers[-1].status_code == 429
