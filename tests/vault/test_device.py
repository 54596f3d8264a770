"""The linked vault takes what is good, once, and acks it after the commit; all else changes nothing."""

import json
import sqlite3

import pytest

from homevault.agent import intake
from homevault.protocol.canonical import canonical
from homevault.protocol.certificates import make_device_list
from homevault.protocol.envelope import Envelope, envelope_hash, make_envelope, read_envelope
from homevault.protocol.keys import SignKey
from homevault.protocol.letters import make_ack, make_ack_letter, make_events, make_missing, make_request
from homevault.protocol.swarm import acts, content
from homevault.protocol.swarm.events import make_event
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.storage.sqlite.search import search
from tests.vault.people import CLOCK, RANDOM, Person, events_letter
from tests.vault.running import RunningVault
from tests.vault.small_site import SmallSite, until


async def acked(vault: RunningVault, *envelopes: Envelope) -> None:
    await until(lambda: not any(envelope_hash(each) in vault.mailbox for each in envelopes))


async def settled(vault: RunningVault, *envelopes: Envelope) -> None:
    """The vault acked and judged these."""
    await acked(vault, *envelopes)
    await until(lambda: vault.count("unopened") == 0)


async def opened(alice: Person, bob: Person, vault: RunningVault) -> Replica:
    """A conversation of the two that the vault keeps: initial and join; it has met both, and owes nothing."""
    swarm = alice.begin(bob)
    await settled(vault, await alice.send(alice, events_letter(swarm)))
    bob.join(swarm)
    await bob.send(alice, events_letter(swarm))
    await until(lambda: vault.count("events") == 2 and vault.count("outbox") == 0)
    return swarm


async def test_a_conversation_is_kept_acked_and_found(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault
) -> None:
    swarm = alice.begin(bob)
    await alice.send(alice, events_letter(swarm))
    bob.join(swarm)
    bob.say(swarm, "the lamp is on")
    await bob.send(alice, events_letter(swarm))
    await until(lambda: vault.count("events") == 3)
    await until(lambda: not vault.mailbox)
    with vault.database() as reader:
        (hit,) = search(reader, "lamp")
        assert hit.author == bob.account
    await until(lambda: any(letter.kind == "ack" for _, letter in bob.letters()))
    await until(lambda: any(letter.kind == "ack" for _, letter in alice.letters()))
    ack = next(letter for _, letter in bob.letters() if letter.kind == "ack").fields["ack"]
    assert ack["device"] == vault.device
    assert ack["heads"] == list(swarm.heads)
    await until(lambda: vault.count("outbox") == 0)


async def test_every_ack_comes_after_its_commit(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault
) -> None:
    swarm = await opened(alice, bob, vault)
    expected: dict[str, str] = {}
    seen: list[int] = []

    def watch(envelope: Envelope) -> None:
        if envelope.type == "ack":
            with vault.database() as reader:
                for hash_ in envelope.data["hashes"]:
                    held = reader.number("SELECT count(*) FROM events WHERE id = ?", (expected[hash_],))
                    seen.append(held)

    site.watch = watch
    for number in range(50):
        event = bob.say(swarm, f"message {number}")
        envelope = bob.mail(alice, events_letter(swarm, event), claim=False)
        expected[envelope_hash(envelope)] = event.id
        await site.put(envelope)
    await until(lambda: len(seen) == 50)
    assert seen == [1] * 50


async def test_replayed_mail_has_no_second_effect_and_is_acked_again(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault
) -> None:
    swarm = await opened(alice, bob, vault)
    envelope = await bob.send(alice, events_letter(swarm, bob.say(swarm, "once")))
    await settled(vault, envelope)
    for _ in range(3):
        await site.put(envelope)
        await settled(vault, envelope)
    await vault.stop()
    await site.put(envelope)
    vault.start()
    await settled(vault, envelope)
    assert vault.count("events") == 3
    assert vault.count("texts") == 1
    with vault.database() as reader:
        rows = reader.all("SELECT id FROM taken WHERE id = ?", (envelope.id,))
    assert len(rows) == 1


