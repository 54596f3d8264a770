"""What lies in the past of events, at a cost that does not grow with the history.

A device's events stand in each other's past (SPEC 7.1), so a past is told by each device's latest events in
it, its *tips*. They are found by walking down to events that carry the tips of their own past, which the
replica lets every so many of them do. Only about a device that wrote two histories the answer may need a walk
through everything.
"""

from collections import OrderedDict
from collections.abc import Iterable

import orjson

from homevault.protocol.ports import StoredEvent
from homevault.protocol.swarm.buffer import BufferedEventStore
from homevault.protocol.swarm.control import held
from homevault.protocol.swarm.forks import Forks
from homevault.protocol.swarm.past import is_in_past

# By device: the greatest seq, and the ids of the events of that seq (several if it forked there).
Tips = dict[str, tuple[int, frozenset[str]]]
_NEAR = 32
_SPACING = 128
_KEPT = 32


class Ancestry:
    def __init__(self, store: BufferedEventStore, forks: Forks) -> None:
        self._store = store
        self.forks = forks
        self._known: OrderedDict[tuple[str, ...], Tips] = OrderedDict()
        self._spacing = _SPACING

    def holds(self, parents: tuple[str, ...], wanted: StoredEvent) -> bool:
        """Whether `wanted`, which is stored, is one of the events `parents` or an ancestor of one."""
        if wanted.id in parents or parents == self._store.heads():
            return True
        near = is_in_past(self._store, wanted, parents, _NEAR)
        return self._by_tips(parents, wanted) if near is None else near

    def _by_tips(self, parents: tuple[str, ...], wanted: StoredEvent) -> bool:
        seq, ids = self.tips(parents).get(wanted.device, (-1, frozenset()))
        if wanted.seq >= seq:
            return wanted.id in ids
        return not self.forks.of(wanted.device) or bool(is_in_past(self._store, wanted, parents))

    def reaches(self, parents: tuple[str, ...], device: str, seq: int) -> bool:
        """Whether the device's event number `seq` or a later one, one of which is stored, lies in the past of
        these."""
        return parents == self._store.heads() or self.tips(parents).get(device, (-1,))[0] >= seq

    def tips(self, parents: tuple[str, ...]) -> Tips:
        """The tips of the past of an event with these parents."""
        known = self._known.get(parents)
        if known is None:
            known = self._walk(parents)
            if len(self._known) >= _KEPT:
                self._known.popitem(last=False)
            self._known[parents] = known
        return known

    def _walk(self, parents: tuple[str, ...]) -> Tips:
        found: Tips = {}
        waiting, seen = list(parents), set(parents)
        while waiting:
            event = held(self._store, waiting.pop())
            _raise(found, event.device, event.seq, {event.id})
            if event.tips is not None:
                for device, (seq, *ids) in orjson.loads(event.tips).items():
                    _raise(found, device, seq, ids)
                continue
            fresh = [parent for parent in event.parents if parent not in seen]
            seen.update(fresh)
            waiting.extend(fresh)
        return found

    def carried(self, depth: int, parents: tuple[str, ...]) -> bytes | None:
        """The tips that an event of this depth and with these parents carries, if it is one that does."""
        if depth % self._spacing:
            return None
        tips = self.tips(parents)
        # The more there is to carry, the seldomer: twice as far as long as it is too much for the distance.
        while 4 * len(tips) > self._spacing:
            self._spacing *= 2
        return orjson.dumps({device: [seq, *sorted(ids)] for device, (seq, ids) in tips.items()})


def _raise(tips: Tips, device: str, seq: int, ids: Iterable[str]) -> None:
    before, same = tips.get(device, (-1, frozenset[str]()))
    if seq >= before:
        tips[device] = (seq, same.union(ids) if seq == before else frozenset(ids))
