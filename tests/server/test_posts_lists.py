"""Lists of posts on public pages: tags, pages, archive, neighbours, pins; and search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree

import mf2py
import pytest
from django.test import Client

from social.accounts.models import User
from social.posts import searching, tags, writing
from social.posts.models import Post, PostTag
from social.public import build
from social.public.models import PublishedPage
from tests.server.conftest import Member
from tests.server.test_posts_writing import ask, write

pytestmark = pytest.mark.django_db
ORIGIN = "http://localhost:8001"


@pytest.fixture
def stranger() -> Client:
    return Client(headers={"host": "localhost:8001"})


@pytest.fixture
def author(alice: Member) -> User:
    return User.objects.get(username="alice")


def dated(author: User, title: str, day: str) -> Post:
    """A post of a day in the past, as an import makes it."""
    post = writing.publish(author, title, f"words of {title}")
    moment = int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 1000
    Post.objects.filter(pk=post.pk).update(published=moment, updated=moment)
    return Post.objects.get(pk=post.pk)


def titles(stranger: Client, path: str) -> list[str]:
    answer = stranger.get(path)
    assert answer.status_code == 200, path
    (feed,) = [
        one for one in mf2py.parse(answer.content.decode(), url=ORIGIN)["items"] if one["type"] == ["h-feed"]
    ]
    return [child["properties"]["name"][0] for child in feed.get("children", ())]


TAGS_IN_WORDS = [
    ("#one and #two_2, #one", ["one", "two_2"]),
    ("a#b x/#c &#d ##e", []),
    ("#1 #2024 #b4", ["b4"]),
    ("(#in) «#cité» #日本語。#नमस्ते", ["in", "cité", "日本語", "नमस्ते"]),
    ("#🌱 #👍🏽", ["🌱", "👍🏽"]),
    ("#foo-bar", ["foo"]),
    ("`#code` [#link](https://a.example)\n\n    #block\n", []),
    ("#Tag #tag #TAG", ["Tag"]),
    ("#" + "a" * 40 + " #" + "b" * 41, ["a" * 40]),
    ("**#bold** #<b>half</b>", ["bold"]),
]


@pytest.mark.parametrize(("source", "labels"), TAGS_IN_WORDS)
def test_tags_are_found_in_the_words(source: str, labels: list[str]) -> None:
    assert tags.in_words(writing.preview(source)) == labels


BAD_TAGS = [["a b!"], ["<b>"], ["a/b"], [".."], ["1"], ["a" * 41], ["a\u202eb"], ["%41"], ["a?b"]]


@pytest.mark.parametrize("given", BAD_TAGS)
def test_a_tag_that_is_no_word_is_refused(alice: Member, given: list[str]) -> None:
    failed = ask(alice, "post", "posts", {"source": "x", "tags": given}, 400)
    assert failed["code"] == "bad_tag"
    assert not Post.objects.exists()


def test_a_post_takes_twenty_tags(alice: Member) -> None:
    given = [f"t{n}" for n in range(21)]
    assert ask(alice, "post", "posts", {"source": "x", "tags": given}, 400)["code"] == "too_many_tags"
    post = ask(alice, "post", "posts", {"source": "x #more", "tags": given[:20]}, 201)
    assert post["all_tags"] == given[:20]
    assert ask(alice, "post", "posts", {"source": "x", "tags": ["t"] * 41}, 400)["code"] == "schema"


def test_a_tag_has_a_page_and_feeds_as_long_as_a_post_has_it(alice: Member, stranger: Client) -> None:
    post = ask(
        alice, "post", "posts", {"title": "One", "source": "see #Lamps", "tags": ["two words", "#Café"]}, 201
    )
    assert post["tags"] == ["two-words", "Café"]
    assert post["all_tags"] == ["two-words", "Café", "Lamps"]
    for name in ("two-words", "caf%C3%A9", "lamps"):
        assert titles(stranger, f"/@alice/tag/{name}") == ["One"]
    assert stranger.get("/@alice/tag/Lamps").headers["location"] == "/@alice/tag/lamps"
    page = stranger.get(f"/@alice/{post['slug']}").content.decode()
    (entry,) = mf2py.parse(page, url=ORIGIN)["items"]
    assert entry["properties"]["category"] == ["two-words", "Café", "Lamps"]
    assert f'<a href="{ORIGIN}/@alice/tag/lamps" rel="nofollow noopener noreferrer">#Lamps</a>' in page

    feed = stranger.get("/@alice/tag/lamps/feed.json").json()
    assert feed["home_page_url"] == f"{ORIGIN}/@alice/tag/lamps"
    assert [item["tags"] for item in feed["items"]] == [["two-words", "Café", "Lamps"]]
    assert "_porchlight" not in feed
    atom = ElementTree.fromstring(stranger.get("/@alice/tag/lamps/feed.atom").content)
    terms = atom.findall("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}category")
    assert [one.get("term") for one in terms] == ["two-words", "Café", "Lamps"]

    ask(alice, "patch", f"posts/{post['id']}", {"source": "no more", "tags": ["new"]})
    assert stranger.get("/@alice/tag/lamps").status_code == 404
    assert stranger.get("/@alice/tag/lamps/feed.atom").status_code == 404
    assert titles(stranger, "/@alice/tag/new") == ["One"]
    ask(alice, "delete", f"posts/{post['id']}", status=204)
    assert stranger.get("/@alice/tag/new").status_code == 404
    assert not PostTag.objects.exists()


def test_pages_are_counted_from_the_oldest_and_stay_as_they_are(author: User, stranger: Client) -> None:
    for number in range(1, 24):
        writing.publish(author, f"P{number}", "words")
    assert titles(stranger, "/@alice") == [f"P{n}" for n in range(23, 0, -1)]
    assert stranger.get("/@alice/page/1").status_code == 404
    writing.publish(author, "P24", "words")
    assert titles(stranger, "/@alice") == [f"P{n}" for n in range(24, 12, -1)]
    assert titles(stranger, "/@alice/page/1") == [f"P{n}" for n in range(12, 0, -1)]
    for number in range(25, 37):
        writing.publish(author, f"P{number}", "words")
    first = stranger.get("/@alice/page/1")
    assert f'rel="prev" href="{ORIGIN}/@alice/page/2"' in first.content.decode()
    assert titles(stranger, "/@alice/page/2") == [f"P{n}" for n in range(24, 12, -1)]
    writing.publish(author, "P37", "words")
    assert stranger.get("/@alice/page/1")["etag"] == first["etag"]

    changed = Post.objects.get(title="P3")
    writing.edit(changed, "P3 again", "words")
    assert "P3 again" in titles(stranger, "/@alice/page/1")
    for title in ("P2", "P5"):
        writing.delete(Post.objects.get(title=title))
    assert titles(stranger, "/@alice/page/1")[:2] == ["P14", "P13"]
    assert stranger.get("/@alice/page/2").status_code == 404
    before = {page.path: bytes(page.body) for page in PublishedPage.objects.filter(path__startswith="/@")}
    build.person_pages(author)
    after = {page.path: bytes(page.body) for page in PublishedPage.objects.filter(path__startswith="/@")}
    assert after == before


def test_the_archive_lists_years_and_months(author: User, stranger: Client) -> None:
    for title, day in (("New year", "2024-01-01"), ("Eve", "2023-12-31T23:59:59"), ("Autumn", "2023-10-05")):
        dated(author, title, day)
    build.person_pages(author)
    page = stranger.get("/@alice/archive").content.decode()
    for path in ("archive/2024", "archive/2024/01", "archive/2023", "archive/2023/12", "archive/2023/10"):
        assert f'href="{ORIGIN}/@alice/{path}"' in page
    assert titles(stranger, "/@alice/archive/2023") == ["Eve", "Autumn"]
    assert titles(stranger, "/@alice/archive/2023/12") == ["Eve"]
    answer = stranger.get("/@alice/archive/2024/01")
    again = stranger.get("/@alice/archive/2024/01", headers={"if-none-match": answer["etag"]})
    assert again.status_code == 304
    writing.delete(Post.objects.get(title="Eve"))
    assert stranger.get("/@alice/archive/2023/12").status_code == 404
    assert titles(stranger, "/@alice/archive/2023") == ["Autumn"]
    assert stranger.get("/@alice/archive/1066").status_code == 404


def test_a_post_names_its_neighbours(author: User, stranger: Client) -> None:
    first, second, third = (writing.publish(author, title, "x") for title in ("A", "B", "C"))

    def around(post: Post) -> dict[str, str]:
        page = mf2py.parse(stranger.get(f"/@alice/{post.slug}").content.decode(), url=ORIGIN)
        return {rel: page["rels"].get(rel, [""])[0].rsplit("/", 1)[-1] for rel in ("prev", "next")}

    assert [around(post) for post in (first, second, third)] == [
        {"prev": "", "next": "b"},
        {"prev": "a", "next": "c"},
        {"prev": "b", "next": ""},
    ]
    writing.delete(second)
    assert (around(first), around(third)) == ({"prev": "", "next": "c"}, {"prev": "a", "next": ""})


def test_three_posts_can_be_pinned_and_stand_first(alice: Member, stranger: Client) -> None:
    posts = [write(alice, "words", title) for title in "ABCDE"]
    for post in posts[:3]:
        assert ask(alice, "put", f"posts/{post['id']}/pin")["pinned"]
    assert ask(alice, "put", f"posts/{posts[0]['id']}/pin")["pinned"]
    assert ask(alice, "put", f"posts/{posts[3]['id']}/pin", status=409)["code"] == "too_many_pins"
    assert sorted(titles(stranger, "/@alice")[:3]) == ["A", "B", "C"]
    assert titles(stranger, "/@alice")[3:] == ["E", "D"]
    feed = stranger.get("/@alice/feed.json").json()
    assert [item["title"] for item in feed["items"]] == list("EDCBA")
    ask(alice, "delete", f"posts/{posts[0]['id']}/pin")
    ask(alice, "delete", f"posts/{posts[1]['id']}", status=204)
    assert titles(stranger, "/@alice") == ["C", "E", "D", "A"]


def test_names_of_lists_are_no_addresses_of_posts(alice: Member) -> None:
    assert [write(alice, "x", title)["slug"] for title in ("Archive", "Page", "Tag")] == [
        "archive-2",
        "page-2",
        "tag-2",
    ]


def found(alice: Member, **query: str) -> list[str]:
    answer = alice.client.get("/api/v1/search", query)
    assert answer.status_code == 200, answer.content
    return ["".join(piece["text"] for piece in one["title"]) for one in answer.json()["found"]]


QUERIES = [
    ("lantern", ["English"]),
    ("LANTERN gate", ["English"]),
    ("lantern nowhere", []),
    ("ante", ["English"]),
    ('"the gate"', ["English"]),
    ('"gate the"', []),
    ("cafe", ["Français"]),
    ("CAFÉ", ["Français"]),
    ("灯笼", ["中文"]),
    ("灯", ["中文"]),
    ("ひかり", ["日本語"]),
    ("ﾋﾗ", []),
    ("등불", ["한국어"]),
    ("مصباح", ["عربي"]),
    ("दीपक", ["हिन्दी"]),
    ("🏮", ["Emoji"]),
    ("#lamps", ["Emoji"]),
    ("100%", ["Signs"]),
    ("a_b", ["Signs"]),
    ("50%", []),
    ("a.b", []),
    ('"""', []),
    ("' OR 1=1 --", []),
    ("AND", []),
    ("NEAR(", []),
    ("*", []),
    ("", []),
]


