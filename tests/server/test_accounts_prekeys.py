"""Prekeys: whose are taken, and that no key is handed out twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connections
from django.test import Client

from homevault.protocol.canonical import canonical
from homevault.protocol.errors import ProtocolError
from social.accounts import notices, prekeys
from social.accounts.models import Device, OneTimePrekey, User
from tests.server.conftest import Member
from tests.server.identities import Identity
from tests.server.keyring import keys_of, publish

pytestmark = pytest.mark.django_db(transaction=True)
MakeMember = Callable[[str], Member]


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
