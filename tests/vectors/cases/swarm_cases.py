"""Letters, events and short histories."""

from collections.abc import Callable
from typing import Any

from homevault.protocol.canonical import canonical
from homevault.protocol.certificates import make_certificate
from homevault.protocol.encoding import b64encode
from homevault.protocol.keys import SignKey
from homevault.protocol.letters import (
    make_ack,
    make_ack_letter,
    make_declined,
    make_events,
    make_missing,
    make_request,
)
from homevault.protocol.swarm import author
from homevault.protocol.swarm.events import make_event, make_initial, read_signed_event
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from tests.protocol.people import NOW, Device, Person, SeededRandom
from tests.vectors.cases.case import MISSING, Case, bad, flip, good, put
from tests.vectors.cases.statement_cases import COMMON, broken

ALICE, BOB, EVE = Person("alice"), Person("bob"), Person("eve")
Signed = dict[str, Any]
SOME_ID = b64encode(b"\x07" * 32)


class Told:
    """A conversation being told: one replica that everybody writes into, and its events in order."""

    def __init__(self, peer: Person = BOB) -> None:
        self.replica = Replica(MemoryEventStore())
        self.events: list[Signed] = []
        random = SeededRandom("initial")
        self._take(
            author.begin(self.replica, ALICE.browser.key, ALICE.browser.wire, peer.account, NOW, random)
        )

    def _take(self, event: Any) -> Signed:
        self.events.append(event.wire)
        return dict(event.wire)

    def join(self) -> Signed:
        return self._take(author.join(self.replica, BOB.browser.key, BOB.browser.wire, NOW + 1))

    def says(self, device: Device, account: str, text: str, reply_to: str | None = None) -> Signed:
        return self._take(author.text(self.replica, device.key, account, text, NOW + 2, reply_to))

    def alice(self, text: str, reply_to: str | None = None) -> Signed:
        return self.says(ALICE.browser, ALICE.account, text, reply_to)

    def bob(self, text: str) -> Signed:
        return self.says(BOB.browser, BOB.account, text)

    def introduce(self, by: Device, account: str, certificate: Signed) -> Signed:
        return self._take(author.introduce(self.replica, by.key, account, certificate, NOW + 3))

    def take(self, signed: Signed) -> Signed:
        self.replica.add(signed)
        self.events.append(signed)
        return signed

    def fork(self) -> "Told":
        """The same history, to be continued elsewhere."""
        other = Told.__new__(Told)
        other.replica = Replica(MemoryEventStore())
        other.events = []
        for signed in self.events:
            other.take(signed)
        return other

    def draft(self, device: Device, account: str, type: str = "text", **changes: Any) -> Signed:
        """What a device could write next, with changes, not taken."""
        before = self.replica.store.latest(device.id)
        heads = [self.replica.store.get(head) for head in self.replica.heads]
        members: dict[str, Any] = {
            "swarm": self.replica.swarm,
            "parents": list(self.replica.heads),
            "depth": 1 + max(head.depth for head in heads if head),
            "author": account,
            "seq": before.seq + 1 if before else 0,
            "prev": before.id if before else None,
            "type": type,
            "body": {"text": "hello", "reply_to": None},
            "now": NOW + 4,
        }
        return make_event(device.key, **{**members, **changes})


def id_of(signed: Signed) -> str:
    return read_signed_event(signed).id


def joined() -> Told:
    told = Told()
    told.join()
    return told


