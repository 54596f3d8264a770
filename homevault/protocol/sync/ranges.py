"""Range-based set reconciliation over (depth, id) (SPEC 10.4), after Aljoscha Meyer, "Range-Based Set
Reconciliation", 2023.

Fingerprints of ranges are sums of ids, so they follow additions at once. Somebody who writes very many events
could make two ranges look alike; that only hides a difference from this method, never from the heads.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

from homevault.protocol.canonical import tag
from homevault.protocol.encoding import b64decode, b64encode
from homevault.protocol.sync.source import EventSource, Place

_BLOCK = 512
_MODULUS = 1 << 256
_BYTES = 32

# Count and sum of the ids of a range.
Summary = tuple[int, int]


def fingerprint(summary: Summary) -> str:
    """What stands on the wire for a range."""
    count, total = summary
    data = tag("sync-range") + count.to_bytes(8, "big") + total.to_bytes(_BYTES, "big")
    return b64encode(sha256(data).digest())


def summed(places: Iterable[Place]) -> Summary:
    count = total = 0
    for _, id in places:
        count += 1
        total += int.from_bytes(b64decode(id, _BYTES), "big")
    return count, total % _MODULUS


class RangeIndex:
    """Counts and sums of the ranges of one history, in blocks of some hundred events. Ranges are (after,
    upto]; None is no bound."""

    def __init__(self, source: EventSource) -> None:
        self._source = source
        # The last place of each block; ascending.
        self._ends: list[Place] = []
        self._blocks: list[Summary] = []
        self._built = False

    def refresh(self) -> None:
        """Look at the history anew if it grew unnoticed."""
        if sum(count for count, _ in self._blocks) == self._source.count():
            return
        self._ends, self._blocks, self._built = [], [], True
        places = self._source.places()
        while block := list(islice(places, _BLOCK)):
            self._ends.append(block[-1])
            self._blocks.append(summed(block))

    def note(self, place: Place) -> None:
        """This event was added."""
        if not self._built:
            return
        at = bisect_left(self._ends, place)
        if at == len(self._ends) and (not at or self._blocks[-1][0] >= _BLOCK):
            self._ends.append(place)
            self._blocks.append((0, 0))
        at = min(at, len(self._ends) - 1)
        self._ends[at] = max(self._ends[at], place)
        self._blocks[at] = _together([self._blocks[at], summed([place])])

    def summary(self, after: Place | None, upto: Place | None) -> Summary:
        first, last = self._whole(after, upto)
        if first >= last:
            return summed(self._source.places(after, upto))
        parts = self._blocks[first:last]
        if after is not None:
            parts.append(summed(self._source.places(after, self._ends[first - 1])))
        if upto is not None:
            parts.append(summed(self._source.places(self._ends[last - 1], upto)))
        return _together(parts)

    def _whole(self, after: Place | None, upto: Place | None) -> tuple[int, int]:
        """Which blocks lie in the range as a whole, but for one at its start."""
        first = 0 if after is None else bisect_left(self._ends, after) + 1
        last = len(self._ends) if upto is None else bisect_left(self._ends, upto)
        return first, last

    def places(self, after: Place | None, upto: Place | None) -> Iterator[Place]:
        return self._source.places(after, upto)

    def cuts(self, after: Place | None, upto: Place | None, pieces: int) -> list[Place | None]:
        """Where to cut a range into about equal pieces: their ends, the last is `upto`."""
        first, last = self._whole(after, upto)
        inner: Sequence[Place] = self._ends[first:last]
        if len(inner) < 2 * pieces:
            inner = list(self._source.places(after, upto))
        step = max(1, -(-len(inner) // pieces))
        return [*inner[step - 1 : -1 : step][: pieces - 1], upto]


def _together(parts: Iterable[Summary]) -> Summary:
    count = total = 0
    for each, sum_ in parts:
        count += each
        total += sum_
    return count, total % _MODULUS
