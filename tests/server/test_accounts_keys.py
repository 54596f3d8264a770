"""Device lists and the keys document: what a site takes and what it serves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from federation import here
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import parse
from homevault.protocol.prekeys import verify_keys_document
from social.accounts import directory, notices
from social.accounts.models import Device, OneTimePrekey
from tests.server.conftest import Member
from tests.server.identities import Device as OwnDevice
from tests.server.identities import Identity
from tests.server.keyring import keys_of, publish

pytestmark = pytest.mark.django_db(transaction=True)
MakeMember = Callable[[str], Member]


# --- device lists -----------------------------------------------------------------------------


def test_the_first_list_enrols_the_account(make_member: MakeMember) -> None:
    alice = make_member("alice")
    nothing = {"list": None, "revocations": [], "freshness": None, "prekeys_left": {}}
    assert alice.client.get("/api/v1/keys").json() == nothing

    given = alice.identity.device_list()
    answer = alice.put_list(given, 200)

    assert answer == {**nothing, "list": given, "prekeys_left": {alice.identity.browser.id: 0}}
    assert alice.client.get("/api/v1/me").json()["account"] == alice.identity.account.public


def test_a_later_list_adds_and_drops_devices(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(notices, "devices_changed", lambda name, dropped: told.append((name, dropped)))
    old = alice.identity.browser
    publish(alice, old, 5)
    alice.identity.add("vault")
    alice.put_list(alice.identity.device_list(2), 200)
    alice.identity.devices.remove(old)
    alice.put_list(alice.identity.device_list(3), 200)

    assert told == [("alice", []), ("alice", [old.id])]
    assert directory.devices_of("alice") == {alice.identity.devices[0].id}
    assert not OneTimePrekey.objects.exists()


def test_the_same_list_again_changes_nothing(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    again = alice.client.get("/api/v1/keys").json()["list"]
    monkeypatch.setattr(notices, "devices_changed", lambda *_: pytest.fail("nothing changed"))
    alice.put_list(again, 200)


def test_an_older_list_is_stale(alice: Member) -> None:
    first = alice.client.get("/api/v1/keys").json()["list"]
    alice.put_list(alice.identity.device_list(7), 200)
    assert alice.put_list(first, 409)["code"] == "device_list_stale"
    assert alice.client.get("/api/v1/keys").json()["list"]["number"] == 7


def test_another_list_of_the_same_number_is_a_conflict(alice: Member) -> None:
    alice.identity.add("vault")
    assert alice.put_list(alice.identity.device_list(1), 409)["code"] == "device_list_conflict"


def test_a_list_of_another_account_is_refused(alice: Member) -> None:
    assert alice.put_list(Identity().device_list(2), 400)["code"] == "certificate_account"


def test_two_members_cannot_share_an_account(alice: Member, make_member: MakeMember) -> None:
    mallory = make_member("mallory")
    stolen = alice.client.get("/api/v1/keys").json()["list"]
    assert mallory.put_list(stolen, 400)["code"] == "certificate_account"
    mallory.identity = alice.identity
    assert mallory.put_list(stolen, 403)["code"] == "refused"
    assert mallory.client.get("/api/v1/me").json()["account"] is None


def test_a_list_found_elsewhere_enrols_nobody_without_its_device(
    alice: Member, make_member: MakeMember
) -> None:
    found = Identity()
    mallory, at = make_member("mallory"), here.address()
    told = found.device_list()
    elsewhere = found.possession(Address("elsewhere.example", 443, "mallory"))
    namesake = found.possession(replace(at, username="alice"))
    own = mallory.identity.possession(replace(at, username="mallory"))
    for proof, code in ((elsewhere, "not_proven"), (namesake, "not_proven"), (own, "certificate_account")):
        body = {"list": told, "proof": proof}
        answer = mallory.client.put("/api/v1/keys/list", body, content_type="application/json")
        assert answer.json()["code"] == code
    bare = mallory.client.put("/api/v1/keys/list", {"list": told}, content_type="application/json")
    assert bare.json()["code"] == "not_proven"
    assert mallory.client.get("/api/v1/me").json()["account"] is None


def forged(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    given = Identity().device_list()
    change(given)
    return given


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (forged(lambda it: it.update(number=2)), "signature"),
        (forged(lambda it: it.update(suite="PL0")), "unsupported_suite"),
        (forged(lambda it: it.update(v=2)), "unsupported_version"),
        (forged(lambda it: it.update(seed="x")), "schema"),
        (forged(lambda it: it["devices"][0].update(role="vault")), "signature"),
        (forged(lambda it: it.update(number=2**60)), "schema"),
        ("a string", "schema"),
        (None, "schema"),
        ({}, "schema"),
    ],
)
def test_a_forged_list_is_refused_and_nothing_is_stored(
    make_member: MakeMember, given: Any, code: str
) -> None:
    alice = make_member("alice")
    assert alice.put_list(given, 400)["code"] == code
    assert alice.client.get("/api/v1/keys").json()["list"] is None
    assert alice.client.get("/api/v1/me").json()["account"] is None
    assert not Device.objects.exists()


def test_lists_need_a_login(alice: Member) -> None:
    anybody = Client(headers={"host": "localhost:8001"})
    answer = anybody.put(
        "/api/v1/keys/list", {"list": alice.identity.device_list(2)}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["code"]) == (401, "login")


def test_a_device_that_another_member_lists_too_keeps_its_socket(
    alice: Member, make_member: MakeMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise a member could list somebody's device and drop it again, and its mail with it."""
    mallory = make_member("mallory")
    own, theirs = mallory.identity.browser, alice.identity.browser
    mallory.identity.devices.append(OwnDevice(mallory.identity.account, "member", theirs.key))
    mallory.enrol()
    told: list[str] = []
    monkeypatch.setattr(notices, "devices_changed", lambda _, dropped: told.extend(dropped))
    mallory.identity.devices = [own]
    mallory.put_list(mallory.identity.device_list(2), 200)
    assert told == []
    assert Device.objects.get(device=theirs.id).user.username == "alice"


# --- the keys document ------------------------------------------------------------------------


def test_the_keys_document_is_canonical_and_verifies(alice: Member) -> None:
    publish(alice, alice.identity.browser)
    answer = keys_of("alice")
    found = verify_keys_document(parse(answer.content), alice.identity.account.public)
    assert list(found.prekeys) == [alice.identity.browser.id]

    again = Client(headers={"host": "localhost:8001", "if-none-match": answer["ETag"]})
    assert again.get("/.well-known/porchlight/keys/alice").status_code == 304


def test_nobody_and_a_member_without_keys_look_alike(make_member: MakeMember) -> None:
    make_member("newcomer")
    assert keys_of("newcomer").status_code == keys_of("nobody").status_code == 404
    assert keys_of("newcomer").content == keys_of("nobody").content
