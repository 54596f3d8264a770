"""Conversations for the figures of the event pipeline: a real one of a small group, and a long one that only
looks real below its control events."""

from __future__ import annotations

import random
from collections.abc import Iterator
from hashlib import sha256

import orjson

from homevault.protocol.encoding import b64encode
from homevault.protocol.ports import StoredEvent
from homevault.protocol.swarm import acts, author
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from tests.protocol.people import NOW, Device, Person, SeededRandom

PEOPLE = [Person(name) for name in ("alice", "bob", "carol", "dave")]
WRITERS: list[tuple[Person, Device]] = [(each, own) for each in PEOPLE for own in (each.browser, each.vault)]
WORDS = ["the", "lantern", "on", "the", "porch", "is", "lit", "when", "somebody", "is", "home"]
TIPS_EVERY = 64


def gathered() -> Replica:
    """A group of four accounts with two devices each, in which nothing was said yet."""
    replica = Replica(MemoryEventStore())
    alice = PEOPLE[0]
    acts.begin_group(replica, alice.browser.key, alice.browser.wire, 2, NOW, SeededRandom("talk"))
    for person in PEOPLE[1:]:
        acts.invite(replica, alice.browser.key, alice.account, person.account, NOW)
        author.join(replica, person.browser.key, person.browser.wire, NOW)
    for person in PEOPLE:
        author.introduce(replica, person.browser.key, person.account, person.vault.wire, NOW)
    return replica


def spoken(count: int) -> list[bytes]:
    """That many signed events, one after the other, by devices at random: canonical bytes of 400 to 750."""
    replica, chance = gathered(), random.Random(1)
    for number in range(count - replica.store.count()):
        person, device = chance.choice(WRITERS)
        text = " ".join(chance.choices(WORDS, k=chance.randint(1, 40)))
        author.text(replica, device.key, person.account, text, NOW + 1_000 * number)
    return [stored.signed for stored in replica.store.ordered()]


def long_history(count: int) -> Iterator[StoredEvent]:
    """A group's control events and a long line of texts upon them, whose ids and signatures are made up."""
    yield from (control := list(gathered().store.ordered()))
    before, latest = control[-1], {event.device: event for event in control}
    for number in range(count - len(control)):
        person, device = WRITERS[number % len(WRITERS)]
        tips = None
        if (before.depth + 1) % TIPS_EVERY == 0:
            tips = orjson.dumps({each.device: [each.seq, each.id] for each in latest.values()})
        own = latest.get(device.id)
        before = before._replace(
            id=b64encode(sha256(b"%d" % number).digest()),
            parents=(before.id,),
            depth=before.depth + 1,
            author=person.account,
            device=device.id,
            seq=own.seq + 1 if own else 0,
            prev=own.id if own else None,
            type="text",
            frontier=before.frontier_after,
            signed=b'{"event":{"text":"%d' % number + b"lantern " * 68 + b'"}}',
            tips=tips,
        )
        latest[device.id] = before
        yield before
