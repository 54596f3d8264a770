"""What `homevault search` tells, beside a running vault."""

from __future__ import annotations

from typing import Any

from homevault.agent.people import Names
from homevault.agent.show import NamedHit
from homevault.storage.sqlite.database import Database
from homevault.storage.sqlite.search import search


def find(database: Database, own: str, query: str, limit: int) -> list[NamedHit]:
    """Hits with names, the latest stored first."""
    names = Names(database, own)
    conversations: dict[str, str] = {}
    found = []
    for hit in search(database, query, limit):
        if hit.swarm not in conversations:
            conversations[hit.swarm] = names.conversation(hit.swarm)
        found.append(NamedHit(hit, conversations[hit.swarm], names.account(hit.author)))
    return found


def wire(named: NamedHit) -> dict[str, Any]:
    """For machines: `time` in ms, `marks` as [start, end) characters of `text`."""
    hit = named.hit
    return {
        "event": hit.event,
        "swarm": hit.swarm,
        "conversation": named.conversation,
        "author": named.author,
        "account": hit.author,
        "time": hit.time,
        "text": hit.text,
        "marks": [list(mark) for mark in hit.marks],
    }
