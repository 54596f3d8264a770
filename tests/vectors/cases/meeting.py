"""Two that sync: what each of them holds, and the session from both its ends."""

from typing import Any

from homevault.protocol.certificates import make_device_list, verify_device_list
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from tests.protocol.people import NOW
from tests.protocol.syncing import End, Seat, Twist, plain, run
from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE
from tests.vectors.cases.told import Told, ids, joined

HERE, THERE = ids(2)


def both(
    id: str,
    why: str,
    a: Replica,
    b: Replica,
    *,
    twist: Twist = plain,
    lists: tuple[Any, Any] = ((), ()),
    checkpoint: Any = None,
) -> list[Case]:
    """A session of two, as each of them sees it; with a checkpoint, the first asks the second for its latest
    history."""
    seats = Seat(HERE, a), Seat(THERE, b)
    held = [[event.wire for event in seat.replica.display_order()] for seat in seats]
    read = [[verify_device_list(each) for each in known] for known in lists]
    left = End(seats[0], THERE, lists=read[0])
    right = End(seats[1], HERE, lists=read[1], vouch=lambda: checkpoint)
    run(left, right, twist=twist, asks=checkpoint is not None)
    return [
        good(
            f"{id}-{side}",
            why,
            "session",
            swarm=end.seat.swarm,
            own=end.seat.device,
            peer=peer,
            events=events,
            lists=list(known),
            checkpoint=checkpoint if end is right else None,
            asks=checkpoint is not None and end is left,
            frames=[frame.decode("utf-8", "surrogatepass") for frame in end.heard],
        )
        for side, end, peer, events, known in (
            ("left", left, THERE, held[0], lists[0]),
            ("right", right, HERE, held[1], lists[1]),
        )
    ]


def apart(common: int = 2, left: int = 3, right: int = 2) -> tuple[Told, Told]:
    base = joined()
    for number in range(common):
        base.alice(f"common {number}")
    a, b = base.fork(), base.fork()
    for number in range(left):
        a.alice(f"left {number}")
    for number in range(right):
        b.bob(f"right {number}")
    return a, b


def forked(length: int) -> tuple[Told, Told]:
    """Alice's browser runs twice."""
    base = joined()
    for number in range(length):
        base.alice(f"common {number}")
    a, b = base.fork(), base.fork()
    a.alice("left")
    a.bob("answer to left")
    b.alice("right")
    b.alice("right again")
    return a, b


def empty(like: Told) -> Replica:
    return Replica(MemoryEventStore(), like.replica.swarm)


def device_list(number: int, *devices: Any) -> Any:
    return make_device_list(ALICE.key, number, [device.wire for device in devices], NOW)