def letter() -> list[Case]:
    told = joined()
    initial, join = told.events
    swarm = id_of(initial)
    browser, certificate = ALICE.browser, ALICE.browser.wire
    ack = make_ack(browser.key, ALICE.account, swarm, [id_of(join)], NOW)
    letters = {
        "request": make_request(initial, swarm, "Alice"),
        "request-titled": make_request(initial, swarm, "Alice", "Tea?", "On Sunday \u2615"),
        "events": make_events(swarm, told.events),
        "missing": make_missing(swarm, [swarm]),
        "ack": make_ack_letter(ack),
        "declined": make_declined(swarm),
        "odd-event": canonical({"kind": "events", "swarm": swarm, "events": [{"odd": 1}]}),
    }
    of_bob = make_event(
        BOB.browser.key, swarm=swarm, parents=[swarm], depth=1, author=BOB.account, seq=0, prev=None,
        type="merge", body={}, now=NOW,
    )  # fmt: skip
    request = {
        "kind": "request",
        "swarm": swarm,
        "initial": initial,
        "name": "",
        "title": None,
        "description": None,
    }
    wrong = {
        "kind": ({"kind": "poem", "swarm": swarm}, "unknown_type", "no such kind"),
        "no-kind": ({"swarm": swarm}, "schema", "no kind"),
        "kind-kind": ({"kind": 1, "swarm": swarm}, "schema", "a kind is text"),
        "no-events": ({"kind": "events", "swarm": swarm, "events": []}, "schema", "no events"),
        "many-events": ({"kind": "events", "swarm": swarm, "events": [{}] * 65}, "schema", "65 events"),
        "many-missing": ({"kind": "missing", "swarm": swarm, "events": [swarm] * 101}, "schema", "101 ids"),
        "missing-short": ({"kind": "missing", "swarm": swarm, "events": ["AAAA"]}, "encoding", "not an id"),
        "name-long": ({**request, "name": "x" * 65}, "schema", "65 characters"),
        "title-long": ({**request, "title": "x" * 129}, "schema", "129 characters"),
        "description-long": ({**request, "description": "x" * 1_025}, "schema", "1,025 characters"),
        "extra": ({**request, "more": 1}, "schema", "an unknown member"),
        "ack-form": ({"kind": "ack", "ack": {**ack, "heads": []}}, "schema", "no heads"),
        "large": ({"kind": "declined", "swarm": "x" * 40_960}, "json_too_large", "over 40,960 bytes"),
    }
    two = sorted([id_of(join), swarm], reverse=True)
    astral = canonical({**request, "name": "\U0001f3e1" * 64, "title": "\U0001f3e1" * 128})
    return [
        *(good(f"read-{id}", "a letter", "read", text=data.decode()) for id, data in letters.items()),
        good("read-astral", "characters are code points", "read", text=astral.decode()),
        *(
            bad(f"read-{id}", why, error, "read", text=canonical(value).decode())
            for id, (value, error, why) in wrong.items()
        ),
        bad("read-space", "not canonical", "json_not_canonical", "read", text='{"kind": "x"}'),
        good("request", "its initial event", "request", text=letters["request"].decode()),
        *_requests(request, of_bob),
        good("ack", "an ack", "ack", value=ack, certificate=certificate),
        *broken("ack", ack, COMMON, certificate=certificate),
        bad(
            "ack-order",
            "heads unsorted",
            "schema",
            "ack",
            value={**ack, "heads": two},
            certificate=certificate,
        ),
        bad(
            "ack-twice",
            "a head twice",
            "schema",
            "ack",
            value={**ack, "heads": two[:1] * 2},
            certificate=certificate,
        ),
        bad(
            "ack-device",
            "another device",
            "certificate_device",
            "ack",
            value=ack,
            certificate=ALICE.vault.wire,
        ),
        bad(
            "ack-account",
            "another account",
            "certificate_account",
            "ack",
            value=ack,
            certificate=BOB.browser.wire,
        ),
        bad(
            "ack-changed",
            "another head",
            "signature",
            "ack",
            value={**ack, "heads": [swarm]},
            certificate=certificate,
        ),
    ]


def _requests(request: dict[str, Any], other: Signed) -> list[Case]:
    wrong = {
        "other-swarm": ({**request, "swarm": SOME_ID}, "event_id", "the initial event of another swarm"),
        "not-initial": ({**request, "initial": other}, "event_id", "another event"),
        "forged": (put(request, "initial.event.time", 1), "signature", "a changed event"),
        "odd": ({**request, "initial": {}}, "schema", "no event"),
    }
    return [
        bad(f"request-{id}", why, error, "request", text=canonical(value).decode())
        for id, (value, error, why) in wrong.items()
    ]


