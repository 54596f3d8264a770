"""The ops about what a conversation holds and how it lives. See README.md beside."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm import files
from homevault.protocol.swarm.announce import Known, heed, may_be_invited, may_fetch, taken_back
from homevault.protocol.swarm.calls import Calls, host_of
from homevault.protocol.swarm.displayed import Displayed, catch_up, tell
from homevault.protocol.swarm.life import Deed, Life
from homevault.protocol.swarm.lines import Line
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.preferences import Preferences
from homevault.protocol.swarm.presence import Callers, Company
from homevault.protocol.swarm.replica import Added, Replica
from homevault.protocol.swarm.requests import Request, Requests
from homevault.protocol.swarm.typers import Typers, Typist
from homevault.protocol.swarm.view import View

Input = dict[str, Any]


def _sum(given: Input) -> dict[str, Any]:
    chunks = [bytes.fromhex(each) for each in given["chunks_hex"]]
    sum = files.sha3sum(chunks)
    return {"sum": sum, "whole": files.is_whole(given["body"], len(b"".join(chunks)), sum)}


def _held(given: Input) -> Replica:
    """What an empty replica has after these events; `event_unknown_parent` if that is nothing."""
    replica = Replica(MemoryEventStore())
    for signed in given["events"]:
        replica.add(signed)
    if not replica.heads:
        raise ProtocolError("event_unknown_parent")
    return replica


def _calls(given: Input) -> dict[str, Any]:
    replica = Replica(MemoryEventStore())
    for signed in given["events"]:
        replica.add(signed)
    if not replica.heads:
        return {"calls": [], "running": None, "host": None}
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


def _displayed(given: Input) -> list[dict[str, Any]]:
    """After each step: an event told of, or one that came (`places` has it from then on)."""
    known, here = Displayed(), dict[str, tuple[int, str]]()
    found = []
    for step in given["steps"]:
        if "comes" in step:
            here[step["comes"]] = (step["depth"], step["comes"])
            known = catch_up(known, here.get)
        else:
            known = tell(known, step["told"], here.get)
        found.append({"event": known.event, "kept": list(known.kept)})
    return found


def _preferences(given: Input) -> dict[str, Any]:
    """Devices that write and tell each other; what each step tells or changes, and how all end."""
    devices = {name: Preferences() for name in given["devices"]}
    found: list[Any] = []
    for step in given["steps"]:
        own = devices[step["by"]]
        if "write" in step:
            found.append(own.write(step["by"], **step["write"]))
        else:
            found.append(sorted(own.merge(devices[step["hears"]].entries)))
    return {"steps": found, "values": {name: own.values for name, own in devices.items()}}


def _typing(given: Input) -> list[Any]:
    typist, typers = Typist(), Typers()
    found: list[Any] = []
    for step in given["steps"]:
        match step["op"]:
            case "typed":
                found.append(typist.typed(step["now"]))
            case "stopped":
                found.append(typist.stopped(step["now"]))
            case "heard":
                typers.heard(step["account"], step["device"], step["typing"], step["now"])
                found.append(typers.accounts(step["now"]))
            case "said":
                typers.said(step["account"], step["device"])
                found.append(typers.accounts(step["now"]))
            case "drop":
                typers.drop(step["account"])
                found.append(typers.accounts(step["now"]))
            case _:
                found.append(typers.accounts(step["now"]))
    return found


def _presence(given: Input) -> list[Any]:
    """After each step who is here, or whether the device that asks is answered."""
    callers, company = Callers(), Company()
    found: list[Any] = []
    for step in given["steps"]:
        if step["op"] == "asks":
            found.append(callers.asks(step["device"], step["now"]))
            continue
        if step["op"] == "heard":
            company.heard(step["account"], step["device"], step["here"], step["said"], step["now"])
        found.append(company.accounts(step["now"]))
    return found


def _requests(given: Input) -> list[Any]:
    """One device after each step; see README.md."""
    held = Requests(given["account"])
    return [_dealing(held, step) for step in given["steps"]]


def _dealing(held: Requests, step: Input) -> Any:
    match step["op"]:
        case "receive":
            return held.receive(Request(**step["request"]))
        case "accept" | "decline" as op:
            try:
                return getattr(held, op)(step["swarm"]).wire()
            except ProtocolError as error:
                return {"error": error.code}
        case "heard-declined":
            held.heard_declined(step["swarm"], step["invite"])
        case "withdrawn":
            held.withdrawn(step["swarm"], step["invite"], step["sender"])
        case "opened":
            held.opened(step["swarm"])
        case "closed":
            return held.closed(step["swarm"])
        case "asked":
            held.asked(step["swarm"], step["whom"], step["now"])
        case "wanted":
            held.wanted(step["swarm"], step["whom"])
        case "returned":
            return held.returned(step["account"], step["now"])
        case "put":
            return held.put(step["account"], step["standing"], step["device"])
        case "merge":
            return sorted(held.merge(step["entries"]))
    return {"pending": [request.id for request in held.pending], "contacts": held.contacts}


def _life(given: Input) -> list[Any]:
    """Where a conversation is after each step, and what is to be done."""
    life = Life(given["stage"])
    found = []
    for step in given["steps"]:
        life, deeds = _turn(life, step)
        found.append({"stage": life.stage, "leave": life.leave, "deeds": deeds})
    return found


def _turn(life: Life, step: Input) -> tuple[Life, list[Deed]]:
    match step["op"]:
        case "remove":
            return life.remove(step["others"])
        case "left":
            return life.left(step["event"]), []
        case "held-by":
            return life.held_by(step["device"], step["own"], step["covered"])
        case "told-erased":
            return life.told_erased()
        case "found":
            return life, life.found()
        case op:
            return getattr(life, op.replace("-", "_"))(), []


def _announce(given: Input) -> dict[str, Any]:
    step, pass_on = heed(Known(**given["facts"]))
    return {"step": step, "pass_on": pass_on}


def _wanted(given: Input) -> list[bool]:
    replica = _held(given)
    return [may_be_invited(replica.state, account) for account in given["accounts"]]


def _fetch(given: Input) -> list[bool]:
    replica = _held(given)
    return [may_fetch(replica.state, given["own"], account) for account in given["accounts"]]


def _taken_back(given: Input) -> list[str]:
    replica = _held(given)
    before = replica.state
    for signed in given["then"]:
        replica.add(signed)
    return taken_back(before, replica.state)


OPS: dict[str, dict[str, Callable[[Input], Any]]] = {
    "content": {"sum": _sum, "calls": _calls, "lines": lines},
    "dealings": {
        "requests": _requests,
        "life": _life,
        "announce": _announce,
        "wanted": _wanted,
        "fetch": _fetch,
        "taken-back": _taken_back,
    },
    "beside": {
        "displayed": _displayed,
        "preferences": _preferences,
        "typing": _typing,
        "presence": _presence,
    },
}
