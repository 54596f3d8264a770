"""Whom the relay lets in, and what it may ask of the site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings

from homevault.protocol.addresses import Address
from homevault.protocol.certificates import verify_device_list
from homevault.protocol.envelope import Envelope, make_envelope
from homevault.protocol.errors import ProtocolError
from homevault.protocol.freshness import make_freshness
from homevault.protocol.handshake import Hello
from social.accounts import sightings
from social.accounts.models import Device as Row
from social.accounts.models import User
from social.accounts.policy import policy
from tests.server.conftest import Member
from tests.server.identities import CLOCK, RANDOM, Device, Identity

pytestmark = pytest.mark.django_db(transaction=True)
MakeMember = Callable[[str], Member]
ORIGIN = "http://localhost:8001"


def at(username: str, port: int = 8001) -> Address:
    return Address("localhost", port, username)


def admit(device: Device, username: str, cookie: str | None = None, origin: str | None = ORIGIN) -> Any:
    hello = Hello("device", at(username), device.id, "A" * 43, ORIGIN)
    cookies = {settings.SESSION_COOKIE_NAME: cookie} if cookie else {}
    headers = {"origin": origin} if origin else {}
    return async_to_sync(policy.admit)(hello, cookies, headers)


def session_of(member: Member) -> str:
    return member.client.cookies[settings.SESSION_COOKIE_NAME].value


def ask(device: Device, type: str, fields: dict[str, Any], username: str = "alice") -> Any:
    envelope = envelope_of(device, type, fields, username)
    return async_to_sync(policy.site_request)(envelope)


def envelope_of(device: Device, type: str, fields: dict[str, Any], username: str = "alice") -> Envelope:
    now = CLOCK.now()
    return make_envelope(at(username), at(""), type, fields, device.key, device.id, None, now, 60, RANDOM)


def refused(device: Device, username: str, cookie: str | None = None, origin: str | None = ORIGIN) -> str:
    with pytest.raises(ProtocolError) as caught:
        admit(device, username, cookie, origin)
    return caught.value.code


def test_a_browser_needs_its_session_and_a_listed_key(alice: Member) -> None:
    browser = alice.identity.browser
    admitted = admit(browser, "alice", session_of(alice))
    assert (admitted.username, admitted.device, admitted.role) == ("alice", browser.id, "root")
    assert admitted.account == alice.identity.account.public

    assert refused(browser, "alice") == "refused"
    assert refused(browser, "alice", "not-a-session") == "refused"
    assert refused(Identity().browser, "alice", session_of(alice)) == "refused"


def test_a_browser_key_without_a_browser_is_refused(alice: Member) -> None:
    assert refused(alice.identity.browser, "alice", session_of(alice), origin=None) == "refused"


@pytest.mark.parametrize("origin", ["http://localhost:8002", "https://localhost:8001", "null", ""])
def test_another_origin_is_refused(alice: Member, origin: str) -> None:
    hello = Hello("device", at("alice"), alice.identity.browser.id, "A" * 43, ORIGIN)
    cookies = {settings.SESSION_COOKIE_NAME: session_of(alice)}
    with pytest.raises(ProtocolError, match="refused"):
        async_to_sync(policy.admit)(hello, cookies, {"origin": origin})


def test_the_session_of_another_member_is_refused(alice: Member, make_member: MakeMember) -> None:
    bob = make_member("bob")
    bob.enrol()
    assert refused(alice.identity.browser, "alice", session_of(bob)) == "refused"
    assert refused(bob.identity.browser, "alice", session_of(alice)) == "refused"


def test_a_session_ends_with_the_password(alice: Member) -> None:
    cookie = session_of(alice)
    user = User.objects.get(username="alice")
    user.set_password("another password altogether")
    user.save()
    assert refused(alice.identity.browser, "alice", cookie) == "refused"


def test_a_vault_comes_by_its_key_alone(alice: Member) -> None:
    vault = alice.identity.add("vault")
    assert refused(vault, "alice", origin=None) == "refused"
    alice.put_list(alice.identity.device_list(2), 200)
    assert admit(vault, "alice", origin=None).role == "vault"


def test_when_a_vault_was_last_seen_is_shown_to_its_owner(alice: Member) -> None:
    vault = alice.identity.add("vault")
    alice.put_list(alice.identity.device_list(2), 200)
    [before] = alice.client.get("/api/v1/vaults").json()
    assert (before["device"], before["last_seen"], before["online"]) == (vault.id, None, False)
    admitted = admit(vault, "alice", origin=None)

    async def come_and_go() -> None:
        policy.seen(admitted)

    start = CLOCK.now()
    async_to_sync(come_and_go)()
    sightings.write()
    [after] = alice.client.get("/api/v1/vaults").json()
    assert start - 1 <= after["last_seen"] <= CLOCK.now()


def test_a_closed_account_lets_nobody_in(alice: Member) -> None:
    User.objects.update(is_active=False)
    assert refused(alice.identity.browser, "alice", session_of(alice)) == "refused"


def test_another_site_is_not_here(alice: Member) -> None:
    hello = Hello("device", at("alice", 8002), alice.identity.browser.id, "A" * 43, ORIGIN)
    with pytest.raises(ProtocolError, match="refused"):
        async_to_sync(policy.admit)(hello, {}, {})


def test_devices_of_a_member_follow_the_list(alice: Member, make_member: MakeMember) -> None:
    devices_of = async_to_sync(policy.devices_of)
    assert devices_of("alice") == {alice.identity.browser.id}
    alice.identity.add("vault")
    alice.put_list(alice.identity.device_list(2), 200)
    assert devices_of("alice") == {device.id for device in alice.identity.devices}
    make_member("newcomer")
    assert devices_of("newcomer") is None
    assert devices_of("nobody") is None


def test_prekeys_come_over_the_socket_and_keys_go_out(alice: Member, make_member: MakeMember) -> None:
    browser = alice.identity.browser
    fields = {"signed": browser.signed_prekey(), "one_time": browser.one_time(2)}
    envelope = envelope_of(browser, "prekeys", fields)
    answer = async_to_sync(policy.site_request)(envelope)
    assert answer == [{"type": "accepted", "fields": {"ref": envelope.id}}]

    bob = make_member("bob")
    bob.enrol()
    question = {"address": at("alice").wire(), "claim": True}
    [answer] = ask(bob.identity.browser, "keys", question, "bob")
    assert answer["type"] == "keys-result"
    assert answer["fields"]["keys"]["prekeys"] == [fields["signed"]]
    assert answer["fields"]["one_time"] == {browser.id: fields["one_time"]["keys"][0]}


def test_asking_for_keys_without_a_claim_takes_none(alice: Member) -> None:
    browser = alice.identity.browser
    ask(browser, "prekeys", {"signed": browser.signed_prekey(), "one_time": browser.one_time(1)})
    [answer] = ask(browser, "keys", {"address": at("alice").wire(), "claim": False})
    assert answer["fields"]["one_time"] is None
    assert Row.objects.get(device=browser.id).one_time.filter(claimed=None).count() == 1


def test_ones_own_device_is_not_claimed_for(alice: Member) -> None:
    browser = alice.identity.browser
    ask(browser, "prekeys", {"signed": browser.signed_prekey(), "one_time": browser.one_time(1)})
    [answer] = ask(browser, "keys", {"address": at("alice").wire(), "claim": True})
    assert answer["fields"]["one_time"] == {}


def test_keys_of_nobody_are_null(alice: Member) -> None:
    [answer] = ask(alice.identity.browser, "keys", {"address": at("nobody").wire(), "claim": True})
    assert (answer["fields"]["keys"], answer["fields"]["one_time"]) == (None, None)


def test_an_envelope_that_another_key_signed_changes_nothing(alice: Member) -> None:
    browser = alice.identity.browser
    fields = {"signed": browser.signed_prekey(), "one_time": None}
    forged = envelope_of(browser, "prekeys", fields)
    forged.data["sig"] = envelope_of(Identity().browser, "prekeys", fields).data["sig"]
    with pytest.raises(ProtocolError, match="signature"):
        async_to_sync(policy.site_request)(forged)
    assert Row.objects.get(device=browser.id).prekey is None


def test_what_the_site_does_not_know_is_left_to_the_relay(alice: Member) -> None:
    assert ask(alice.identity.browser, "ack", {"hashes": ["A" * 43]}) is None


def test_a_device_vouches_over_its_socket_and_remembers_its_login(alice: Member) -> None:
    browser = alice.identity.browser
    admitted = admit(browser, "alice", session_of(alice))
    async_to_sync(policy.arrived)(admitted)
    assert Row.objects.get(device=browser.id).login == alice.client.session["public_id"]

    given = alice.identity.device_list(2)
    word = make_freshness(browser.key, verify_device_list(given), [], CLOCK.now())
    [answer] = ask(browser, "vouch", {"list": given, "revocations": [], "freshness": word})
    assert answer["type"] == "accepted"
    [answer] = ask(browser, "keys", {"address": at("alice").wire(), "claim": False})
    assert answer["fields"]["keys"]["freshness"] == word
