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
from homevault.protocol.moves import MOVED_PATH, make_move
from social.posts import moving
from social.posts.models import Feed
from tests.server import elsewhere
from tests.server.commenter import Commenter
from tests.server.conftest import Member
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


def serve(person: Commenter, *items: Any) -> None:
    ours = {"address": str(person.address), "account": person.identity.account.public, "name": "Dora"}
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
