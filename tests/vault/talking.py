"""A linked vault in the middle of conversations, for its tests."""

from homevault.protocol.envelope import Envelope, envelope_hash
from homevault.protocol.swarm.events import make_event
from homevault.protocol.swarm.replica import Replica
from homevault.storage.sqlite.search import search
from tests.vault.people import CLOCK, Person, events_letter
from tests.vault.running import RunningVault
from tests.vault.small_site import until


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
