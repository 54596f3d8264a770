"""Killed without warning in the middle of a stream of mail: nothing is lost, nothing is there twice."""

from __future__ import annotations

import asyncio

from homevault.storage.sqlite.database import open_readonly
from homevault.storage.sqlite.search import search
from tests.vault.people import Person, events_letter
from tests.vault.running import VaultProcess
from tests.vault.small_site import SmallSite, until

MESSAGES = 400
KILLS = 4


async def paired(process: VaultProcess, site: SmallSite, alice: Person) -> str:
    """Start and pair; the vault's device id."""
    await process.start("--site", site.origin)
    code = await alice.pair()
    assert await process.line("pairing code") == f"pairing code {code[:3]} {code[3:]}"
    await process.line("paired with")
    await until(lambda: site.sent("prekeys"))
    return alice.certificates[-1]["device"]


async def test_kill_nine_in_the_middle_of_mail(
    site: SmallSite, alice: Person, bob: Person, process: VaultProcess
) -> None:
    device = await paired(process, site, alice)
    swarm = alice.begin(bob)
    await alice.send(alice, events_letter(swarm))
    bob.join(swarm)
    await bob.send(alice, events_letter(swarm))
    said = [bob.say(swarm, f"message number {number}") for number in range(MESSAGES)]

    async def stream() -> None:
        for event in said:
            envelope = await bob.send(alice, events_letter(swarm, event), claim=False)
            if event.seq % 7 == 0:
                await site.put(envelope)
            await asyncio.sleep(0)

    sending = asyncio.create_task(stream())
    acked = 0
    for kill in range(KILLS):
        goal = (kill + 1) * MESSAGES // (KILLS + 2)
        await until(lambda goal=goal: sum(len(each.data["hashes"]) for each in site.sent("ack")) >= goal)
        await process.kill()
        acked = sum(len(each.data["hashes"]) for each in site.sent("ack"))
        reader = open_readonly(process.folder)
        held = reader.number("SELECT count(*) FROM taken")
        assert held + reader.number("SELECT count(*) FROM unopened") > 0
        assert reader.problems() == []
        reader.close()
        await process.start()
    await sending
    assert acked < MESSAGES
    await until(lambda: not site.mailboxes.get(device), 60)
    reader = open_readonly(process.folder)
    await until(lambda: reader.number("SELECT count(*) FROM events") == MESSAGES + 2)
    assert reader.number("SELECT count(*) FROM parked") == 0
    assert reader.number("SELECT count(*) FROM texts") == MESSAGES
    texts = {row["text"] for row in reader.all("SELECT text FROM texts")}
    assert texts == {event.body["text"] for event in said}
    assert len(search(reader, "number 399")) == 1
    assert [row["event"] for row in reader.all("SELECT event FROM heads")] == list(swarm.heads)
    reader.close()
    await until(lambda: _acked_heads(bob) == set(swarm.heads))


def _acked_heads(person: Person) -> set[str]:
    acks = [letter.fields["ack"] for _, letter in person.letters() if letter.kind == "ack"]
    return set(max(acks, key=lambda ack: ack["time"])["heads"]) if acks else set()


async def test_a_told_end_is_clean_and_the_next_start_goes_on(
    site: SmallSite, alice: Person, process: VaultProcess
) -> None:
    await paired(process, site, alice)
    assert await process.kill(15) == 0
    published = len(site.sent("prekeys"))
    await process.start("--site", site.origin)
    await until(lambda: len(site.sent("prekeys")) > published)
    assert site.sent("prekeys")[-1].data["one_time"] is None
    assert site.sent("prekeys")[-1].data["signed"] == site.sent("prekeys")[0].data["signed"]
