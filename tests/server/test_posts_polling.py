"""Following a feed elsewhere and asking it again: politely, conditionally, never stopped by a bad answer."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from federation import clock, jobs
from federation.drain import drain_once
from federation.models import Job
from social.posts import markup, polling
from social.posts.models import Feed, Item
from tests.server import elsewhere
from tests.server.conftest import Member
from tests.server.elsewhere import Elsewhere, Reply, item, json_feed

pytestmark = pytest.mark.django_db(transaction=True)
FEED = "/feed.json"


@pytest.fixture
def far(settings: Any) -> Iterator[Elsewhere]:
    """A feed on a site that we may fetch from."""
    with elsewhere.serving() as site:
        allowed = frozenset({("127.0.0.1", site.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        site.pages[FEED] = json_feed(item(1), etag='"one"', last_modified="Fri, 02 Jan 2026 02:04:05 GMT")
        yield site


def follow(member: Member, address: str, status: int = 201) -> Any:
    answer = member.client.post("/api/v1/follows", {"address": address}, content_type="application/json")
    assert answer.status_code == status, answer.content
    return answer.json()


def timeline(member: Member) -> list[str]:
    items = member.client.get("/api/v1/timeline").json()["items"]
    return [markup.to_text(one["body"]) for one in items]


def poll_now() -> Feed:
    Job.objects.filter(kind=polling.KIND).update(next_run_at=clock.now() - 1)
    assert drain_once([polling.KIND]) == 1
    return Feed.objects.get()


def wait_of(feed: Feed) -> int:
    return int(Job.objects.get(kind=polling.KIND, key=str(feed.pk)).next_run_at - clock.now())


def test_new_items_come_with_the_next_poll_which_is_conditional(alice: Member, far: Elsewhere) -> None:
    followed = follow(alice, far.origin + FEED)
    assert (followed["kind"], followed["address"], followed["name"]) == ("json", None, "Far")
    assert timeline(alice) == ["n 1"]

    far.pages[FEED] = json_feed(item(2), item(1), etag='"two"')
    poll_now()
    assert timeline(alice) == ["n 2", "n 1"]
    assert far.asked[-1].headers["if-none-match"] == '"one"'
    assert far.asked[-1].headers["if-modified-since"] == "Fri, 02 Jan 2026 02:04:05 GMT"

    far.pages[FEED] = Reply(status=304)
    poll_now()
    assert far.asked[-1].headers["if-none-match"] == '"two"'
    assert timeline(alice) == ["n 2", "n 1"]


def test_a_site_address_finds_its_feed(alice: Member, far: Elsewhere) -> None:
    page = f'<html><link rel="alternate" type="application/feed+json" href="{FEED}"></html>'
    far.pages["/"] = Reply(page.encode(), headers={"content-type": "text/html"})
    assert follow(alice, far.origin + "/")["url"] == far.origin + FEED
    follow(alice, far.origin + FEED, 200)
    assert Feed.objects.count() == 1


def test_changed_items_change_and_repeated_ones_stay_one(alice: Member, far: Elsewhere) -> None:
    follow(alice, far.origin + FEED)
    far.pages[FEED] = json_feed(item(1, "changed"), item(1, "again"), None, {"id": 5})
    poll_now()
    assert timeline(alice) == ["changed"]


def test_the_interval_grows_with_silence_and_shrinks_with_news(alice: Member, far: Elsewhere) -> None:
    follow(alice, far.origin + FEED)
    feed = Feed.objects.get()
    waits = [wait_of(feed)]
    far.pages[FEED] = Reply(status=304)
    for _ in range(12):
        waits.append(wait_of(poll_now()))
    assert waits[3] > waits[0]
    assert 0.85 * polling.LONGEST < waits[-1] < 1.15 * polling.LONGEST
    for number in range(12):
        far.pages[FEED] = json_feed(item(100 + number), item(1))
        feed = poll_now()
    assert 0.85 * polling.SHORTEST < wait_of(feed) < 1.15 * polling.SHORTEST


WAITS = [
    (Reply(status=429, headers={"retry-after": "7200"}), 2 * clock.HOUR, "status_429"),
    (Reply(status=503, headers={"retry-after": "99999999999"}), 24 * clock.HOUR, "status_503"),
    (
        Reply(status=503, headers={"retry-after": "Fri, 01 Jan 2010 00:00:00 GMT"}),
        polling.SHORTEST,
        "status_503",
    ),
    (Reply(status=503, headers={"retry-after": "soon"}), clock.HOUR, "status_503"),
    (Reply(status=429, headers={"retry-after": "\xb2"}), clock.HOUR, "status_429"),
    (Reply(status=500), clock.HOUR, "status_500"),
    (Reply(status=404), clock.HOUR, "status_404"),
    (Reply(b"<html>moved", headers={"content-type": "text/html"}), clock.HOUR, "not_a_feed"),
    (Reply(status=301, headers={"location": "http://169.254.169.254/"}), clock.HOUR, "refused"),
    (Reply(b"x", headers={"content-encoding": "gzip"}), clock.HOUR, None),
]


@pytest.mark.parametrize(("reply", "wait", "problem"), WAITS)
def test_failures_are_waited_out(
    alice: Member, far: Elsewhere, reply: Reply, wait: int, problem: str | None
) -> None:
    follow(alice, far.origin + FEED)
    far.pages[FEED] = reply
    feed = poll_now()
    assert 0.85 * wait < wait_of(feed) < 1.15 * wait
    (shown,) = alice.client.get("/api/v1/follows").json()["follows"]
    assert shown["problem"]
    assert problem in (None, shown["problem"])
    assert timeline(alice) == ["n 1"]

    longer = [wait_of(poll_now()) for _ in range(3)]
    if problem and not problem.startswith(("status_429", "status_503")):
        assert longer[-1] > 3 * clock.HOUR

    far.pages[FEED] = json_feed(item(2), item(1))
    poll_now()
    assert alice.client.get("/api/v1/follows").json()["follows"][0]["problem"] is None
    assert timeline(alice) == ["n 2", "n 1"]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"cache-control": "public, max-age=36000"}, 10 * clock.HOUR),
        ({"cache-control": "max-age=99999999"}, 24 * clock.HOUR),
        ({"cache-control": "no-cache, max-age=36000"}, None),
        ({"cache-control": "max-age=soon"}, None),
        ({"cache-control": "max-age=60", "expires": "Fri, 01 Jan 2999 00:00:00 GMT"}, None),
        ({"expires": "Fri, 01 Jan 2999 00:00:00 GMT"}, 24 * clock.HOUR),
        ({"expires": "0"}, None),
    ],
)
def test_an_answer_that_is_fresh_is_not_asked_for_again(
    alice: Member, far: Elsewhere, headers: dict[str, str], wait: int | None
) -> None:
    follow(alice, far.origin + FEED)
    far.pages[FEED] = Reply(status=304, headers=headers)
    found = wait_of(poll_now())
    expected = wait or Feed.objects.get().interval
    assert 0.85 * expected < found < 1.15 * expected


def test_the_feeds_of_one_site_are_asked_one_by_one_and_wait_together(alice: Member, far: Elsewhere) -> None:
    for number in range(3):
        far.pages[f"/{number}"] = json_feed(item(number))
        follow(alice, f"{far.origin}/{number}")
    Job.objects.filter(kind=polling.KIND).update(next_run_at=clock.now() - 1)
    far.pages["/0"] = Reply(status=429, headers={"retry-after": "7200"})
    assert drain_once([polling.KIND]) == 1
    waits = [job.next_run_at - clock.now() for job in Job.objects.filter(kind=polling.KIND)]
    assert min(waits) > 1.7 * clock.HOUR


def test_a_feed_that_is_gone_is_not_asked_again(alice: Member, far: Elsewhere) -> None:
    follow(alice, far.origin + FEED)
    far.pages[FEED] = Reply(status=410)
    poll_now()
    asked = far.count(FEED)
    assert not Job.objects.filter(kind=polling.KIND).exists()
    assert alice.client.get("/api/v1/follows").json()["follows"][0]["problem"] == "gone"
    assert timeline(alice) == ["n 1"]
    assert far.count(FEED) == asked


@pytest.mark.parametrize(("status", "moves"), [(301, True), (308, True), (302, False), (307, False)])
def test_only_a_lasting_redirect_moves_the_feed(
    alice: Member, far: Elsewhere, status: int, moves: bool
) -> None:
    follow(alice, far.origin + FEED)
    far.pages["/new.json"] = json_feed(item(1), item(2))
    far.pages[FEED] = Reply(status=status, headers={"location": "/new.json"})
    feed = poll_now()
    assert feed.url == far.origin + ("/new.json" if moves else FEED)
    assert len(timeline(alice)) == 2


def test_a_feed_that_moved_and_has_nothing_new_is_asked_at_its_new_place(
    alice: Member, far: Elsewhere
) -> None:
    follow(alice, far.origin + FEED)
    far.pages[FEED] = Reply(status=301, headers={"location": "/caf\xe9.json".encode().decode("latin-1")})
    far.pages["/caf%C3%A9.json"] = Reply(status=304)
    assert poll_now().url == far.origin + "/caf%C3%A9.json"


def test_validators_that_cannot_be_sent_back_are_not(alice: Member, far: Elsewhere) -> None:
    far.pages[FEED] = json_feed(item(1), etag='"caf\xe9"')
    follow(alice, far.origin + FEED)
    far.pages[FEED] = json_feed(item(2), item(1))
    poll_now()
    assert timeline(alice) == ["n 2", "n 1"]
    assert far.asked[-1].headers["if-none-match"] is None


def test_a_move_to_a_followed_feed_leaves_one(alice: Member, far: Elsewhere) -> None:
    far.pages["/new.json"] = json_feed(item(1))
    follow(alice, far.origin + "/new.json")
    follow(alice, far.origin + FEED)
    jobs.cancel(polling.KIND, str(Feed.objects.get(url=far.origin + "/new.json").pk))
    far.pages[FEED] = Reply(status=301, headers={"location": "/new.json"})
    assert poll_now().url == far.origin + "/new.json"
    assert timeline(alice) == ["n 1"]


def test_a_compressed_feed_is_read_and_a_bomb_stopped(alice: Member, far: Elsewhere) -> None:
    follow(alice, far.origin + FEED)
    packed = json_feed(item(2), item(1))
    far.pages[FEED] = Reply(
        gzip.compress(packed.body), headers={**packed.headers, "content-encoding": "gzip"}
    )
    poll_now()
    assert len(timeline(alice)) == 2
    far.pages[FEED] = Reply(gzip.compress(b" " * 50_000_000), headers={"content-encoding": "gzip"})
    assert poll_now().problem == "refused"


def test_dates_of_tomorrow_do_not_stay_on_top(alice: Member, far: Elsewhere) -> None:
    future = item(1, "future", date_published="2999-01-01T00:00:00Z")
    far.pages[FEED] = json_feed(future, item(2, "old", date_published="2020-01-01T00:00:00Z"))
    follow(alice, far.origin + FEED)
    newest = Item.objects.order_by("-published").first()
    assert newest is not None
    assert newest.published <= clock.now()
    assert timeline(alice) == ["future", "old"]


def test_a_feed_claiming_another_site_is_not_that_site(alice: Member, far: Elsewhere) -> None:
    for address in (f"@eve@127.0.0.1:{far.port}", "@alice@other.example", "nonsense", 7):
        far.pages[FEED] = json_feed(item(1), _porchlight={"address": address})
        followed = follow(alice, far.origin + FEED)
        assert (followed["address"], followed["kind"]) == (None, "json")
        alice.client.delete(f"/api/v1/follows/{followed['id']}")


def test_unfollowing_forgets_what_nobody_follows(alice: Member, far: Elsewhere) -> None:
    followed = follow(alice, far.origin + FEED)
    assert alice.client.delete(f"/api/v1/follows/{followed['id']}").status_code == 204
    assert not Feed.objects.exists()
    assert not Item.objects.exists()
    assert not Job.objects.filter(kind=polling.KIND).exists()
    assert alice.client.delete(f"/api/v1/follows/{followed['id']}").status_code == 404


@pytest.mark.parametrize(
    ("reply", "status", "code"),
    [
        (Reply(status=404), 404, "not_found"),
        (Reply(status=500), 502, "unreachable"),
        (Reply(b"hello"), 400, "not_a_feed"),
        (Reply(b'<html><link rel="alternate" type="application/rss+xml" href="/x">'), 404, "not_found"),
        (Reply(b"x" * 5_000_000), 400, "not_a_feed"),
    ],
)
def test_what_is_no_feed_is_not_followed(
    alice: Member, far: Elsewhere, reply: Reply, status: int, code: str
) -> None:
    far.pages[FEED] = reply
    assert follow(alice, far.origin + FEED, status)["code"] == code
    assert not Feed.objects.exists()
