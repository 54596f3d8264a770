"""The linked vault takes what is good, once, and acks it after the commit; all else changes nothing."""

import json

from homevault.protocol.canonical import canonical
from homevault.protocol.envelope import Envelope, envelope_hash, read_envelope
from homevault.protocol.letters import make_events, make_missing, make_request
from homevault.protocol.swarm import acts, content
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.storage.sqlite.search import search
from tests.vault.people import CLOCK, RANDOM, Person, events_letter
from tests.vault.running import RunningVault
from tests.vault.small_site import SmallSite, until
from tests.vault.talking import hits, opened, outsiders_event, settled


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
