"""Walks through a swarm's DAG, asked of the store and cut off by depth."""

from collections.abc import Iterable

from homevault.protocol.ports import EventStore, StoredEvent
from homevault.protocol.swarm.control import held


def is_in_past(
    store: EventStore, wanted: StoredEvent, parents: Iterable[str], steps: int | None = None
) -> bool | None:
    """Whether `wanted` is one of the events `parents` or an ancestor of one; None if that took more than
    `steps` to find out."""
    waiting = list(parents)
    seen = set(waiting)
    if wanted.id in seen:
        return True
    while waiting:
        if steps is not None and len(seen) > steps:
            return None
        event = held(store, waiting.pop())
        if event.depth <= wanted.depth:
            continue
        if wanted.id in event.parents:
            return True
        fresh = [parent for parent in event.parents if parent not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return False


def ancestors(store: EventStore, parents: Iterable[str], lowest: int) -> set[str]:
    """`parents` and their ancestors of this depth or more: one walk for many questions."""
    waiting = list(parents)
    found = set(waiting)
    while waiting:
        event = held(store, waiting.pop())
        if event.depth > lowest:
            fresh = [parent for parent in event.parents if parent not in found]
            found.update(fresh)
            waiting.extend(fresh)
    return found
