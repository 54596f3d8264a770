"""Who is here now, as members see it: lights, what hides them, order, and the word that something changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from homevault.protocol.addresses import Address
from social.accounts import connected
from social.accounts.models import User, Visitor
from social.people import profiles
from social.safety import persons, presence, telling
from tests.server.conftest import Member

pytestmark = pytest.mark.django_db(transaction=True)
MakeMember = Callable[[str], Member]


@pytest.fixture
def enrolled(make_member: MakeMember) -> MakeMember:
    """Makes members with a browser and a vault."""

    def make(name: str) -> Member:
        member = make_member(name)
        member.identity.add("vault")
        member.enrol()
        return member

    return make


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The devices that count as connected."""
    devices: set[str] = set()
    monkeypatch.setattr("signaling.relay.present", lambda: devices)
    return devices


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []

    def push(name: str, _: str, fields: dict[str, str]) -> None:
        if fields == {"topic": "people"}:
            names.append(name)

    monkeypatch.setattr("signaling.relay.push_site", push)
    return names


def ask(member: Member, method: str, path: str, body: Any = None) -> Any:
    answer = getattr(member.client, method)(f"/api/v1/{path}", body, content_type="application/json")
    assert answer.status_code < 300, answer.content
    return answer.json() if answer.content else None


def lights(member: Member) -> list[tuple[str, str]]:
    return [(one["name"], one["light"]) for one in ask(member, "get", "people")["people"]]


def raw(member: Member) -> bytes:
    return bytes(member.client.get("/api/v1/people").content)


def test_the_connected_come_first_then_by_name(enrolled: MakeMember, here: set[str]) -> None:
    ana, bob, cem = (enrolled(name) for name in ("ana", "bob", "cem"))
    profiles.change(User.objects.get(username="bob"), {"name": "Ábel"})
    here |= {cem.identity.browser.id}
    assert lights(ana) == [("cem", "green"), ("ana", "red"), ("Ábel", "red")]
    here |= {bob.identity.devices[1].id}
    assert ("Ábel", "red") in lights(ana), "a vault at home is nobody at the browser"
    here.clear()
    here |= {bob.identity.browser.id}
    assert lights(ana) == [("Ábel", "green"), ("ana", "red"), ("cem", "red")]
    own = [one["name"] for one in ask(ana, "get", "people")["people"] if one["own"]]
    assert own == ["ana"]


def test_a_hidden_light_looks_like_nobody_there(enrolled: MakeMember, here: set[str]) -> None:
    ana, bob = enrolled("ana"), enrolled("bob")
    absent = raw(ana)
    here |= {bob.identity.browser.id}
    assert raw(ana) != absent
    assert ask(bob, "put", "me/light", {"shown": False}) == {"shown": False}
    assert raw(ana) == absent
    assert dict(lights(bob))["bob"] == "green"
    assert ask(bob, "get", "me")["light_shown"] is False
    ask(bob, "put", "me/light", {"shown": True})
    assert dict(lights(ana))["bob"] == "green"


def test_whom_somebody_blocked_sees_no_light_of_theirs(enrolled: MakeMember, here: set[str]) -> None:
    ana, bob, cem = (enrolled(name) for name in ("ana", "bob", "cem"))
    absent = raw(ana)
    here |= {bob.identity.browser.id}
    ask(bob, "post", "blocks", {"address": "@ana@localhost:8001"})
    assert raw(ana) == absent
    assert dict(lights(cem))["bob"] == "green"
    assert "ana" not in dict(lights(bob)), "and is not listed to who blocked them"


def test_whoever_was_blocked_elsewhere_is_known_by_their_account(
    enrolled: MakeMember, here: set[str]
) -> None:
    ana, bob, cem = (enrolled(name) for name in ("ana", "bob", "cem"))
    here |= {bob.identity.browser.id}
    elsewhere = Address.make("old.example", 443, "anna")
    persons.block(User.objects.get(username="bob"), elsewhere, ana.identity.account.public)
    assert dict(lights(ana))["bob"] == "red"
    assert dict(lights(cem))["bob"] == "green"


def test_only_moderators_see_who_is_blocked(enrolled: MakeMember, here: set[str]) -> None:
    owner, ana, bob = (enrolled(name) for name in ("owner", "ana", "bob"))
    User.objects.filter(username="owner").update(role=User.OWNER)
    absent = raw(ana)
    here |= {bob.identity.browser.id}
    ask(owner, "post", "moderation/blocks", {"username": "bob", "hours": 1, "reason": ""})
    assert dict(lights(owner))["bob"] == "orange"
    assert dict(lights(bob))["bob"] == "orange"
    assert raw(ana) == absent


def test_visitors_are_listed_without_their_keys(enrolled: MakeMember, here: set[str]) -> None:
    ana = enrolled("ana")
    for number in range(52):
        letter = chr(65 + number // 26) + chr(97 + number % 26)
        Visitor.objects.create(
            account=letter * 21 + "A", device=letter * 21 + "B", certificate=b"{}", session=str(number),
            facts="", prefix="p", made=number, last_seen=number,
        )  # fmt: skip
    here |= set(Visitor.objects.values_list("device", flat=True))
    found = ask(ana, "get", "people")
    assert (len(found["visitors"]), found["further"]) == (50, 2)
    assert found["visitors"][0]["handle"] == presence.handle_of("Aa" * 21 + "B")
    assert b"AaAaAa" not in raw(ana)


def test_those_who_are_here_are_told(enrolled: MakeMember, here: set[str], told: list[str]) -> None:
    ana, bob = enrolled("ana"), enrolled("bob")
    enrolled("cem")
    here |= {ana.identity.browser.id, bob.identity.browser.id}
    assert connected.members() == {"ana", "bob"}
    telling.members()
    assert sorted(told) == ["ana", "bob"]
    told.clear()
    ask(bob, "put", "me/light", {"shown": False})
    assert sorted(told) == ["ana", "bob"]
