"""The linked vault when its site, its disk, a sender or itself is at fault: nothing is lost."""

import sqlite3

import pytest

from homevault.agent import intake
from homevault.protocol.canonical import canonical
from homevault.protocol.certificates import make_device_list
from homevault.protocol.envelope import envelope_hash, make_envelope
from homevault.protocol.keys import SignKey
from homevault.protocol.letters import make_ack, make_ack_letter
from tests.vault.people import CLOCK, RANDOM, Person, events_letter
from tests.vault.running import RunningVault
from tests.vault.small_site import SmallSite, until
from tests.vault.talking import acked, opened, settled


async def test_acks_are_never_acked(alice: Person, bob: Person, vault: RunningVault) -> None:
    swarm = await opened(alice, bob, vault)
    await until(lambda: vault.count("outbox") == 0)
    before = len(vault.site.sent("mail"))
    ack = make_ack(bob.browser.sign, bob.account, str(swarm.swarm), swarm.heads, CLOCK.now())
    await settled(vault, await bob.send(alice, make_ack_letter(ack)))
    assert vault.count("outbox") == 0
    assert len(vault.site.sent("mail")) == before


async def test_a_rolled_back_own_list_is_refused_and_told(
    site: SmallSite, alice: Person, vault: RunningVault
) -> None:
    known = alice.site.members["alice"].list
    site.members["alice"].list = make_device_list(alice.root, 1, alice.certificates, CLOCK.now())
    asked = len(site.sent("keys"))
    await site.tell(vault.device, "changed", topic="devices")
    await until(lambda: len(site.sent("keys")) > asked)

    def alarm() -> int:
        with vault.database() as reader:
            return reader.number("SELECT value FROM facts WHERE name = 'list_alarm'")

    await until(alarm)
    with vault.database() as reader:
        row = reader.one("SELECT devices, number FROM contacts WHERE account = ?", (alice.account,))
    assert bytes(row["devices"]) == canonical(known)


async def test_a_new_browser_of_the_account_is_looked_up(
    alice: Person, bob: Person, vault: RunningVault
) -> None:
    await opened(alice, bob, vault)
    laptop = alice.add_browser()
    fresh = alice.begin(bob)
    await settled(vault, await alice.send(alice, events_letter(fresh), browser=laptop))
    assert vault.count("events") == 3


async def test_mail_of_a_sender_whose_site_is_away_is_kept_and_opened_later(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "RETRY_FIRST", 0.05)
    swarm = alice.begin(bob)
    await settled(vault, await alice.send(alice, events_letter(swarm)))
    bob.join(swarm)
    site.unreachable.add(str(bob.address))
    envelopes = [await bob.send(alice, events_letter(swarm)) for _ in range(3)]
    await acked(vault, *envelopes)
    assert vault.count("unopened") == 3
    assert vault.count("events") == 1
    await vault.stop()
    site.unreachable.clear()
    vault.start()
    await until(lambda: vault.count("unopened") == 0)
    assert vault.count("events") == 2


async def test_more_prekeys_are_published_when_the_site_runs_low(
    site: SmallSite, alice: Person, vault: RunningVault
) -> None:
    first = set(site.members["alice"].one_time[vault.device])
    assert len(first) == 100
    await site.tell(vault.device, "changed", topic="prekeys")
    await until(lambda: len(site.members["alice"].one_time[vault.device]) == 200)
    with vault.database() as reader:
        held = {row["public"] for row in reader.all("SELECT public FROM prekeys WHERE one_time = 1")}
    assert held == set(site.members["alice"].one_time[vault.device])


async def test_a_live_envelope_not_signed_by_the_site_is_ignored(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault
) -> None:
    other = SignKey.generate(RANDOM)
    forged = make_envelope(
        site.address,
        alice.address,
        "changed",
        {"topic": "prekeys"},
        other,
        other.public,
        vault.device,
        CLOCK.now(),
        300,
        RANDOM,
    )
    before = len(site.sent("prekeys"))
    await site.push(vault.device, forged.raw)
    await site.push(vault.device, b'{"not":"an envelope"}')
    await opened(alice, bob, vault)
    assert len(site.sent("prekeys")) == before


async def test_a_fault_of_ours_keeps_the_mail(
    alice: Person, bob: Person, vault: RunningVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    swarm = await opened(alice, bob, vault)
    with monkeypatch.context() as patched:
        patched.setattr("homevault.agent.opening.open_mail", lambda *_: 1 / 0)
        await acked(vault, await bob.send(alice, events_letter(swarm, bob.say(swarm, "kept"))))
        assert vault.count("unopened") == 1
    await vault.stop()
    vault.start()
    await until(lambda: vault.count("unopened") == 0)
    assert vault.count("texts") == 1


async def test_unsettled_outgoing_mail_is_sent_again_unchanged(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    swarm = await opened(alice, bob, vault)
    before = len(site.sent("mail"))

    async def unheard(*_: object) -> None:
        return None

    with monkeypatch.context() as patched:
        patched.setattr("homevault.agent.courier.Courier.accepted", unheard)
        await bob.send(alice, events_letter(swarm, bob.say(swarm, "hear me")))
        await until(lambda: len(site.sent("mail")) > before)
        first = site.sent("mail")[-1]
        await vault.stop()
    vault.start()
    await until(lambda: vault.count("outbox") == 0)
    again = [each.raw for each in site.sent("mail") if each.id == first.id]
    assert again == [first.raw, first.raw]


async def test_a_failing_disk_acks_nothing_and_is_tried_again(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    swarm = await opened(alice, bob, vault)
    failed = []

    def full(*_: object) -> None:
        failed.append(True)
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patched:
        patched.setattr("homevault.storage.sqlite.taken.record", full)
        envelope = await bob.send(alice, events_letter(swarm, bob.say(swarm, "later")))
        await until(lambda: len(failed) >= 2)
        assert envelope_hash(envelope) in vault.mailbox
        assert vault.count("events") == 2
    await settled(vault, envelope)
    assert vault.count("events") == 3
