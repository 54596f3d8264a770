"""Syncs with peers that do not keep to the rules."""

from collections.abc import Callable
from typing import Any

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.sync.checkpoint import heads_fingerprint
from homevault.protocol.sync.frames import write_events, write_frame
from tests.protocol.syncing import Twist
from tests.vectors.cases.case import Case
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.meeting import HERE, apart, both, forked
from tests.vectors.cases.told import ids


def _replaced(kind: str, **members: Any) -> Callable[[bytes], list[bytes]]:
    """Other members in the frames of a kind."""

    def twist(frame: bytes) -> list[bytes]:
        value = parse(frame)
        return [canonical({**value, **members} if value["kind"] == kind else value)]

    return twist


def liars() -> list[Case]:
    a, b = apart()
    stranger = b.draft(EVE.browser, EVE.account)
    forged = {**b.draft(BOB.browser, BOB.account), "sig": "A" * 86}
    swarm = str(a.replica.swarm)

    def liar(id: str, why: str, twist: Twist) -> Case:
        return both(f"liar-{id}", why, a.replica, b.replica, twist=twist)[0]

    def instead(kind: str, *frames: bytes) -> Twist:
        return lambda frame: list(frames) if parse(frame)["kind"] == kind else [frame]

    def extra(signed: Any) -> Twist:
        def twist(frame: bytes) -> list[bytes]:
            value = parse(frame)
            if value["kind"] != "events":
                return [frame]
            return [write_events(swarm, [canonical(each) for each in [*value["events"], signed]])]

        return twist

    def bye(code: str | None) -> bytes:
        return write_frame("bye", swarm, code=code, event=None)

    def asking(id: str, why: str, frame: bytes, times: int) -> Case:
        """Of two that compare by ranges, one asks for ever."""
        return both(f"liar-{id}", why, one, other_one, twist=instead("want", *[frame] * times))[0]

    def ranging(id: str, why: str, *ranges: dict[str, Any]) -> Case:
        """Of two that compare by ranges, one says these."""
        said = [{"count": None, "fingerprint": None, "ids": None, **each} for each in ranges]
        return both(f"liar-{id}", why, one, other_one, twist=_replaced("ranges", ranges=said))[0]

    one, other_one = (told.replica for told in forked(2))
    wanted = write_frame("want", str(one.swarm), events=ids(2))
    unasked = write_frame("page", swarm, checkpoint=None, events=[], next=None)
    endless = write_frame("vector", swarm, devices={}, last=False)
    nobody, other = ids(1), {ALICE.browser.id: [0, HERE]}
    return [
        liar("rights", "a stranger's event spoils its batch", extra(stranger)),
        liar("forged", "so does a forged one", extra(forged)),
        liar("form", "and what is no event", extra({"event": "none"})),
        liar("count", "another count", _replaced("hello", count=2)),
        liar("fingerprint", "a fingerprint of other heads", _replaced("hello", fingerprint=HERE)),
        liar(
            "heads",
            "heads that nobody has",
            _replaced("hello", heads=nobody, count=9, fingerprint=heads_fingerprint(nobody)),
        ),
        liar("got", "acknowledged what was not sent", instead("got", write_frame("got", swarm, frames=9))),
        liar("twice", "an end twice", instead("end", *[write_frame("end", swarm, mismatch=False)] * 2)),
        liar("mismatch", "says that it cannot tell", _replaced("end", mismatch=True)),
        liar("want", "out of turn", instead("vector", write_frame("want", swarm, events=nobody))),
        liar("junk", "not JSON", instead("vector", b"{")),
        liar("refuses", "it refuses us", instead("vector", bye("refused"))),
        liar("parts", "it goes at once", instead("hello", bye(None))),
        liar("vector", "a device that wrote something else", _replaced("vector", devices=other)),
        liar("lists", "device lists in every hello", _replaced("hello", lists={HERE: [1, HERE]})),
        liar("page", "a page that nobody asked for", instead("vector", unasked)),
        liar("vectors", "a vector without an end", instead("vector", *[endless] * 257)),
        asking("wants-most", "as many questions as a round may have", wanted, 64),
        ranging(
            "ids",
            "ranges of unknown ids: after 936 the later ones are left",
            *({"to": [n, HERE], "ids": ids(1_024)[64 * n : 64 * n + 64]} for n in range(16)),
        ),
        ranging(
            "differing",
            "differing ranges: after 112 the later ones are left",
            *({"to": [n, HERE], "count": 1, "fingerprint": HERE} for n in range(128)),
        ),
        asking("wants", "one question too many", wanted, 65),
    ]
