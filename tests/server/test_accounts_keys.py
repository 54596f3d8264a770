"""Device lists and prekeys: what a site takes, what it serves, and that no key is handed out twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from federation import clock, here
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical, parse
from homevault.protocol.certificates import verify_device_list
from homevault.protocol.errors import ProtocolError
from homevault.protocol.freshness import make_freshness
from homevault.protocol.knowledge import age
from homevault.protocol.prekeys import verify_keys_document
from homevault.protocol.revocations import make_revocation
from social.accounts import directory, enrolment, notices, prekeys
from social.accounts.models import Device, OneTimePrekey, User
from tests.server.conftest import Member
from tests.server.identities import Device as OwnDevice
from tests.server.identities import Identity

pytestmark = pytest.mark.django_db(transaction=True)
MakeMember = Callable[[str], Member]


def keys_of(username: str) -> Any:
    return Client(headers={"host": "localhost:8001"}).get(f"/.well-known/porchlight/keys/{username}")


def publish(member: Member, device: OwnDevice, count: int = 0, time: int | None = None) -> int:
    user = User.objects.get(username=member.username)
    row = Device.objects.get(user=user, device=device.id)
    return prekeys.publish(user, row, device.signed_prekey(time), device.one_time(count) if count else None)


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


# --- prekeys ----------------------------------------------------------------------------------


def test_one_time_prekeys_are_handed_out_once_in_the_order_they_came(alice: Member) -> None:
    device = alice.identity.browser
    user = User.objects.get(username="alice")
    row = Device.objects.get(device=device.id)
    first, second = device.one_time(2), device.one_time(1)
    for batch in (first, first, second):
        left = prekeys.publish(user, row, device.signed_prekey(), batch)
    assert left == 3

    taken = [prekeys.claim(user, [device.id])[device.id] for _ in range(4)]
    assert taken == [*first["keys"], *second["keys"], None]
    assert prekeys.publish(user, row, device.signed_prekey(), first) == 0
    assert prekeys.claim(user, [device.id]) == {device.id: None}


def test_claims_at_the_same_time_get_different_keys(alice: Member) -> None:
    device = alice.identity.browser
    publish(alice, device, 40)
    user = User.objects.get(username="alice")
    taken: list[str | None] = []
    start = threading.Barrier(4)

    def take() -> None:
        start.wait()
        taken.extend(prekeys.claim(user, [device.id])[device.id] for _ in range(10))
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(taken)) == 40
    assert None not in taken


def test_a_claim_for_devices_that_are_not_listed_gives_null(alice: Member) -> None:
    stranger = Identity().browser.id
    assert prekeys.claim(User.objects.get(username="alice"), [stranger]) == {stranger: None}


def test_a_late_signed_prekey_does_not_replace_a_newer_one(alice: Member) -> None:
    device = alice.identity.browser
    publish(alice, device, time=2_000)
    newer = keys_of("alice").json()["prekeys"]
    publish(alice, device, time=1_000)
    assert keys_of("alice").json()["prekeys"] == newer


def test_prekeys_of_somebody_else_are_refused(alice: Member) -> None:
    user = User.objects.get(username="alice")
    row = Device.objects.get(user=user)
    other = Identity().browser
    with pytest.raises(ProtocolError, match="certificate_account"):
        prekeys.publish(user, row, other.signed_prekey(), None)
    own, sibling = alice.identity.browser, alice.identity.add("vault")
    with pytest.raises(ProtocolError, match="certificate_device"):
        prekeys.publish(user, row, own.signed_prekey(), sibling.one_time(3))
    assert not OneTimePrekey.objects.exists()
    assert Device.objects.get(user=user).prekey is None


def test_a_hoard_of_prekeys_is_refused(alice: Member) -> None:
    for _ in range(4):
        publish(alice, alice.identity.browser, 100)
    with pytest.raises(ProtocolError, match="too_many"):
        publish(alice, alice.identity.browser, 1)


def test_an_unsigned_claim_is_refused(alice: Member) -> None:
    publish(alice, alice.identity.browser, 5)
    body = canonical({"v": 1, "devices": [alice.identity.browser.id]})
    answer = Client(headers={"host": "localhost:8001"}).post(
        "/.well-known/porchlight/keys/alice/claim", body, content_type="application/json"
    )
    assert answer.status_code in (400, 401)
    assert answer.json()["code"] == "signature"
    assert not OneTimePrekey.objects.exclude(claimed=None).exists()


def test_the_device_is_told_when_few_prekeys_are_left(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[str] = []
    monkeypatch.setattr(notices, "prekeys_wanted", wanted.append)
    device = alice.identity.browser
    publish(alice, device, prekeys.FEW_LEFT + 2)
    user = User.objects.get(username="alice")
    for _ in range(3):
        prekeys.claim(user, [device.id])
    assert wanted == [device.id]


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


# --- revocations and freshness ----------------------------------------------------------------


def recent(member: Member) -> Member:
    """Their login has just been proven."""
    from social.accounts import sessions

    session = member.client.session
    session[sessions.PROVEN] = clock.now()
    session.save()
    return member


def came(device: OwnDevice, login: str = "") -> None:
    Device.objects.filter(device=device.id).update(last_seen=timezone.now(), login=login)


def put(member: Member, device_list: Any, *revocations: Any) -> Any:
    body = {"list": device_list, "revocations": list(revocations)}
    return member.client.put("/api/v1/keys/list", body, content_type="application/json")


def served(username: str) -> Any:
    return verify_keys_document(parse(keys_of(username).content))


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
