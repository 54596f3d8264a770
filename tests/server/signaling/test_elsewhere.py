"""What comes from other sites (`signaling.relay.deliver`), whose sender the link has proved already."""

from __future__ import annotations

from collections.abc import Callable

from tests.server.signaling.conftest import Join
from tests.server.signaling.test_mailbox import reconnected, stored
from tests.server.signaling.world import Device, Relay

Make = Callable[..., Relay]
OTHER_SITE = ("other.example", 443)


def carol_of(relay: Relay) -> Device:
    return Device(relay, "carol", site=OTHER_SITE)


async def test_a_stranger_elsewhere_may_ask_once_and_mail_when_answered(anywhere: Relay, join: Join) -> None:
    bob, carol = await join(anywhere.device("bob")), carol_of(anywhere)
    letter, ask, more = (carol.mail(bob.device, type=kind) for kind in ("mail", "request", "request"))
    assert await anywhere.deliver(letter) == f"refused: {carol.address}"
    assert await anywhere.deliver(ask) == ""
    await bob.receives(ask)
    assert await anywhere.deliver(more) == f"request_pending: {carol.address}"
    answer = bob.device.mail(carol)
    await bob.send(answer)
    await bob.accepted(answer)
    assert await anywhere.deliver(letter) == ""
    await bob.receives(letter)


async def test_the_same_mail_again_does_nothing(relay: Relay, join: Join) -> None:
    bob, carol = await join(relay.device("bob")), carol_of(relay)
    ask = carol.mail(bob.device, type="request")
    before = stored(relay)
    for _ in range(2):
        assert await relay.deliver(ask) == ""
    await bob.receives(ask)
    await bob.nothing_before(await join(relay.device("alice")))
    assert stored(relay) == (before[0] + 1, before[1] + 1)


async def test_devices_that_are_not_listed_are_told_and_the_others_served(relay: Relay, join: Join) -> None:
    bob, carol = await join(relay.device("bill")), carol_of(relay)
    gone = Device(relay, "bill")
    ask = carol.mail(bob.device, gone, type="request")
    for _ in range(2):
        assert await relay.deliver(ask) == f"unlisted_device: {gone.id}"
    await bob.receives(ask)
    await bob.send(bob.device.ack(ask))
    again = await reconnected(bob, join)
    await again.nothing_before(await join(relay.device("alice")))


async def test_mail_to_nobody_or_late_is_refused(relay: Relay) -> None:
    bob, carol = relay.device("bob"), carol_of(relay)
    assert await relay.deliver(carol.mail(Device(relay, "nobody"))) == "unknown_recipient: nobody"
    assert await relay.deliver(carol.mail(bob, type="request", ttl=0, now=1)) == "expired: ttl"


async def test_live_reaches_the_device(relay: Relay, join: Join) -> None:
    bob, carol = await join(relay.device("bob")), carol_of(relay)
    word = carol.typing(bob.device)
    assert await relay.deliver(word) == ""
    await bob.receives(word)
    assert await relay.deliver(carol.typing(Device(relay, "nobody"))) == "unknown_recipient: nobody"


async def test_a_site_asks_only_so_many_for_its_people(fresh: Make) -> None:
    relay = fresh(request_burst=2, request_rate_hour=1)
    members = [relay.device(f"member{number}") for number in range(3)]
    asks = [
        Device(relay, f"c{number}", site=OTHER_SITE).mail(to, type="request")
        for number, to in enumerate(members)
    ]
    assert [await relay.deliver(ask) for ask in asks] == ["", "", "too_many: requests"]
    elsewhere = Device(relay, "dora", site=("third.example", 443))
    assert await relay.deliver(elsewhere.mail(members[2], type="request")) == ""