@pytest.mark.parametrize(("query", "expected"), QUERIES)
def test_search_finds_words_in_every_script(
    alice: Member, author: User, query: str, expected: list[str]
) -> None:
    for title, words in {
        "English": "A lantern by the gate, at noon.",
        "Français": "Un cafe\u0301 au port.",
        "中文": "门口的灯笼亮了",
        "日本語": "ひかりが見える",
        "한국어": "등불을 켜다",
        "عربي": "مصباح على الباب",
        "हिन्दी": "दीपक जलता है",
        "Emoji": "🏮 at dusk #lamps",
        "Signs": "100% sure of a_b",
    }.items():
        writing.publish(author, title, words)
    assert found(alice, q=query) == expected


def test_search_follows_what_posts_say_now(alice: Member, make_member: Callable[[str], Member]) -> None:
    bob = make_member("bob")
    post = write(alice, "a lighthouse", "Mine")
    write(bob, "the lighthouse", "His")
    assert found(alice, q="lighthouse") == ["His", "Mine"]
    assert found(alice, q="lighthouse", by="bob") == ["His"]
    assert found(alice, q="lighthouse", by="nobody") == []
    ask(alice, "patch", f"posts/{post['id']}", {"source": "a windmill"})
    assert found(alice, q="lighthouse") == ["His"]
    assert found(alice, q="windmill mine") == ["Mine"]
    ask(alice, "delete", f"posts/{post['id']}", status=204)
    assert found(alice, q="windmill") == []
    User.objects.filter(username="bob").update(is_active=False)
    assert found(alice, q="lighthouse") == []


