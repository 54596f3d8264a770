"""What people whom one follows recommend: in the timeline with their name, gone when they take it back, and
never beside the thing itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from federation import clock
from social.accounts.models import User
from social.posts import recent
from social.posts.models import Item, Post, Recommendation
from tests.server import elsewhere
from tests.server.commenter import Commenter
from tests.server.conftest import Member
from tests.server.elsewhere import Elsewhere, item, json_feed
from tests.server.test_posts_polling import poll_now
from tests.server.test_posts_writing import ask

LATELY = clock.now() - clock.HOUR
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def far(settings: Any) -> Iterator[Elsewhere]:
    with elsewhere.serving() as site:
        allowed = frozenset({("127.0.0.1", site.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        yield site


def lines(member: Member) -> list[Any]:
    return list(ask(member, "get", "timeline")["items"])


def told(member: Member) -> list[tuple[str, str | None]]:
    """Titles, each with who recommends it."""
    return [(one["title"] or "", one["recommender"] and one["recommender"]["name"]) for one in lines(member)]


def write(member: Member, title: str) -> Post:
    return Post.objects.get(pk=ask(member, "post", "posts", {"title": title, "source": "words"}, 201)["id"])


def user(member: Member) -> User:
    return User.objects.get(username=member.username)


def follow(member: Member, address: str) -> Any:
    return ask(member, "post", "follows", {"address": address}, 201)


# --- of members here --------------------------------------------------------------------------


def test_a_follower_here_sees_what_is_recommended_until_it_is_taken_back(
    alice: Member, make_member: Any
) -> None:
    bob, carol = make_member("bob"), make_member("carol")
    follow(alice, "@bob@localhost:8001")
    post = write(carol, "Bells")
    recent.recommend(user(bob), post)
    (line,) = lines(alice)
    assert (line["title"], line["author"]["name"], line["recommender"]["name"]) == ("Bells", "carol", "bob")
    assert line["url"].endswith("/@carol/bells")
    assert (line["comments_open"], line["body"], line["id"][0]) == (False, [], "r")
    assert ask(alice, "put", "timeline/read", {"cursor": line["cursor"]})["cursor"] == line["cursor"]
    assert ask(alice, "get", f"timeline/{line['id']}", status=404)["code"] == "not_found"
    recent.withdraw(user(bob), post)
    assert lines(alice) == []


def test_nothing_stands_beside_its_own_recommendation(alice: Member, make_member: Any) -> None:
    bob, carol, dave = (make_member(name) for name in ("bob", "carol", "dave"))
    for name in ("bob", "dave"):
        follow(alice, f"@{name}@localhost:8001")
    post, own = write(carol, "Bells"), write(alice, "Own")
    for one in (bob, dave):
        recent.recommend(user(one), post)
        recent.recommend(user(one), own)
    assert told(alice) == [("Bells", "bob"), ("Own", None)]
    follow(alice, "@carol@localhost:8001")
    assert told(alice) == [("Own", None), ("Bells", None)]
    ask(carol, "delete", f"posts/{post.pk}", status=204)
    assert told(alice) == [("Own", None)]
    assert not Recommendation.objects.filter(title="Bells").exists()


def test_pages_of_the_timeline_part_nothing_and_repeat_nothing(alice: Member, make_member: Any) -> None:
    bob, carol = make_member("bob"), make_member("carol")
    follow(alice, "@bob@localhost:8001")
    for number in range(25):
        write(alice, f"own {number}")
        recent.recommend(user(bob), write(carol, f"theirs {number}"))
    now = clock.now()
    Recommendation.objects.update(time=now)
    Post.objects.update(published=now)
    first = ask(alice, "get", "timeline")
    second = ask(alice, "get", f"timeline?before={first['next']}")
    third = ask(alice, "get", f"timeline?before={second['next']}")
    titles = [one["title"] for page in (first, second, third) for one in page["items"]]
    theirs, own = ([f"{word} {number}" for number in range(24, -1, -1)] for word in ("theirs", "own"))
    assert (titles, third["next"]) == ([*theirs, *own], None)


# --- of people elsewhere ----------------------------------------------------------------------


def test_the_feed_says_what_its_member_recommends(alice: Member, make_member: Any) -> None:
    bob = make_member("bob")
    recent.recommend(user(alice), write(bob, "Bells"))
    feed = Client(headers={"host": "localhost:8001"}).get("/@alice/feed.json").json()
    (one,) = feed["_porchlight"]["recommends"]
    assert (one["title"], one["author"], one["url"]) == ("Bells", "bob", "http://localhost:8001/@bob/bells")
    assert feed["items"] == []


def serve(far: Elsewhere, dora: Commenter, *recommends: Any, items: Any = ()) -> None:
    ours = {"address": str(dora.address), "account": dora.identity.account.public, "name": "Dora"}
    far.pages["/@dora/feed.json"] = json_feed(*items, _porchlight={**ours, "recommends": list(recommends)})


def recommended(number: int, **more: Any) -> dict[str, Any]:
    about = {"url": f"https://x.example/{number}", "title": f"Thing {number}", "author": "Eve"}
    return {**about, "time": LATELY - 1_000 * number, **more}


def test_recommendations_of_somebody_elsewhere_come_with_their_feed(alice: Member, far: Elsewhere) -> None:
    dora = Commenter(far, "dora")
    old = item(7, "an old post", date_published="2020-01-01T00:00:00Z")
    serve(far, dora, recommended(1), recommended(2), items=[old])
    follow(alice, str(dora.address))
    assert told(alice) == [("Thing 1", "Dora"), ("Thing 2", "Dora"), ("", None)]
    line = lines(alice)[0]
    assert (line["url"], line["author"]["name"]) == ("https://x.example/1", "Eve")
    assert (line["comments_open"], line["signature"]) == (False, "unsigned")

    serve(far, dora, recommended(2), items=[old])
    poll_now()
    assert told(alice) == [("Thing 2", "Dora"), ("", None)]
    serve(far, dora, recommended(1), items=[old])
    poll_now()
    assert told(alice) == [("Thing 1", "Dora"), ("", None)]
    serve(far, dora, items=[old])
    poll_now()
    assert told(alice) == [("", None)]


def test_what_no_longer_fits_into_the_list_stays(alice: Member, far: Elsewhere) -> None:
    dora = Commenter(far, "dora")
    serve(far, dora, *(recommended(number) for number in range(10, 30)))
    follow(alice, str(dora.address))
    serve(far, dora, *(recommended(number) for number in range(9, 29)))
    poll_now()
    assert Item.objects.count() == 21


def test_the_thing_itself_takes_the_place_of_its_recommendation(alice: Member, far: Elsewhere) -> None:
    dora = Commenter(far, "dora")
    serve(far, dora, recommended(1))
    follow(alice, str(dora.address))
    assert told(alice) == [("Thing 1", "Dora")]
    far.pages["/x"] = json_feed(item(1, "the thing itself", url="http://www.x.example/1/"))
    follow(alice, f"{far.origin}/x")
    assert told(alice) == [("", None)]


BAD: list[Any] = [
    "words",
    {"recommends": 1},
    None,
    {"url": "javascript:alert(1)", "title": "x", "time": 1},
    {"url": "/relative", "title": "x", "time": 1},
    {"url": "https://x.example/", "title": "x"},
    {"url": "https://x.example/", "title": "x", "time": "now"},
    {"url": 5, "time": 1},
]


def test_bad_recommendations_are_left_out_and_many_are_cut(alice: Member, far: Elsewhere) -> None:
    dora = Commenter(far, "dora")
    soon = recommended(1, time=clock.now() + clock.DAY, title="x" * 900)
    serve(far, dora, *BAD, soon, *(recommended(number) for number in range(2, 40)))
    follow(alice, str(dora.address))
    found = lines(alice)
    assert Item.objects.count() == 20 - len(BAD)
    assert found[0]["url"] == "https://x.example/1"
    assert found[0]["published"] <= clock.now()
    assert len(found[0]["title"]) == 300
