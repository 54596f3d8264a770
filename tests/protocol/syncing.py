"""Sync sessions between replicas in memory: a wire that carries their frames, can be cut and can lie."""

from collections import deque
from collections.abc import Callable
from typing import Any

from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.sync.effects import Effect, Ended, Page, Send, Take
from homevault.protocol.sync.pull import Pull, Spoiled
from homevault.protocol.sync.session import Session
from tests.protocol.people import NOW

# Frames that a side sends instead of one of its own.
Twist = Callable[[bytes], list[bytes]]


class Seat:
    """A copy of a replica, on a device of its own. The copy is made anew after a batch was undone."""

    def __init__(self, device: str, replica: Replica) -> None:
        self.device = device
        self.swarm = replica.swarm
        self.store = MemoryEventStore()
        self.store.put_all(list(replica.store.ordered()))
        for parked in replica.store.parked():
            self.store.park(parked)
        self.undo()

    def undo(self) -> None:
        self.replica = Replica(self.store, self.swarm)


class End:
    """One end of a session: does what the session asks for and keeps what it says."""

    def __init__(self, seat: Seat, peer: str, **given: Any) -> None:
        self.seat = seat
        assert seat.swarm is not None
        self.session = Session(seat.store, seat.swarm, seat.device, peer, NOW, **given)
        self.pull = Pull(seat.replica)
        self.sent: deque[bytes] = deque()
        self.said: list[Effect] = []
        self.log: list[bytes] = []
        self.heard: list[bytes] = []
        # How many events waited for their parents after a batch, at most.
        self.waited = 0

    @property
    def ended(self) -> Ended | None:
        return next((each for each in self.said if isinstance(each, Ended)), None)

    @property
    def pages(self) -> list[Page]:
        return [each for each in self.said if isinstance(each, Page)]

    def do(self, effects: list[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Send):
                self.sent.append(effect.frame)
                self.log.append(effect.frame)
            elif isinstance(effect, Take):
                self.take(effect)
            else:
                self.said.append(effect)

    def take(self, batch: Take) -> None:
        try:
            with self.seat.store.attempt():
                result = self.pull.take(batch.events)
        except Spoiled as reason:
            self.seat.undo()
            self.do(self.session.spoiled(reason))
        else:
            self.waited = max(self.waited, len(self.seat.store.parked()))
            self.do(self.session.taken(result))

    def receive(self, frame: bytes, now: int = NOW) -> None:
        self.heard.append(frame)
        self.do(self.session.receive(frame, now))


def plain(frame: bytes) -> list[bytes]:
    return [frame]


def run(
    a: End, b: End, frames: int | None = None, twist: Twist = plain, asks: bool = False
) -> tuple[Ended | None, Ended | None]:
    """Carry frames both ways until neither end has one, or for this many; `twist` is what becomes of those of
    `b`. With `asks`, `a` asks for the latest history first."""
    a.do(a.session.start())
    b.do(b.session.start())
    if asks:
        a.do(a.session.ask_recent())
    carried = 0
    while a.sent or b.sent:
        for here, there in ((a, b), (b, a)):
            if here.sent and (frames is None or carried < frames):
                frame = here.sent.popleft()
                for each in twist(frame) if here is b else [frame]:
                    there.receive(each)
                carried += 1
        if carried == frames:
            break
    return a.ended, b.ended


def ends(a: Seat, b: Seat) -> tuple[End, End]:
    return End(a, b.device), End(b, a.device)


def sync(a: Seat, b: Seat) -> tuple[Ended | None, Ended | None]:
    return run(*ends(a, b))