async def test_a_used_one_time_prekey_is_erased(alice: Person, bob: Person, vault: RunningVault) -> None:
    swarm = await opened(alice, bob, vault)
    envelope = bob.mail(alice, events_letter(swarm, bob.say(swarm, "sealed")))
    used = envelope.data["wraps"][vault.device]["one_time"]
    assert used is not None

    def held() -> int:
        with vault.database() as reader:
            return reader.number("SELECT count(*) FROM prekeys WHERE public = ?", (used,))

    assert held() == 1
    await vault.site.put(envelope)
    await settled(vault, envelope)
    assert held() == 0


async def test_one_bad_event_undoes_its_whole_letter(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault
) -> None:
    swarm = await opened(alice, bob, vault)
    intruding = outsiders_event(Person(site, "mallory"), swarm)
    good, second = bob.say(swarm, "good"), bob.say(swarm, "forged later")
    forged = json.loads(canonical(second.wire))
    forged["event"]["body"]["text"] = "never said"
    for bad in (forged, intruding):
        letter = make_events(str(swarm.swarm), [good.wire, bad])
        await settled(vault, await bob.send(alice, letter))
        assert (vault.count("events"), vault.count("texts"), vault.count("outbox")) == (2, 0, 0)
    await settled(vault, await bob.send(alice, events_letter(swarm, good, second)))
    assert vault.count("events") == 4


async def test_events_by_an_outsider_are_refused(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault
) -> None:
    swarm = await opened(alice, bob, vault)
    mallory = Person(site, "mallory")
    intruding = outsiders_event(mallory, swarm)
    for sender in (mallory, bob):
        await settled(vault, await sender.send(alice, make_events(str(swarm.swarm), [intruding])))
    assert vault.count("events") == 2
    assert vault.count("parked") == 0


async def test_who_is_invited_joins_by_mail(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault
) -> None:
    """A stranger to the group does not; nor the invited one by anything but joining."""
    swarm = Replica(MemoryEventStore())
    acts.begin_group(swarm, alice.browser.sign, alice.browser.certificate, 2, CLOCK.now(), RANDOM)
    acts.invite(swarm, alice.browser.sign, alice.account, bob.account, CLOCK.now())
    await settled(vault, await alice.send(alice, events_letter(swarm)))
    early = outsiders_event(bob, swarm)
    mallory = Person(site, "mallory")
    for sender in (mallory, bob):
        await settled(vault, await sender.send(alice, make_events(str(swarm.swarm), [early])))
    assert vault.count("events") == 2
    bob.join(swarm)
    bob.say(swarm, "here I am")
    await settled(vault, await bob.send(alice, events_letter(swarm)))
    assert hits(vault, "here I am") == ["here I am"]


def hits(vault: RunningVault, query: str) -> list[str]:
    with vault.database() as reader:
        return [hit.text for hit in search(reader, query)]


def outsiders_event(person: Person, swarm: Replica) -> dict[str, object]:
    """A well-formed, well-signed text on the swarm's heads by somebody who is no member."""
    heads = list(swarm.heads)
    depth = 1 + max(swarm.store.get(head).depth for head in heads)
    return make_event(
        person.browser.sign,
        swarm=str(swarm.swarm),
        parents=heads,
        depth=depth,
        author=person.account,
        seq=0,
        prev=None,
        type="text",
        body={"text": "let me in", "reply_to": None},
        now=CLOCK.now(),
    )


async def test_a_new_swarm_is_taken_only_from_the_own_account(
    alice: Person, bob: Person, vault: RunningVault
) -> None:
    theirs = bob.begin(alice)
    initial = next(theirs.display_order())
    request = make_request(initial.wire, initial.id, "Bob")
    await settled(vault, await bob.send(alice, request, type="request"))
    await settled(vault, await bob.send(alice, events_letter(theirs)))
    await settled(vault, await alice.send(alice, request))
    assert vault.count("swarms") == 0
    alice.join(theirs)
    await settled(vault, await alice.send(alice, events_letter(theirs)))
    assert vault.count("events") == 2


