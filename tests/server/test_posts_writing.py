"""Writing, editing and deleting one's posts, and the timeline, through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache

from social.posts import markup, writing
from social.posts.models import Post
from tests.server import hostile
from tests.server.conftest import Member

pytestmark = pytest.mark.django_db


def ask(member: Member, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    given = {} if body is None else {"data": body, "content_type": "application/json"}
    answer = getattr(member.client, method)(f"/api/v1/{path}", **given)
    assert answer.status_code == status, answer.content
    return answer.json() if answer.content else None


def write(member: Member, source: str, title: str | None = None, status: int = 201) -> Any:
    return ask(member, "post", "posts", {"title": title, "source": source}, status)


def test_a_post_is_published_changed_and_deleted(alice: Member) -> None:
    post = write(alice, "The *first* light.", "Morning at the Cape")
    assert post["slug"] == "morning-at-the-cape"
    assert post["url"] == "http://localhost:8001/@alice/morning-at-the-cape"
    assert post["body"] == [
        {
            "tag": "p",
            "attrs": {},
            "children": ["The ", {"tag": "em", "attrs": {}, "children": ["first"]}, " light."],
        },
        "\n",
    ]
    assert ask(alice, "get", f"posts/{post['id']}") == post

    changed = ask(alice, "patch", f"posts/{post['id']}", {"title": "Evening"})
    assert (changed["slug"], changed["title"], changed["source"]) == (post["slug"], "Evening", post["source"])
    assert changed["uid"] == post["uid"]
    assert changed["updated"] > post["updated"]

    ask(alice, "delete", f"posts/{post['id']}", status=204)
    assert ask(alice, "get", f"posts/{post['id']}", status=410)["code"] == "gone"
    assert ask(alice, "patch", f"posts/{post['id']}", {"title": "x"}, 410)["code"] == "gone"
    assert ask(alice, "get", "posts") == {"posts": []}
    row = Post.objects.get()
    assert (row.source, row.body, row.title) == ("", [], "")


SLUGS = [
    ("Hello, World", "x", "hello-world"),
    (None, "Just a few words that go on and on for very long indeed, yes", "just-a-few-words-that-go-on-and"),
    ("你好", "你好", None),
    ("../../etc", "x", "etc"),
    ("feed.json", "x", "feedjson"),
    ("comments", "x", "comments"),
    ("a" * 200, "x", "a" * 60),
]


@pytest.mark.parametrize(("title", "source", "slug"), SLUGS)
def test_slugs_are_plain_and_each_is_taken_once(
    alice: Member, title: str | None, source: str, slug: str | None
) -> None:
    first, second = write(alice, source, title)["slug"], write(alice, source, title)["slug"]
    if slug is not None:
        assert first == slug
    assert second == f"{first}-2"
    assert alice.client.get(f"/@alice/{first}").status_code == 200


def test_the_slug_of_a_deleted_post_is_not_given_again(alice: Member) -> None:
    post = write(alice, "x", "One")
    ask(alice, "delete", f"posts/{post['id']}", status=204)
    assert write(alice, "x", "One")["slug"] == "one-2"


BAD = [
    ({}, "schema"),
    ({"source": None}, "schema"),
    ({"source": 5, "title": {}}, "schema"),
    ({"source": ""}, "empty"),
    ({"source": " \n "}, "empty"),
    ({"source": "<script>x</script>"}, "empty"),
    ({"source": "x" * 60_001}, "schema"),
    ({"source": "x", "title": "t" * 201}, "schema"),
    ({"source": "a\0b"}, "schema"),
    ({"source": "\ud800"}, "schema"),
    ([], "schema"),
]


@pytest.mark.parametrize(("body", "code"), BAD)
def test_bad_input_is_refused_with_a_code_and_nothing_is_stored(alice: Member, body: Any, code: str) -> None:
    assert ask(alice, "post", "posts", body, 400)["code"] == code
    assert not Post.objects.exists()


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b'{"source": "\xc3("}', b"[1,", b""])
def test_a_body_that_is_no_json_is_refused(alice: Member, raw: bytes) -> None:
    answer = alice.client.post("/api/v1/posts", raw, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "schema")


def test_only_the_author_may_touch_a_post(alice: Member, make_member: Callable[[str], Member]) -> None:
    post = write(alice, "mine")
    bob = make_member("bob")
    for method, body in (("get", None), ("patch", {"source": "his"}), ("delete", None)):
        assert ask(bob, method, f"posts/{post['id']}", body, 404)["code"] == "not_found"
    bob.client.logout()
    assert ask(bob, "get", "posts", status=401)["code"] == "login"
    assert ask(bob, "post", "posts", {"source": "x"}, 401)["code"] == "login"


def test_the_preview_is_what_the_post_will_be_and_stores_nothing(alice: Member) -> None:
    source = "# Title\n\n- [x](https://a.example)\n- <b onclick=x>y</b>"
    preview = ask(alice, "post", "posts/preview", {"source": source})
    assert not Post.objects.exists()
    assert preview["body"] == write(alice, source)["body"]


def test_naughty_strings_come_back_unchanged(alice: Member) -> None:
    """Many in one post; each of those that are refused together is posted alone."""
    texts = hostile.naughty()
    for some in (texts[at : at + 40] for at in range(0, len(texts), 40)):
        if not comes_back(alice, "\n\n".join(some) + "x"):
            alone = [comes_back(alice, f"{text}x") for text in some]
            assert any(alone)


def comes_back(member: Member, source: str) -> bool:
    """As it was sent, or it is refused."""
    cache.clear()
    Post.objects.all().delete()
    body = {"source": source, "title": None}
    answer = member.client.post("/api/v1/posts", body, content_type="application/json")
    assert answer.status_code in (201, 400), source
    assert answer.status_code == 400 or answer.json()["source"] == source
    return answer.status_code == 201


def test_the_timeline_is_one_list_in_pages(alice: Member, make_member: Callable[[str], Member]) -> None:
    bob, carol = make_member("bob"), make_member("carol")
    for number in range(15):
        cache.clear()
        write(alice, f"alice {number}")
        write(bob, f"bob {number}")
        write(carol, f"carol {number}")
    follow = ask(alice, "post", "follows", {"address": "@bob@localhost:8001"}, 201)
    assert follow["kind"] == "member"

    seen, before = [], ""
    while before is not None:
        page = ask(alice, "get", f"timeline{'?before=' + before if before else ''}")
        assert len(page["items"]) <= 20
        seen += page["items"]
        before = page["next"]
    words = [markup.to_text(one["body"]) for one in seen]
    wanted = [f"{name} {number}" for number in range(14, -1, -1) for name in ("bob", "alice")]
    assert words == wanted
    assert {(one["own"], one["source"]["kind"]) for one in seen} == {(True, "own"), (False, "member")}

    ask(alice, "delete", f"follows/{follow['id']}", status=204)
    items = ask(alice, "get", "timeline")["items"]
    assert len(items) == 15
    assert all(one["own"] for one in items)


@pytest.mark.parametrize("cursor", ["x", "1.p", "-1.p1", "1.q1", "1.p1x", "9" * 40 + ".p1", "%00"])
def test_a_bad_cursor_is_refused(alice: Member, cursor: str) -> None:
    assert ask(alice, "get", f"timeline?before={cursor}", status=400)["code"] == "schema"


@pytest.mark.parametrize("name", ["p1", "i1", "x", "p", "p-1", "p" + "9" * 30, "p1%27--"])
def test_what_is_not_in_the_timeline_is_not_found(
    alice: Member, make_member: Callable[[str], Member], name: str
) -> None:
    Post.objects.filter().delete()
    write(make_member("bob"), "not followed")
    assert ask(alice, "get", f"timeline/{name}/comments", status=404)["code"] == "not_found"


FOLLOWS = [
    ("@alice@localhost:8001", 400, "own_address"),
    ("http://localhost:8001/@alice", 400, "own_address"),
    ("@nobody@localhost:8001", 404, "not_found"),
    ("@@", 400, "not_a_feed"),
    ("", 400, "schema"),
    ("javascript:alert(1)", 400, "not_a_feed"),
    ("file:///etc/passwd", 400, "not_a_feed"),
    ("http://127.0.0.1:1/feed", 400, "not_a_feed"),
    ("http://169.254.169.254/latest", 400, "not_a_feed"),
    ("http://[::1]/", 400, "not_a_feed"),
    ("@x@10.0.0.1", 400, "not_a_feed"),
    ("http://user:pass@example.org/", 400, "not_a_feed"),
]


@pytest.mark.parametrize(("address", "status", "code"), FOLLOWS)
def test_what_cannot_be_followed_is_refused(alice: Member, address: str, status: int, code: str) -> None:
    assert ask(alice, "post", "follows", {"address": address}, status)["code"] == code
    assert ask(alice, "get", "follows") == {"follows": []}


def test_following_twice_is_one_follow(alice: Member, make_member: Callable[[str], Member]) -> None:
    make_member("bob")
    first = ask(alice, "post", "follows", {"address": "@bob@localhost:8001"}, 201)
    for spelled in ("http://localhost:8001/@bob", "bob@localhost:8001", " @Bob@localhost:8001 "):
        assert ask(alice, "post", "follows", {"address": spelled}, 200) == first


def test_a_failure_on_the_way_leaves_no_post(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("social.public.published._put", fail)
    with pytest.raises(RuntimeError):
        writing.publish(alice_user(), "Title", "words")
    assert not Post.objects.exists()


def alice_user() -> Any:
    from social.accounts.models import User

    return User.objects.get(username="alice")