def test_search_is_bounded(alice: Member, author: User) -> None:
    for number in range(21):
        writing.publish(author, f"T{number}", "needle")
    first = ask(alice, "get", "search?q=needle")
    second = ask(alice, "get", "search?q=needle&page=2")
    assert (len(first["found"]), first["more"], len(second["found"]), second["more"]) == (20, True, 1, False)
    assert ask(alice, "get", "search?q=" + "n" * 200)["found"] == []
    for query in ("q=" + "n" * 201, "q=x&page=0", "q=x&page=51", "q=x&page=one", "page=1", "q=%00"):
        assert ask(alice, "get", f"search?{query}", status=400)["code"] == "schema"


def test_search_without_script_marks_what_it_found(author: User, stranger: Client) -> None:
    writing.publish(author, "Café <b>", "before " * 40 + "the <i>Lantern</i> & after")
    page = stranger.get("/search", {"q": 'lantern "<b>"'}).content.decode()
    assert "<mark>&lt;b&gt;</mark>" in page
    assert "…" in page
    assert "<mark>Lantern</mark> &amp; after" in page
    assert f'href="{ORIGIN}/@alice/cafe-b"' in page
    assert 'value="lantern &quot;&lt;b&gt;&quot;"' in page
    none = stranger.get("/search", {"q": "<script>alert(1)</script>"})
    assert b"Nothing was found" in none.content
    assert b"<script>" not in none.content
    assert stranger.get("/search").status_code == 200
    assert stranger.get("/search", {"q": "\0", "page": "-1", "by": "x" * 999}).status_code == 200
    assert stranger.post("/search").status_code == 405
    answers = [stranger.get("/search", {"q": "lantern"}).status_code for _ in range(62)]
    assert answers[-1] == 429


def test_marks_fall_on_the_letters_that_matched() -> None:
    pieces = searching.marked("Ein Café — STRASSE, straße", searching.words_of("cafe strasse"))
    assert [piece.text for piece in pieces if piece.hit] == ["Café", "STRASSE", "straße"]
    assert "".join(piece.text for piece in pieces) == "Ein Café — STRASSE, straße"


def test_the_lists_of_somebody_who_left_are_gone(author: User, stranger: Client) -> None:
    writing.publish(author, "One", "#tag")
    assert stranger.get("/@alice/archive").status_code == 200
    author.is_active = False
    author.save()
    for path in ("archive", "feed.json", "tag/tag", "tag/tag/feed.json"):
        assert stranger.get(f"/@alice/{path}").status_code == 410
    assert not PublishedPage.objects.filter(path__startswith="/@alice/").exists()
