"""Short histories."""

from typing import Any

from homevault.protocol.certificates import make_certificate
from homevault.protocol.encoding import b64encode
from homevault.protocol.swarm.events import make_initial
from tests.protocol.people import NOW, Device, SeededRandom
from tests.vectors.cases.case import Case, good
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.told import Signed, Told, id_of, ids, joined

SOME_ID = b64encode(b"\x07" * 32)


def _history(id: str, why: str, events: list[Signed], swarm: str | None = None) -> Case:
    return good(id, why, "history", swarm=swarm, events=events)


def replica() -> list[Case]:
    return [*_talks(), *_orders(), *_devices(), *_refusals(), *_lacking(), _waiting()]


def _waiting() -> Case:
    """Events of which nobody knows the parents."""
    talk = joined()
    lost = [talk.draft(ALICE.browser, ALICE.account, parents=[id]) for id in ids(257)]
    return _history("limit-waiting", "256 events wait, and one more", [*talk.events, *lost])


def _talks() -> list[Case]:
    talk = joined()
    first = talk.alice("hello")
    talk.bob("hello yourself")
    talk.alice("how are you?", reply_to=id_of(first))
    alone = Told(ALICE)
    alone.alice("a note to myself")
    again = alone.draft(
        ALICE.vault, ALICE.account, "member", body={"action": "join", "certificate": ALICE.vault.wire}
    )
    early = Told()
    early.alice("are you there?")
    newer = joined()
    newer.take(newer.draft(ALICE.browser, ALICE.account, "hologram", body={"beam": 1}))
    newer.bob("what was that?")
    return [
        _history("talk", "two people talk", talk.events),
        _history("talk-named", "into a replica that knows its swarm", talk.events, talk.replica.swarm),
        _history("oneself", "a conversation with oneself; there is nobody to join", [*alone.events, again]),
        _history("before-join", "the creator may write before the other joins", early.events),
        _history("newer-content", "content of a newer version is kept", newer.events),
        _history("nothing", "no events", []),
    ]


def _orders() -> list[Case]:
    talk = joined()
    for number in range(4):
        talk.alice(f"line {number}")
    base = joined()
    left, right = base.fork(), base.fork()
    a = [left.alice("left one"), left.alice("left two")]
    b = [right.bob("right one"), right.bob("right two"), right.bob("right three")]
    for signed in b:
        left.take(signed)
    both = left.alice("together")
    merged = left.take(left.draft(BOB.browser, BOB.account, "merge", body={}))
    start = list(base.events)
    twice = [event for event in talk.events for _ in range(2)]
    missing = talk.draft(ALICE.browser, ALICE.account, parents=ids(2), depth=9)
    return [
        _history("backwards", "the last comes first", talk.events[::-1]),
        _history(
            "backwards-named", "in a replica that knows its swarm", talk.events[::-1], talk.replica.swarm
        ),
        _history("twice", "everything twice", twice),
        _history("gap", "one is missing", [*talk.events[:3], *talk.events[4:]]),
        _history("parallel", "both write at once", [*start, *a, *b]),
        _history("parallel-other", "in the other order", [*start, *b, *a]),
        _history("merged", "a later event names both", [*start, *b, *a, both, merged]),
        _history("merged-late", "the merge comes first", [*start, merged, both, *a, *b]),
        _history("unknown-parents", "parents nobody has", [*talk.events, missing]),
        _history("waiting-twice", "a waiting event twice", [talk.events[0], talk.events[2], talk.events[2]]),
    ]


def _devices() -> list[Case]:
    told = joined()
    told.introduce(ALICE.browser, ALICE.account, BOB.vault.wire)
    told.says(BOB.vault, BOB.account, "from the vault")
    itself = joined()
    itself.introduce(BOB.vault, BOB.account, BOB.vault.wire)
    itself.says(BOB.vault, BOB.account, "here I am")
    itself.introduce(BOB.vault, BOB.account, BOB.vault.wire)
    base = joined()
    left, right = base.fork(), base.fork()
    device = left.introduce(BOB.browser, BOB.account, BOB.vault.wire)
    unaware = right.draft(BOB.vault, BOB.account)
    late = left.draft(BOB.vault, BOB.account)
    stolen = make_certificate(EVE.key, ALICE.browser.id, ALICE.browser.dh.public, "root", NOW)
    foreign = base.draft(ALICE.browser, EVE.account, "text")
    claimed = base.draft(BOB.browser, BOB.account, "device", body={"certificate": stolen})
    two_joins, other_join = Told(), Told()
    two_joins.join()
    body = {"action": "join", "certificate": BOB.vault.wire}
    second = other_join.draft(BOB.vault, BOB.account, "member", body=body)
    return [
        _history("vault", "a member commits another's vault", told.events),
        _history("vault-itself", "a member's new device commits itself, also twice", itself.events),
        _history(
            "vault-too-early", "rights count in the event's own past", [*base.events, device, unaware, late]
        ),
        _history("two-joins", "both devices of the peer join at once", [*two_joins.events, second]),
        _history(
            "claimed-device",
            "a stranger's certificate for a member's device",
            [*base.events, claimed, foreign],
        ),
    ]


