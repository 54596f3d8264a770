"""The ops about syncs. See README.md beside."""

from collections.abc import Callable
from typing import Any

from homevault.protocol.certificates import verify_certificate, verify_device_list
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.sync import checkpoint as checkpoints
from homevault.protocol.sync import delivery, ranges, retry
from homevault.protocol.sync.effects import Effect, Ended, ListConflict, NewerList, Page
from homevault.protocol.sync.frames import read_frame
from homevault.protocol.sync.recent import Recent
from homevault.protocol.sync.session import Session
from tests.protocol.people import NOW
from tests.protocol.syncing import End, Seat

Input = dict[str, Any]


def _replica(given: Input) -> Replica:
    replica = Replica(MemoryEventStore(), given["swarm"])
    for signed in given["events"]:
        replica.add(signed)
    return replica


def session(given: Input) -> dict[str, Any]:
    """What one end says and does when these frames come."""
    seat = Seat(given["own"], _replica(given))
    lists = [verify_device_list(each) for each in given["lists"]]
    end = End(seat, given["peer"], lists=lists, vouch=lambda: given["checkpoint"])
    end.do(end.session.start())
    if given["asks"]:
        end.do(end.session.ask_recent())
    for frame in given["frames"]:
        end.receive(frame.encode("utf-8", "surrogatepass"))
    return {
        "sent": [frame.decode() for frame in end.log],
        "said": [_said(effect) for effect in end.said],
        "heads": list(seat.replica.heads),
    }


def flood(given: Input) -> dict[str, Any]:
    """How many of the same frame are heard until the session ends, while no batch is taken; then it is asked
    what it makes of silence."""
    seat = Seat(given["own"], _replica(given))
    lists = [verify_device_list(each) for each in given["lists"]]
    session = Session(seat.store, given["swarm"], seat.device, given["peer"], NOW, lists)
    effects = session.start()
    for frame in given["frames"]:
        effects += session.receive(frame.encode("utf-8", "surrogatepass"), NOW)
    heard = 0
    while heard < given["times"] and not session.over:
        effects += session.receive(given["flood"].encode("utf-8", "surrogatepass"), NOW)
        heard += 1
    effects += session.tick(NOW + given["silence"])
    ended = next((each for each in effects if isinstance(each, Ended)), None)
    return {"heard": heard, "end": ended and ended.end, "code": ended and ended.code}


def _said(effect: Effect) -> dict[str, Any]:
    if isinstance(effect, NewerList):
        return {"list": effect.list.account, "number": effect.list.number}
    if isinstance(effect, ListConflict):
        return {"conflict": effect.account}
    if isinstance(effect, Page):
        return {"page": len(effect.events), "next": effect.next and list(effect.next)}
    assert isinstance(effect, Ended)
    names = ("end", "code", "event", "added", "given", "late")
    return {name: getattr(effect, name) for name in names}


def _checkpoint(given: Input) -> dict[str, Any]:
    vault = verify_certificate(given["certificate"])
    found = checkpoints.verify_checkpoint(given["value"], vault, given["swarm"])
    return {"heads": list(found.heads), "count": found.count, "state": found.state}


def _confirm(given: Input) -> bool:
    vault = verify_certificate(given["certificate"])
    found = checkpoints.verify_checkpoint(given["value"], vault, given["swarm"])
    return checkpoints.confirm(found, _replica(given))


def _recent(given: Input) -> list[list[str]]:
    recent = Recent(given["swarm"], verify_certificate(given["certificate"]))
    pages = [read_frame(each.encode("utf-8", "surrogatepass"), given["swarm"]) for each in given["frames"]]
    return [
        [event.id for event in recent.take(Page(each["checkpoint"], tuple(each["events"]), None))]
        for each in pages
    ]


def _attempts(given: Input) -> list[dict[str, Any]]:
    known, found = retry.Attempts(), []
    for end, now in given["ends"]:
        known = retry.after(known, Ended(end, "peer"), now)
        found.append({"due": known.due, "unrecoverable": known.unrecoverable})
    return found


def _kind(given: Input) -> str:
    frame = read_frame(given["text"].encode("utf-8", "surrogatepass"), given["swarm"])
    return str(frame["kind"])


OPS: dict[str, dict[str, Callable[[Input], Any]]] = {
    "sync": {
        "frame": _kind,
        "session": session,
        "flood": flood,
        "fingerprint": lambda given: ranges.fingerprint(ranges.summed((0, id) for id in given["ids"])),
        "heads": lambda given: checkpoints.heads_fingerprint(given["heads"]),
        "checkpoint": _checkpoint,
        "confirm": _confirm,
        "recent": _recent,
        "attempts": _attempts,
        "delivery": lambda given: delivery.delivery(given["members"]),
    }
}
