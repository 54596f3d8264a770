"""Which events to send to another replica of the same swarm (SPEC 6.6, 7.1). Thin: letters carry the
answers."""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Any

from homevault.protocol.canonical import parse
from homevault.protocol.letters import MAX_EVENTS
from homevault.protocol.ports import EventStore, StoredEvent
from homevault.protocol.swarm.control import held

BATCH_BYTES = 32_768


def events_after(store: EventStore, their_heads: Iterable[str], limit: int = 1_000) -> list[StoredEvent]:
    """What a replica with these heads lacks, parents before children, at most `limit` of the earliest.
    Heads that are not known here tell nothing and are passed over."""
    known = [head for head in their_heads if store.get(head) is not None]
    theirs: set[str] = set(known)
    queue: list[tuple[int, str]] = []
    for id in {*store.heads(), *known}:
        heappush(queue, (-held(store, id).depth, id))
    queued = {id for _, id in queue}
    lacking: list[StoredEvent] = []
    ours = sum(id not in theirs for id in queued)
    while ours:
        event = held(store, heappop(queue)[1])
        covered = event.id in theirs
        if not covered:
            ours -= 1
            lacking.append(event)
        for parent in event.parents:
            if parent not in queued:
                queued.add(parent)
                heappush(queue, (-held(store, parent).depth, parent))
                ours += not covered
            elif covered and parent not in theirs:
                ours -= 1
            if covered:
                theirs.add(parent)
    lacking.sort(key=lambda event: (event.depth, event.id))
    return lacking[:limit]


def events_by_id(store: EventStore, ids: Iterable[str]) -> list[StoredEvent]:
    """The events of a `missing` letter that are here, parents before children."""
    found = [event for id in ids if (event := store.get(id)) is not None]
    return sorted(found, key=lambda event: (event.depth, event.id))


def batches(events: Iterable[StoredEvent]) -> Iterator[list[dict[str, Any]]]:
    """The events in groups that fit into one `events` letter each, in their order."""
    batch: list[dict[str, Any]] = []
    size = 0
    for event in events:
        if batch and (len(batch) == MAX_EVENTS or size + len(event.signed) > BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(parse(event.signed))
        size += len(event.signed)
    if batch:
        yield batch