async def test_mail_that_is_not_from_who_it_says_changes_nothing(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault
) -> None:
    swarm = await opened(alice, bob, vault)
    letter = events_letter(swarm, bob.say(swarm, "hello"))
    honest = bob.mail(alice, letter)
    stranger = Person(site, "stranger")
    unlisted = bob.mail(alice, letter, browser=stranger.browser)
    bob.browser.dh, kept = stranger.browser.dh, bob.browser.dh
    wrong_key = bob.mail(alice, letter)
    bob.browser.dh = kept
    broken = json.loads(honest.raw)
    broken["data"]["time"] += 1
    tampered = read_envelope(canonical(broken))
    expired = bob.mail(alice, letter, ttl=0)
    for bad in (unlisted, wrong_key, tampered, expired):
        await site.put(bad)
        await settled(vault, bad)
    assert vault.count("events") == 2
    await site.put(honest)
    await settled(vault, honest)
    assert vault.count("events") == 3


async def test_an_orphan_waits_asks_and_is_completed(alice: Person, bob: Person, vault: RunningVault) -> None:
    swarm = await opened(alice, bob, vault)
    lost, late = bob.say(swarm, "lost on the way"), bob.say(swarm, "after it")
    await settled(vault, await bob.send(alice, events_letter(swarm, late)))
    assert (vault.count("events"), vault.count("parked")) == (2, 1)
    await until(lambda: any(letter.kind == "missing" for _, letter in bob.letters()))
    question = next(letter for _, letter in bob.letters() if letter.kind == "missing")
    assert question.fields["events"] == [lost.id]
    await vault.stop()
    vault.start()
    await settled(vault, await bob.send(alice, events_letter(swarm, lost)))
    assert (vault.count("events"), vault.count("parked")) == (4, 0)
    assert vault.count("texts") == 2


async def test_missing_is_answered_to_members_only(
    site: SmallSite, alice: Person, bob: Person, vault: RunningVault
) -> None:
    swarm = await opened(alice, bob, vault)
    said = [bob.say(swarm, f"number {number} " + "x" * 900) for number in range(80)]
    for start in range(0, 80, 20):
        await settled(vault, await bob.send(alice, events_letter(swarm, *said[start : start + 20])))
    mallory = Person(site, "mallory")
    question = make_missing(str(swarm.swarm), [event.id for event in said] + [mallory.account])
    await settled(vault, await mallory.send(alice, question), await bob.send(alice, question))

    def answered() -> list[str]:
        letters = [letter for _, letter in bob.letters() if letter.kind == "events"]
        return [wire["event"]["body"]["text"] for letter in letters for wire in letter.fields["events"]]

    await until(lambda: len(answered()) == 80)
    assert answered() == [event.body["text"] for event in said]
    assert mallory.letters() == []


async def test_an_own_device_is_told_where_the_other_one_lives(
    alice: Person, bob: Person, vault: RunningVault
) -> None:
    swarm = await opened(alice, bob, vault)
    said = bob.say(swarm, "hello")
    await settled(vault, await bob.send(alice, events_letter(swarm, said)))
    question = make_missing(str(swarm.swarm), [said.id])
    await settled(vault, await alice.send(alice, question), await bob.send(alice, question))

    def told(person: Person) -> list[tuple[object, object]]:
        letters = [letter for _, letter in person.letters() if letter.kind == "whereabouts"]
        return [(letter.fields["account"], letter.fields["address"]) for letter in letters]

    await until(lambda: any(letter.kind == "events" for _, letter in bob.letters()) and told(alice))
    assert told(alice) == [(bob.account, bob.address.wire())]
    assert told(bob) == []


async def test_search_finds_what_texts_say_now(alice: Person, bob: Person, vault: RunningVault) -> None:
    """An edit replaces, a deletion takes away, and what comes again changes nothing."""
    swarm = await opened(alice, bob, vault)
    key, account = bob.browser.sign, bob.account
    said, gone = bob.say(swarm, "the old lantern"), bob.say(swarm, "a secret")
    edit = content.edit(swarm, key, account, said.id, "the new lamp", CLOCK.now())
    deletion = content.delete(swarm, key, account, gone.id, CLOCK.now())
    await settled(vault, await bob.send(alice, events_letter(swarm, said, gone)))
    assert hits(vault, "lantern") == ["the old lantern"]
    await settled(vault, await bob.send(alice, events_letter(swarm, edit, deletion)))
    assert hits(vault, "lantern") == hits(vault, "secret") == []
    assert hits(vault, "lamp") == ["the new lamp"]
    await settled(vault, await bob.send(alice, events_letter(swarm, said, gone, edit)))
    assert hits(vault, "lamp") == ["the new lamp"]
    assert hits(vault, "secret") == []


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