def _refusals() -> list[Case]:
    told = joined()
    told.alice("one")
    told.bob("two")
    start = list(told.events)
    first, join, one, two = (id_of(event) for event in start)
    join_body = {"action": "join", "certificate": BOB.vault.wire}
    eve_join = {"action": "join", "certificate": EVE.browser.wire}
    bob_device = {"certificate": BOB.vault.wire}
    eve_device = {"certificate": EVE.browser.wire}
    alice, bob = ALICE.account, BOB.account

    def drafted(device: Device = ALICE.browser, account: str = alice, **changes: Any) -> Signed:
        return told.draft(device, account, **changes)

    other = Told()
    other_initial = make_initial(ALICE.browser.key, ALICE.browser.wire, 0, bob, NOW, SeededRandom("other"))
    mode = make_initial(ALICE.browser.key, ALICE.browser.wire, 4, None, NOW, SeededRandom("group"))
    early_join = other.draft(BOB.browser, bob, parents=[first], depth=1)
    wrong = {
        "depth-high": (drafted(depth=9), "a depth too high"),
        "depth-low": (drafted(depth=2), "a depth too low"),
        "seq-gap": (drafted(seq=7), "a seq left out"),
        "seq-again": (drafted(seq=1, prev=first), "a seq that its own past has"),
        "seq-restart": (drafted(seq=0, prev=None), "a second first event"),
        "prev-unknown": (drafted(prev=SOME_ID), "a prev that is not here"),
        "prev-foreign": (drafted(prev=two), "another device's event"),
        "prev-not-past": (drafted(parents=[join], depth=2, seq=2, prev=one), "a prev beside it"),
        "swarm": (drafted(swarm=SOME_ID), "another swarm"),
        "initial": (other_initial, "another swarm's initial event"),
        "stranger": (drafted(EVE.browser, EVE.account), "a stranger"),
        "stranger-as-alice": (drafted(EVE.browser, alice), "a stranger's device for a member"),
        "stranger-joins": (drafted(EVE.browser, EVE.account, type="member", body=eve_join), "not the peer"),
        "stranger-device": (
            drafted(EVE.browser, EVE.account, type="device", body=eve_device),
            "a stranger's device",
        ),
        "stranger-commits": (
            drafted(EVE.browser, EVE.account, type="device", body=bob_device),
            "a stranger commits a member's device",
        ),
        "unknown-device-commits": (
            drafted(Device(BOB.key, "bob/new"), bob, type="device", body=bob_device),
            "a device that is not known yet commits another one",
        ),
        "stranger-certified": (drafted(type="device", body=eve_device), "a member commits a stranger"),
        "device-uncommitted": (drafted(BOB.vault, bob), "its certificate is not in the past"),
        "second-join": (drafted(BOB.vault, bob, type="member", body=join_body), "already a member"),
        "stranger-merges": (drafted(EVE.browser, EVE.account, type="merge", body={}), "a stranger"),
        "crown": (drafted(type="member", body={"action": "crown"}), "unknown control"),
        "forged": ({**drafted(), "sig": "A" * 86}, "no signature of the device"),
    }
    bad_waiting = told.draft(EVE.browser, EVE.account)
    return [
        *(_history(f"refused-{id}", why, [*start, signed]) for id, (signed, why) in wrong.items()),
        _history("refused-before-join", "not a member in its own past", [*start, early_join]),
        _history("refused-mode", "no such mode", [mode]),
        _history(
            "refused-waiting",
            "a bad event is dropped when its turn comes",
            [*start[:3], bad_waiting, start[3]],
        ),
        _history("fork", "a forked device: both stand, judged by their own past", _forked()),
        _history(
            "other-swarm-waits",
            "an event of another swarm",
            [*start[:1], drafted(swarm=SOME_ID, parents=ids(1))],
        ),
    ]


def _forked() -> list[Signed]:
    base = joined()
    left, right = base.fork(), base.fork()
    one, two = left.alice("left"), right.alice("right")
    left.take(two)
    after = left.draft(ALICE.browser, ALICE.account, seq=2, prev=id_of(one))
    back = left.draft(ALICE.browser, ALICE.account, seq=1, prev=id_of(base.events[0]))
    return [*base.events, one, two, after, back]


def _lacking() -> list[Case]:
    base = joined()
    left, right = base.fork(), base.fork()
    a = left.alice("left")
    b = right.bob("right")
    left.take(b)
    c = left.alice("together")
    everything = left.events

    def lacking(id: str, why: str, *heads: str) -> Case:
        return good(f"lacking-{id}", why, "lacking", events=everything, heads=list(heads))

    return [
        lacking("all", "who has nothing lacks all"),
        lacking("none", "who has the head lacks nothing", id_of(c)),
        lacking("one-side", "who has one side lacks the other", id_of(b)),
        lacking("other-side", "and the other way round", id_of(a)),
        lacking("both", "who has both lacks the last", id_of(a), id_of(b)),
        lacking("start", "who has the beginning", id_of(base.events[1])),
        lacking("unknown", "unknown heads tell nothing", SOME_ID, id_of(b)),
    ]
