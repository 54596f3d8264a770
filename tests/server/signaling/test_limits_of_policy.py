"""What the site's policy keeps a device from: reaching others while it is limited, and mail nobody wants."""

from __future__ import annotations

from homevault.protocol.addresses import Address
from tests.server.signaling.conftest import Join
from tests.server.signaling.world import BOX, Relay

ELSEWHERE = Address.make("other.example", 443, "carol")


async def test_a_limited_device_reaches_nobody_and_then_everybody(relay: Relay, join: Join) -> None:
    alice, bob = await join(relay.device("limited")), await join(relay.device("bob"))
    away = alice.device.envelope(
        "typing", ELSEWHERE, {"suite": "SE1", "sealed": BOX}, to_device=bob.device.id
    )
    for word in (alice.device.typing(bob.device), alice.device.mail(bob.device), away):
        await alice.send(word)
        await alice.refused("blocked", word.id)
    laptop = await join(relay.device("limited"))
    own, near = alice.device.mail(relay.device("limited")), alice.device.typing(laptop.device)
    await alice.send(own, near)
    await alice.accepted(own)
    await laptop.receives(near)
    assert away.raw not in relay.forwarded()

    (relay.folder / "free").touch()
    word = alice.device.typing(bob.device)
    await alice.send(word)
    await bob.receives(word)


async def test_unwanted_mail_looks_delivered_and_is_not(relay: Relay, join: Join) -> None:
    unwanted, bob = await join(relay.device("unwanted")), await join(relay.device("bob"))
    mail = unwanted.device.mail(bob.device)
    await unwanted.send(mail)
    await unwanted.accepted(mail)
    await bob.nothing_before(unwanted)


async def test_what_the_policy_says_on_arrival_follows_the_welcome(relay: Relay, join: Join) -> None:
    greeted = await join(relay.device("greeted"))
    assert (await greeted.next()).data["text"] == "hello"
