"""Events alone: form, body, place, signature."""

from typing import Any

from homevault.protocol.canonical import canonical
from homevault.protocol.encoding import b64encode
from homevault.protocol.keys import SignKey
from homevault.protocol.swarm.events import make_initial
from tests.protocol.people import NOW, SeededRandom
from tests.vectors.cases import event_bodies
from tests.vectors.cases.case import MISSING, Case, bad, flip, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.statement import broken
from tests.vectors.cases.told import Signed, Told, id_of, ids, joined

SOME_ID = b64encode(b"\x07" * 32)


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
        "largest": told.draft(
            ALICE.browser,
            ALICE.account,
            "hologram",
            body={"x": "y" * _room(told.draft(ALICE.browser, ALICE.account, "hologram", body={"x": ""}))},
        ),
        "far-reply": told.draft(ALICE.browser, ALICE.account, body={"text": "?", "reply_to": SOME_ID}),
        "sixteen-parents": told.draft(ALICE.browser, ALICE.account, parents=ids(16)),
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
        *event_bodies.bodies(),
        *_bad_places(told),
        *_bad_signatures(initial, join, text, vault),
    ]


def _malformed(text: Signed) -> list[Case]:
    some = ids(17)
    changes: list[tuple[str, str, Any, str, str]] = [
        ("no-sig", "sig", MISSING, "schema", "no signature"),
        ("short-sig", "sig", "AAAA", "encoding", "a signature too short"),
        ("extra", "more", 1, "schema", "an unknown member"),
        ("event-extra", "event.more", 1, "schema", "an unknown member"),
        ("event-kind", "event", [], "schema", "not an object"),
        ("v", "event.v", 2, "unsupported_version", "a later version"),
        ("swarm", "event.swarm", "AAAA", "encoding", "not an id"),
        ("parents-unsorted", "event.parents", some[1::-1], "schema", "parents out of order"),
        ("parents-twice", "event.parents", [some[0]] * 2, "schema", "a parent twice"),
        ("parents-many", "event.parents", some, "schema", "17 parents"),
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


def _room(empty: Signed) -> int:
    """How many bytes more an event may have."""
    return 24_576 - len(canonical(empty["event"]))


def _bad_bodies(told: Told) -> list[Case]:
    def drafted(type: str, body: Any) -> Signed:
        return told.draft(ALICE.browser, ALICE.account, type, body=body)

    room = _room(drafted("hologram", {"x": ""}))
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
        "vote": (drafted("vote", {"action": "ban"}), "schema", "members are missing"),
        "profile": (drafted("update-profile", {}), "schema", "members are missing"),
        "member-ban": (drafted("member", {"action": "ban"}), "schema", "members are missing"),
        "member-crown": (
            drafted("member", {"action": "crown"}),
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
        "newer-large": (drafted("hologram", {"x": "y" * (room + 1)}), "json_too_large", "over 24 KiB"),
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