def event() -> list[Case]:
    told = joined()
    initial, join = told.events
    text = told.alice("hello")
    reply = told.alice("na\u00efve \U0001f600", reply_to=id_of(text))
    vault = told.introduce(BOB.browser, BOB.account, BOB.vault.wire)
    fine = {
        "initial": initial,
        "join": join,
        "text": text,
        "reply": reply,
        "device": vault,
        "merge": told.draft(ALICE.browser, ALICE.account, "merge", body={}),
        "newer": told.draft(ALICE.browser, ALICE.account, "hologram", body={"beam": [1, {"x": None}]}),
        "long-text": told.draft(
            ALICE.browser, ALICE.account, body={"text": "\u00e9" * 8_192, "reply_to": None}
        ),
        "far-reply": told.draft(ALICE.browser, ALICE.account, body={"text": "?", "reply_to": SOME_ID}),
        "sixteen-parents": told.draft(ALICE.browser, ALICE.account, parents=_ids(16)),
    }
    for mode in (1, 2, 3):
        fine[f"mode-{mode}"] = make_initial(
            ALICE.browser.key, ALICE.browser.wire, mode, None, NOW, SeededRandom("m")
        )
    return [
        *(good(f"read-{id}", "an event", "read", value=value) for id, value in fine.items()),
        good("id", "the id of an event", "id", event=text["event"]),
        *_malformed(text),
        *_bad_bodies(told),
        *_bad_places(told),
        *_bad_signatures(initial, join, text, vault),
    ]


def _ids(count: int) -> list[str]:
    return sorted(b64encode(SeededRandom(f"id/{n}").bytes(32)) for n in range(count))


def _malformed(text: Signed) -> list[Case]:
    ids = _ids(17)
    changes: list[tuple[str, str, Any, str, str]] = [
        ("no-sig", "sig", MISSING, "schema", "no signature"),
        ("short-sig", "sig", "AAAA", "encoding", "a signature too short"),
        ("extra", "more", 1, "schema", "an unknown member"),
        ("event-extra", "event.more", 1, "schema", "an unknown member"),
        ("event-kind", "event", [], "schema", "not an object"),
        ("v", "event.v", 2, "unsupported_version", "a later version"),
        ("swarm", "event.swarm", "AAAA", "encoding", "not an id"),
        ("parents-unsorted", "event.parents", ids[1::-1], "schema", "parents out of order"),
        ("parents-twice", "event.parents", [ids[0]] * 2, "schema", "a parent twice"),
        ("parents-many", "event.parents", ids, "schema", "17 parents"),
        ("parents-short", "event.parents", ["AAAA"], "encoding", "not an id"),
        ("depth", "event.depth", -1, "schema", "no such depth"),
        ("seq", "event.seq", "0", "schema", "a seq is a number"),
        ("author", "event.author", None, "schema", "no author"),
        ("device", "event.device", "A" * 43 + "=", "encoding", "not a key"),
        ("prev", "event.prev", 7, "schema", "not an id"),
        ("type-upper", "event.type", "Text", "schema", "not a type"),
        ("type-empty", "event.type", "", "schema", "not a type"),
        ("type-long", "event.type", "t" * 33, "schema", "not a type"),
        ("body", "event.body", [], "schema", "a body is an object"),
        ("time", "event.time", None, "schema", "no time"),
    ]
    return broken("read", text, changes)


