"""Somebody who is followed moves: the move is brought or asked for, proved, and followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.test import Client

from federation.drain import drain_once
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.keys import SignKey
from homevault.protocol.moves import MOVED_PATH, make_move, make_profile
from social.posts import moving
from social.posts.models import Feed
from tests.server import elsewhere
from tests.server.commenter import Commenter
from tests.server.conftest import Clock, Member
from tests.server.elsewhere import Elsewhere, Reply, item, json_feed
from tests.server.identities import CLOCK, RANDOM
from tests.server.logins import HOST
from tests.server.test_posts_polling import follow, poll_now, timeline

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Removal:
    """alice follows dora, who is @dora on the scripted site and goes to @dorothea on it."""

    alice: Member
    far: Elsewhere
    dora: Commenter
    new: Commenter

    @property
    def account(self) -> str:
        return self.dora.identity.account.public

    @property
    def path(self) -> str:
        return MOVED_PATH + self.account

    def move(self, number: int = 1, to: Address | None = None, by: SignKey | None = None) -> bytes:
        key = by or self.dora.identity.account
        return canonical(make_move(key, number, to or self.new.address, CLOCK.now()))

    def leave(self, status: int = 410) -> None:
        """The old page is gone; who polls is told so."""
        self.far.pages["/@dora/feed.json"] = Reply(status=status)
        poll_now()

    def bring(self, data: bytes, status: int = 200) -> bytes:
        answer = Client(headers=HOST).put(self.path, data, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.content


def serve(person: Commenter, *items: Any, **more: Any) -> None:
    ours = {"address": str(person.address), "account": person.identity.account.public, "name": "Dora", **more}
    person.home.pages[f"/@{person.username}/feed.json"] = json_feed(*items, _porchlight=ours)


@pytest.fixture
def removal(settings: Any, alice: Member) -> Iterator[Removal]:
    with elsewhere.serving() as far:
        allowed = frozenset({("127.0.0.1", far.port)})
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        dora = Commenter(far, "dora")
        serve(dora, item(1))
        follow(alice, str(dora.address))
        new = Commenter(far, "dorothea", identity=dora.identity)
        serve(new, item(1), item(2, "from the new house"))
        yield Removal(alice, far, dora, new)


def address_of_feed() -> str:
    feed = Feed.objects.get()
    return str(Address(feed.ip, feed.port, feed.username))


@pytest.mark.parametrize("status", [404, 410])
def test_a_site_that_is_asked_in_vain_is_asked_where_they_went(removal: Removal, status: int) -> None:
    data = removal.move()
    removal.far.pages[removal.path] = Reply(data)
    removal.leave(status)
    assert drain_once([moving.KIND]) == 1
    assert address_of_feed() == str(removal.new.address)
    poll_now()
    assert "from the new house" in timeline(removal.alice)
    assert Client(headers=HOST).get(removal.path).content == data


def test_a_move_that_is_brought_needs_no_old_site(removal: Removal) -> None:
    for path in list(removal.far.pages):
        if "dora/" in path or path.endswith("/dora"):
            del removal.far.pages[path]
    data = removal.move()
    assert removal.bring(data) == data
    drain_once([moving.KIND])
    assert address_of_feed() == str(removal.new.address)


def test_nothing_changes_until_the_new_place_is_of_the_same_account(removal: Removal) -> None:
    other = Commenter(removal.far, "mallory")
    serve(other, item(9))
    removal.bring(removal.move(to=other.address))
    removal.bring(removal.move(2, to=Address.make("127.0.0.1", removal.far.port, "nobody")))
    drain_once([moving.KIND])
    assert address_of_feed() == str(removal.dora.address)


def test_moves_that_the_account_did_not_sign_are_refused(removal: Removal) -> None:
    stranger = SignKey.generate(RANDOM)
    removal.bring(removal.move(by=stranger), 400)
    removal.bring(b"{}", 400)
    removal.bring(b" " * 2_000, 400)
    tampered = removal.move().replace(b'"number":1', b'"number":7')
    removal.bring(tampered, 401)
    removal.far.pages[removal.path] = Reply(removal.move(by=stranger))
    removal.leave()
    drain_once([moving.KIND])
    assert address_of_feed() == str(removal.dora.address)
    assert Client(headers=HOST).get(removal.path).status_code == 404


def test_the_highest_number_wins_in_any_order(removal: Removal) -> None:
    newer, older = removal.move(2), removal.move(1, to=removal.dora.address)
    assert removal.bring(newer) == newer
    assert removal.bring(older) == newer
    answer = Client(headers=HOST).get(removal.path)
    assert answer.content == newer
    again = Client(headers=HOST).get(removal.path, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_moves_of_strangers_are_not_kept(removal: Removal) -> None:
    stranger = SignKey.generate(RANDOM)
    path = MOVED_PATH + stranger.public
    data = removal.move(by=stranger)
    client = Client(headers=HOST)
    assert client.put(path, data, content_type="application/json").status_code == 404
    assert client.get(path).status_code == 404


def test_whoever_moves_here_is_followed_as_a_member(removal: Removal, make_member: Any) -> None:
    home = make_member("dora")
    home.identity = removal.dora.identity
    home.enrol(2)
    home.client.post("/api/v1/posts", {"source": "I live here now."}, content_type="application/json")
    removal.bring(removal.move(to=Address.make("localhost", 8001, "dora")))
    drain_once([moving.KIND])
    assert not Feed.objects.exists()
    assert "I live here now." in timeline(removal.alice)


def signed(person: Commenter, *beacons: Address, number: int = 1, by: Commenter | None = None) -> Any:
    """What the device of `by`, else their own, says of a person."""
    browser = (by or person).identity.browser
    account = person.identity.account.public
    about = make_profile(account, browser.key, number, person.address, "Dora", beacons, CLOCK.now())
    return {"profile": about, "certificate": (by or person).certificate}


@dataclass
class Beacon:
    """A site of its own that keeps what was brought."""

    far: Elsewhere

    @property
    def address(self) -> Address:
        return Address.make("127.0.0.1", self.far.port)


@pytest.fixture
def beacons(settings: Any, removal: Removal) -> Iterator[list[Beacon]]:
    with elsewhere.serving() as one, elsewhere.serving() as two:
        allowed = settings.PORCHLIGHT.fetch_allow | {("127.0.0.1", one.port), ("127.0.0.1", two.port)}
        settings.PORCHLIGHT = replace(settings.PORCHLIGHT, fetch_allow=allowed)
        yield [Beacon(one), Beacon(two)]


def fail_for(removal: Removal, now: Clock, *hours: int) -> None:
    """Her old site answers with errors; it is polled after so many hours each."""
    removal.far.pages["/@dora/feed.json"] = Reply(status=500)
    removal.far.pages.pop(removal.path, None)
    for each in hours:
        now.forward(each * 3_600)
        poll_now()
        drain_once([moving.KIND])


def test_beacons_are_asked_after_a_day_of_failures_and_the_highest_number_wins(
    removal: Removal, beacons: list[Beacon], now: Clock
) -> None:
    named = signed(removal.dora, *(each.address for each in beacons))
    serve(removal.dora, item(1), signed=named)
    poll_now()
    first, second = beacons
    first.far.pages[removal.path] = Reply(removal.move(2))
    second.far.pages[removal.path] = Reply(removal.move(1, to=removal.dora.address))
    fail_for(removal, now, 0, 23)
    assert not first.far.asked
    assert not second.far.asked
    fail_for(removal, now, 2)
    assert first.far.count(removal.path) == second.far.count(removal.path) == 1
    assert address_of_feed() == str(removal.new.address)
    poll_now()
    assert "from the new house" in timeline(removal.alice)
    assert Feed.objects.get().failing_since is None


def test_a_day_of_failures_begins_anew_after_an_answer(
    removal: Removal, beacons: list[Beacon], now: Clock
) -> None:
    serve(removal.dora, item(1), signed=signed(removal.dora, beacons[0].address))
    poll_now()
    working = removal.far.pages["/@dora/feed.json"]
    fail_for(removal, now, 0, 23)
    removal.far.pages["/@dora/feed.json"] = working
    poll_now()
    fail_for(removal, now, 2, 20)
    assert not beacons[0].far.asked


def test_only_the_newest_word_of_the_account_names_beacons(
    removal: Removal, beacons: list[Beacon], now: Clock
) -> None:
    first, second = beacons
    stranger = Commenter(removal.far, "mallory")
    serve(removal.dora, item(1), signed=signed(removal.dora, second.address, number=2))
    poll_now()
    forged = signed(removal.dora, first.address, number=3, by=stranger)
    for other in (signed(removal.dora, first.address), forged, {"profile": 7}, [], "x", {}):
        serve(removal.dora, item(1), signed=other)
        poll_now()
    assert timeline(removal.alice)
    fail_for(removal, now, 0, 25)
    assert not first.far.asked
    assert second.far.count(removal.path) == 1


def test_a_member_names_beacons_and_the_feed_tells(alice: Member) -> None:
    site, home = Address.make("beacon.example", 443), Address.make("localhost", 8001, "alice")
    browser, account = alice.identity.browser, alice.identity.account.public

    def put(number: int, *beacons: Address, address: Address = home, by: Any = browser) -> Any:
        about = make_profile(account, by.key, number, address, "Alice", beacons, CLOCK.now())
        body = {"profile": about, "certificate": certificate if by is browser else by.certificate()}
        return alice.client.put("/api/v1/me/beacons", body, content_type="application/json")

    certificate = alice.client.get("/api/v1/keys").json()["list"]["devices"][0]
    assert alice.client.get("/api/v1/me/beacons").json() == {"number": 0, "beacons": []}
    newest = {"number": 2, "beacons": [site.wire()]}
    assert put(2, site).json() == newest
    assert put(1).json() == newest
    served = Client(headers=HOST).get("/@alice/feed.json").json()["_porchlight"]["signed"]
    assert served["profile"]["beacons"] == [site.wire()]
    assert put(3, Address.make("localhost", 8001)).status_code == 400
    assert put(3, address=Address.make("localhost", 8001, "bob")).status_code == 400
    assert put(3, by=alice.identity.add("root")).status_code in (400, 403)
    assert put(3).json() == {"number": 3, "beacons": []}
