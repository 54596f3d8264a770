"""Devices that end, what devices vouch for, and accounts that are given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from federation import clock
from homevault.protocol.certificates import verify_device_list
from homevault.protocol.errors import ProtocolError
from homevault.protocol.freshness import make_freshness
from homevault.protocol.knowledge import age
from homevault.protocol.revocations import make_revocation
from social.accounts import directory, enrolment, notices
from social.accounts.models import Device, OneTimePrekey, User
from tests.server.conftest import Member
from tests.server.identities import Identity
from tests.server.keyring import came, keys_of, publish, recent, served

pytestmark = pytest.mark.django_db(transaction=True)
MakeMember = Callable[[str], Member]


def put(member: Member, device_list: Any, *revocations: Any) -> Any:
    body = {"list": device_list, "revocations": list(revocations)}
    return member.client.put("/api/v1/keys/list", body, content_type="application/json")


def test_a_revoked_device_is_gone_and_its_login_with_it(alice: Member) -> None:
    phone, other = alice.identity.add("member"), Client(headers={"host": "localhost:8001"})
    alice.put_list(alice.identity.device_list(2), 200)
    other.force_login(User.objects.get(username="alice"))
    publish(alice, phone, 3)
    came(phone, other.session["public_id"])
    alice.identity.devices.remove(phone)

    answer = put(recent(alice), alice.identity.device_list(3), alice.identity.revocation(phone))

    assert answer.status_code == 200
    assert other.get("/api/v1/keys").status_code == 401
    assert alice.client.get("/api/v1/keys").status_code == 200
    assert set(served("alice").knowledge.revocations) == {phone.id}
    assert not Device.objects.filter(device=phone.id).exists()
    assert not OneTimePrekey.objects.exists()


def test_ending_a_device_that_was_here_needs_a_recent_login(alice: Member) -> None:
    phone = alice.identity.add("member")
    alice.put_list(alice.identity.device_list(2), 200)
    came(phone)
    alice.identity.devices.remove(phone)
    session = alice.client.session
    session["proven"] = 0
    session.save()

    answer = put(alice, alice.identity.device_list(3), alice.identity.revocation(phone))

    assert (answer.status_code, answer.json()["code"]) == (403, "recent_login")
    assert Device.objects.filter(device=phone.id).exists()
    assert put(recent(alice), alice.identity.device_list(3)).status_code == 200


def test_no_later_list_brings_a_revoked_device_back(alice: Member) -> None:
    phone = alice.identity.add("member")
    put(recent(alice), alice.identity.device_list(2), alice.identity.revocation(phone))
    assert put(alice, alice.identity.device_list(3)).status_code == 200
    assert directory.devices_of("alice") == {alice.identity.browser.id}
    assert set(served("alice").knowledge.revocations) == {phone.id}


def test_what_a_device_vouches_for_is_served(alice: Member) -> None:
    user = User.objects.get(username="alice")
    vault, phone = alice.identity.add("vault"), alice.identity.add("member")
    given = alice.identity.device_list(2)
    alice.put_list(given, 200)
    revocation = make_revocation(
        vault.key, alice.identity.account.public, phone.id, clock.now(), vault.certificate()
    )
    word = make_freshness(vault.key, verify_device_list(given), [phone.id], clock.now())

    for _ in range(2):
        enrolment.take_word(user, {"list": given, "revocations": [revocation], "freshness": word})

    known = served("alice").knowledge
    assert (set(known.revocations), known.freshness and known.freshness.device) == ({phone.id}, vault.id)
    assert age(known, clock.now()) == "fresh"
    assert directory.devices_of("alice") == {alice.identity.browser.id, vault.id}


def test_a_newer_list_that_a_device_knows_is_taken_and_an_older_one_is_not(alice: Member) -> None:
    user = User.objects.get(username="alice")
    key = alice.identity.browser.key
    for number, now in ((5, 5), (3, 5)):
        given = alice.identity.device_list(number)
        word = make_freshness(key, verify_device_list(given), [], clock.now())
        enrolment.take_word(user, {"list": given, "revocations": [], "freshness": word})
        assert served("alice").knowledge.list.number == now


@pytest.mark.parametrize("kind", ["stranger", "member", "number"])
def test_words_that_do_not_count_are_refused(alice: Member, kind: str) -> None:
    user = User.objects.get(username="alice")
    who = Identity() if kind == "stranger" else alice.identity
    device = who.add("member") if kind == "member" else who.browser
    given = who.device_list(1 if kind == "number" else 2)
    word = make_freshness(device.key, verify_device_list(given), [], clock.now())
    with pytest.raises(ProtocolError) as refused:
        enrolment.take_word(user, {"list": given, "revocations": [], "freshness": word})
    codes = {
        "stranger": "certificate_account",
        "member": "certificate_device",
        "number": "device_list_conflict",
    }
    assert refused.value.code == codes[kind]
    assert served("alice").knowledge.freshness is None


def test_a_stolen_vault_cannot_fill_the_document(alice: Member) -> None:
    user = User.objects.get(username="alice")
    vault = alice.identity.add("vault")
    given = alice.identity.device_list(2)
    account = alice.identity.account.public
    strangers = sorted(Identity().browser.id for _ in range(20))
    many = [make_revocation(vault.key, account, each, clock.now(), vault.certificate()) for each in strangers]
    word = make_freshness(vault.key, verify_device_list(given), strangers, clock.now())
    enrolment.take_word(user, {"list": given, "revocations": many, "freshness": word})
    assert served("alice").knowledge.revocations == {}


def test_devices_are_listed_and_called_something(alice: Member, make_member: MakeMember) -> None:
    device = alice.identity.browser.id
    path = f"/api/v1/keys/devices/{device}"
    given = {"name": "Kitchen"}
    assert alice.client.patch(path, given, content_type="application/json").json()["name"] == "Kitchen"
    [row] = alice.client.get("/api/v1/keys/devices").json()
    assert (row["device"], row["name"], row["one_time"], row["last_seen"]) == (device, "Kitchen", 0, None)
    stranger = make_member("bob").client.patch(path, given, content_type="application/json")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "not_found")
    long = alice.client.patch(path, {"name": "x" * 65}, content_type="application/json")
    assert long.status_code == 400


# --- giving an account up ---------------------------------------------------------------------


def abandon(member: Member, username: str) -> Any:
    return member.client.post("/api/v1/keys/abandon", {"username": username}, content_type="application/json")


def test_an_account_is_given_up_for_a_new_one(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(notices, "devices_changed", lambda name, dropped: told.append((name, dropped)))
    other = Client(headers={"host": "localhost:8001"})
    other.force_login(User.objects.get(username="alice"))
    publish(alice, alice.identity.browser, 3)
    came(alice.identity.browser, alice.client.session["public_id"])

    assert abandon(recent(alice), "alice").status_code == 204

    assert told == [("alice", [alice.identity.browser.id])]
    assert keys_of("alice").content == keys_of("nobody").content
    assert alice.client.get("/api/v1/keys").json()["list"] is None
    assert other.get("/api/v1/keys").status_code == 401
    assert not OneTimePrekey.objects.exists()
    old, alice.identity = alice.identity, Identity()
    alice.enrol()
    assert served("alice").list.account == alice.identity.account.public != old.account.public


def test_an_account_is_given_up_only_by_whoever_typed_their_name_and_showed_who_they_are(
    alice: Member,
) -> None:
    assert abandon(recent(alice), "alicia").json()["code"] == "schema"
    session = alice.client.session
    session["proven"] = 0
    session.save()
    answer = abandon(alice, "alice")
    assert (answer.status_code, answer.json()["code"]) == (403, "recent_login")
    assert served("alice").list.account == alice.identity.account.public