def _bad_bodies(told: Told) -> list[Case]:
    def drafted(type: str, body: Any) -> Signed:
        return told.draft(ALICE.browser, ALICE.account, type, body=body)

    random = SeededRandom("modes")
    no_peer = make_initial(ALICE.browser.key, ALICE.browser.wire, 0, None, NOW, random)
    peer = make_initial(ALICE.browser.key, ALICE.browser.wire, 1, BOB.account, NOW, random)
    mode = make_initial(ALICE.browser.key, ALICE.browser.wire, 4, None, NOW, random)
    wrong = {
        "text-empty": (drafted("text", {"text": "", "reply_to": None}), "schema", "no text"),
        "text-long": (
            drafted("text", {"text": "\u00e9" * 8_193, "reply_to": None}),
            "schema",
            "16,386 bytes",
        ),
        "text-extra": (
            drafted("text", {"text": "a", "reply_to": None, "x": 1}),
            "schema",
            "an unknown member",
        ),
        "text-reply": (drafted("text", {"text": "a", "reply_to": "AAAA"}), "encoding", "not an id"),
        "text-missing": (drafted("text", {"text": "a"}), "schema", "a member is missing"),
        "merge-full": (drafted("merge", {"x": 1}), "schema", "a merge is empty"),
        "vote": (drafted("vote", {"action": "ban"}), "unknown_control", "control of a newer version"),
        "profile": (drafted("update-profile", {}), "unknown_control", "control of a newer version"),
        "member-ban": (
            drafted("member", {"action": "ban"}),
            "unknown_control",
            "an action of a newer version",
        ),
        "member-inherited": (
            drafted("member", {"action": "constructor"}),
            "unknown_control",
            "no such action",
        ),
        "member-no-action": (drafted("member", {}), "schema", "no action"),
        "member-action-kind": (drafted("member", {"action": 1}), "schema", "an action is text"),
        "join-bare": (drafted("member", {"action": "join"}), "schema", "no certificate"),
        "device-bare": (drafted("device", {}), "schema", "no certificate"),
        "newer-large": (drafted("hologram", {"x": "y" * 24_576}), "json_too_large", "over 24 KiB"),
        "initial-peer": (no_peer, "schema", "mode 0 without peer"),
        "initial-no-peer": (peer, "schema", "mode 1 with peer"),
        "initial-mode": (mode, "unknown_mode", "no such mode"),
    }
    return [bad(f"body-{id}", why, error, "read", value=value) for id, (value, error, why) in wrong.items()]


def _bad_places(told: Told) -> list[Case]:
    def drafted(**changes: Any) -> Signed:
        return told.draft(ALICE.browser, ALICE.account, **changes)

    body = told.events[0]["event"]["body"]
    wrong = {
        "no-swarm": (drafted(swarm=None), "event_id", "only an initial event has no swarm"),
        "no-parents": (drafted(parents=[]), "event_id", "only an initial event has no parents"),
        "seq-no-prev": (drafted(prev=None), "event_id", "no prev"),
        "prev-no-seq": (drafted(seq=0), "event_id", "a prev before the first"),
        "depth-zero": (drafted(depth=0), "event_depth", "only an initial event has depth 0"),
        "initial-swarm": (
            drafted(type="initial", body=body, parents=[], prev=None, seq=0, depth=0),
            "event_id",
            "a swarm",
        ),
        "initial-parents": (
            drafted(type="initial", body=body, swarm=None, prev=None, seq=0, depth=0),
            "event_id",
            "parents",
        ),
        "initial-depth": (
            drafted(type="initial", body=body, swarm=None, parents=[], prev=None, seq=0),
            "event_depth",
            "a depth",
        ),
        "initial-seq": (
            drafted(type="initial", body=body, swarm=None, parents=[], depth=0),
            "event_depth",
            "a seq",
        ),
    }
    return [bad(f"place-{id}", why, error, "read", value=value) for id, (value, error, why) in wrong.items()]


