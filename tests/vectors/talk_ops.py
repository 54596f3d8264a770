"""The ops about what a conversation holds and how it lives. See README.md beside."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from homevault.protocol.swarm import files
from homevault.protocol.swarm.calls import Calls, host_of
from homevault.protocol.swarm.lines import Line
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Added, Replica
from homevault.protocol.swarm.view import View

Input = dict[str, Any]


def _sum(given: Input) -> dict[str, Any]:
    chunks = [bytes.fromhex(each) for each in given["chunks_hex"]]
    sum = files.sha3sum(chunks)
    return {"sum": sum, "whole": files.is_whole(given["body"], len(b"".join(chunks)), sum)}


def _calls(given: Input) -> dict[str, Any]:
    replica = Replica(MemoryEventStore())
    for signed in given["events"]:
        replica.add(signed)
    calls = Calls(replica.display_order())
    running = calls.running(replica.state, replica.mark)
    host = host_of(given["hosts"], replica.state)
    return {
        "calls": [asdict(call) for call in calls.all(replica.state, replica.mark)],
        "running": running and running.id,
        "host": host and "/".join(host),
    }


def lines(given: Input) -> list[dict[str, Any]]:
    """What is shown of events given in this order; the view follows each."""
    replica = Replica(MemoryEventStore())
    view = View(replica)
    for signed in given["events"]:
        outcome = replica.add(signed)
        if isinstance(outcome, Added):
            view.take(outcome.events)
    return [_line(line) for line in view.lines()]


def _line(line: Line) -> dict[str, Any]:
    reactions = [{**asdict(each), "events": list(each.events)} for each in line.reactions]
    return {
        "event": line.event.id,
        "look": line.look,
        "text": line.text,
        "edit": line.edit,
        "deleted": line.deleted,
        "reactions": reactions,
        "mark": line.mark,
    }


OPS: dict[str, dict[str, Callable[[Input], Any]]] = {
    "content": {"sum": _sum, "calls": _calls, "lines": lines},
}
