"""What each side holds, told by the latest event of each device, and what the other one lacks by that (SPEC
10.3)."""

from collections.abc import Iterator
from heapq import merge

from homevault.protocol.errors import ProtocolError
from homevault.protocol.ports import StoredEvent
from homevault.protocol.sync.frames import VECTOR_DEVICES, Frame, write_frame
from homevault.protocol.sync.sending import at_places
from homevault.protocol.sync.source import EventSource, Place, Tip, place_of

MAX_DEVICES = 65_536
_READ_AHEAD = 1_024


class Vector:
    """What the other side tells in a round, frame by frame."""

    def __init__(self) -> None:
        self.devices: dict[str, Place] = {}
        self._frames = 0

    def take(self, frame: Frame) -> bool:
        """Whether that was the last frame. `too_many` after more devices than a vector may have, or more
        frames than they take."""
        self._frames += 1
        self.devices.update({device: (seq, id) for device, (seq, id) in frame["devices"].items()})
        if len(self.devices) > MAX_DEVICES or self._frames * VECTOR_DEVICES > MAX_DEVICES:
            raise ProtocolError("too_many", "devices")
        last: bool = frame["last"]
        return last


def vector_frames(source: EventSource, swarm: str) -> Iterator[bytes]:
    """The latest event of each device, some hundred devices a frame."""
    tips = source.tips()
    for start in range(0, max(1, len(tips)), VECTOR_DEVICES):
        devices = {tip.device: [tip.seq, tip.id] for tip in tips[start : start + VECTOR_DEVICES]}
        last = start + VECTOR_DEVICES >= len(tips)
        yield write_frame("vector", swarm, devices=devices, last=last)


def missing_runs(source: EventSource, theirs: dict[str, Place]) -> Iterator[StoredEvent] | None:
    """What a replica with this vector lacks, parents before children; None if the vector cannot tell."""
    if not theirs:
        return at_places(source, source.places())
    starts: dict[str, int] = {}
    for tip in source.tips():
        start = _start(source, tip, theirs.get(tip.device))
        if start is None:
            return None
        if start <= tip.seq:
            starts[tip.device] = start
    size = max(4, _READ_AHEAD // max(1, len(starts)))
    return merge(*(_run(source, device, seq, size) for device, seq in starts.items()), key=place_of)


def _start(source: EventSource, tip: Tip, theirs: Place | None) -> int | None:
    """The first seq of a device to send; None if the other side's events of it may be others than ours."""
    if tip.forked:
        return None
    if theirs is None:
        return 0
    seq, id = theirs
    if seq > tip.seq:
        return tip.seq + 1
    ours = tip.id if seq == tip.seq else source.run(tip.device, seq, 1)[0].id
    return seq + 1 if ours == id else None


def _run(source: EventSource, device: str, seq: int, size: int) -> Iterator[StoredEvent]:
    """Read ahead in pieces, so that nothing long is held."""
    while found := source.run(device, seq, size):
        yield from found
        seq = found[-1].seq + 1
