"""Checkpoints, and pages that they vouch for."""

from typing import Any

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.keys import sign
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.sync.checkpoint import make_checkpoint
from tests.protocol.people import NOW
from tests.vectors.cases.case import Case, put
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.meeting import HERE, both
from tests.vectors.cases.told import ids, joined


def checkpoints() -> list[Case]:
    told = joined()
    told.alice("one")
    told.bob("two")
    replica, swarm = told.replica, told.replica.swarm
    vault = ALICE.vault.wire
    value = make_checkpoint(ALICE.vault.key, ALICE.account, replica, NOW)
    browser = make_checkpoint(ALICE.browser.key, ALICE.account, replica, NOW)
    later = told.fork()
    later.alice("three")
    earlier = told.events[:-1]

    def signed(**changes: Any) -> Any:
        statement = {name: member for name, member in value.items() if name != "sig"} | changes
        return sign("checkpoint", statement, ALICE.vault.key)

    lying = signed(state={**value["state"], "members": [BOB.account]})
    miscounted = signed(count=9)

    def verified(id: str, why: str, error: str | None, value: Any, certificate: Any = vault) -> Case:
        return Case(
            f"checkpoint-{id}",
            why,
            {"op": "checkpoint", "value": value, "certificate": certificate, "swarm": swarm},
            error,
        )

    def confirmed(id: str, why: str, error: str | None, value: Any, events: list[Any]) -> Case:
        given = {"value": value, "certificate": vault, "swarm": swarm, "events": events}
        return Case(f"confirm-{id}", why, {"op": "confirm", **given}, error)

    pages = [
        frame
        for case in both("pages", "", Replica(MemoryEventStore(), swarm), replica, checkpoint=value)[:1]
        for frame in case.input["frames"]
        if '"kind":"page"' in frame
    ]
    strange = put(parse(pages[0].encode()), "events.0", later.events[-1])
    unvouched = put(parse(pages[0].encode()), "checkpoint", None)
    spoiled = put(parse(pages[0].encode()), "events.0.sig", "A" * 86)

    def shown(id: str, why: str, error: str | None, *frames: Any) -> Case:
        texts = [frame if isinstance(frame, str) else canonical(frame).decode() for frame in frames]
        given = {"swarm": swarm, "certificate": vault, "frames": texts}
        return Case(f"recent-{id}", why, {"op": "recent", **given}, error)

    return [
        verified("good", "by the own vault", None, value),
        verified("browser", "a browser is no vault", "certificate_device", browser, ALICE.browser.wire),
        verified("other", "another device's", "certificate_device", browser),
        verified("account", "another account's vault", "certificate_account", value, BOB.vault.wire),
        verified("swarm", "of another swarm", "event_id", signed(swarm=HERE)),
        verified("heads", "heads that are not of its fingerprint", "history_mismatch", signed(heads=[HERE])),
        verified("first", "of one event", None, signed(count=1)),
        verified("count-none", "of no event", "schema", signed(count=0)),
        verified("mode", "no such mode", "schema", signed(state={**value["state"], "mode": 4})),
        verified("members-most", "256 members", None, signed(state={**value["state"], "members": ids(256)})),
        verified("members-many", "257", "schema", signed(state={**value["state"], "members": ids(257)})),
        verified("heads-most", "more heads than it names are not judged", None, signed(heads=ids(256))),
        verified("heads-fewer", "fewer are all", "history_mismatch", signed(heads=ids(255))),
        verified("heads-many", "257 of them", "schema", signed(heads=ids(257))),
        verified("forged", "changed afterwards", "signature", put(value, "count", 5)),
        verified("empty", "of nothing", "schema", signed(heads=[])),
        confirmed("same", "what was vouched for is here", None, value, told.events),
        confirmed("later", "and more", None, value, later.events),
        confirmed("earlier", "not all of it is here yet", None, value, earlier),
        confirmed("count", "the vault counted wrong", "history_mismatch", miscounted, told.events),
        confirmed("count-later", "also noticed later", "history_mismatch", miscounted, later.events),
        confirmed("state", "or says wrong who is there", "history_mismatch", lying, told.events),
        shown("pages", "each event is named by a later one", None, *pages),
        shown("strange", "what nothing vouched for names is passed over", None, strange),
        shown("unvouched", "no checkpoint", "refused", unvouched),
        shown("spoiled", "a bad signature", "signature", spoiled),
    ]
