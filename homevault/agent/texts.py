"""What texts say now (SPEC 7.6) is what search finds: the core judges, SQLite keeps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.lines import show
from homevault.protocol.swarm.replica import Replica
from homevault.storage.sqlite import amendments, search
from homevault.storage.sqlite.database import Database

_AMENDING = frozenset({"edit", "delete"})


def follow(database: Database, replica: Replica, events: Sequence[SignedEvent]) -> None:
    """Make searchable what these new events say or change, inside the caller's transaction."""
    moved: dict[str, None] = {}
    for event in events:
        if event.type in _AMENDING:
            amendments.add(database, event.id, event.swarm, event.author, event.body["target"])
            moved[event.body["target"]] = None
        elif event.type == "text":
            moved[event.id] = None
    if any(event.control for event in events):
        moved.update(dict.fromkeys(_of_removed(database, replica)))
    for id in moved:
        _index(database, replica, id)


def _of_removed(database: Database, replica: Replica) -> list[str]:
    """What removed accounts amended, for that may stand no more."""
    accounts = sorted({account for account, _ in replica.state.removals.values()})
    return amendments.named_by(database, str(replica.swarm), accounts) if accounts else []


def _index(database: Database, replica: Replica, id: str) -> None:
    event = replica.get(id)
    if event is None or event.type != "text":
        return

    def naming(target: str) -> Iterable[SignedEvent]:
        found = (replica.get(each) for each in amendments.of(database, target))
        return (each for each in found if each and replica.mark(each.id) is None)

    text = show(event, "text", replica.mark(id), naming).text
    if text is None:
        search.forget_text(database, id)
    else:
        search.index_text(database, id, event.swarm, event.author, event.time, text)