def _bad_signatures(initial: Signed, join: Signed, text: Signed, device: Signed) -> list[Case]:
    told = joined()
    of_eve = {"action": "join", "certificate": EVE.browser.wire}
    forged = put(BOB.vault.wire, "role", "root")
    other_device = {"action": "join", "certificate": BOB.vault.wire}
    stolen = make_initial(EVE.browser.key, ALICE.browser.wire, 0, BOB.account, NOW, SeededRandom("s"))
    small = SignKey(bytes(32)).sign(b"")
    constant = b64encode((1).to_bytes(32, "little") + bytes(32))
    wrong = {
        "changed": (put(text, "event.body.text", "good bye"), "signature", "another text"),
        "sig": ({**text, "sig": flip(text["sig"])}, "signature", "another signature"),
        "sig-of-nothing": ({**text, "sig": b64encode(small)}, "signature", "a signature over nothing"),
        "other-device": (put(text, "event.device", EVE.browser.id), "signature", "another device"),
        "small-order": (
            {**put(text, "event.device", b64encode((1).to_bytes(32, "little"))), "sig": constant},
            "signature",
            "a device key of small order",
        ),
        "join-account": (
            told.draft(BOB.browser, BOB.account, "member", body=of_eve),
            "certificate_account",
            "another's certificate",
        ),
        "join-device": (
            told.draft(BOB.browser, BOB.account, "member", body=other_device),
            "certificate_device",
            "another device's certificate",
        ),
        "initial-device": (stolen, "certificate_device", "another device's certificate"),
        "device-forged": (
            told.draft(BOB.browser, BOB.account, "device", body={"certificate": forged}),
            "signature",
            "a forged certificate",
        ),
        "join-changed": (
            put(join, "event.body.certificate.role", "vault"),
            "signature",
            "a changed certificate",
        ),
        "initial-changed": (put(initial, "event.body.peer", EVE.account), "signature", "another peer"),
        "device-account": (put(device, "event.author", EVE.account), "signature", "another author"),
    }
    return [bad(f"sig-{id}", why, error, "read", value=value) for id, (value, error, why) in wrong.items()]


def _history(id: str, why: str, events: list[Signed], swarm: str | None = None) -> Case:
    return good(id, why, "history", swarm=swarm, events=events)


def replica() -> list[Case]:
    return [*_talks(), *_orders(), *_devices(), *_refusals(), *_lacking()]


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
    missing = talk.draft(ALICE.browser, ALICE.account, parents=_ids(2), depth=9)
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
    eve_device = {"certificate": EVE.browser.wire}
    alice, bob = ALICE.account, BOB.account

    def drafted(device: Device = ALICE.browser, account: str = alice, **changes: Any) -> Signed:
        return told.draft(device, account, **changes)

    other = Told()
    other_initial = make_initial(ALICE.browser.key, ALICE.browser.wire, 0, bob, NOW, SeededRandom("other"))
    group = make_initial(ALICE.browser.key, ALICE.browser.wire, 1, None, NOW, SeededRandom("group"))
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
        "stranger-certified": (drafted(type="device", body=eve_device), "a member commits a stranger"),
        "device-uncommitted": (drafted(BOB.vault, bob), "its certificate is not in the past"),
        "second-join": (drafted(BOB.vault, bob, type="member", body=join_body), "already a member"),
        "stranger-merges": (drafted(EVE.browser, EVE.account, type="merge", body={}), "a stranger"),
        "vote": (drafted(type="vote", body={}), "unknown control"),
        "forged": ({**drafted(), "sig": "A" * 86}, "no signature of the device"),
    }
    bad_waiting = told.draft(EVE.browser, EVE.account)
    return [
        *(_history(f"refused-{id}", why, [*start, signed]) for id, (signed, why) in wrong.items()),
        _history("refused-before-join", "not a member in its own past", [*start, early_join]),
        _history("refused-group", "a mode not carried yet", [group]),
        _history(
            "refused-waiting",
            "a bad event is dropped when its turn comes",
            [*start[:3], bad_waiting, start[3]],
        ),
        _history("fork", "a forked device: both stand, judged by their own past", _forked()),
        _history(
            "other-swarm-waits",
            "an event of another swarm",
            [*start[:1], drafted(swarm=SOME_ID, parents=_ids(1))],
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


FILES: dict[str, Callable[[], list[Case]]] = {"letter": letter, "event": event, "replica": replica}
