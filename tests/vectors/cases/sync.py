"""Syncs: each session from both its ends."""

from collections.abc import Callable
from typing import Any

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.certificates import make_device_list, verify_device_list
from homevault.protocol.keys import sign
from homevault.protocol.swarm import acts, author
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.sync.checkpoint import heads_fingerprint, make_checkpoint
from homevault.protocol.sync.frames import write_events, write_frame
from tests.protocol.people import NOW, SeededRandom
from tests.protocol.syncing import End, Seat, Twist, plain, run
from tests.vectors.cases.case import Case, bad, good, put
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.told import Told, ids, joined

HERE, THERE = ids(2)


def sync() -> list[Case]:
    return [*_sessions(), *_late(), *_liars(), *_frames(), *_checkpoints(), *_rules()]


def both(
    id: str,
    why: str,
    a: Replica,
    b: Replica,
    *,
    twist: Twist = plain,
    lists: tuple[Any, Any] = ((), ()),
    checkpoint: Any = None,
) -> list[Case]:
    """A session of two, as each of them sees it; with a checkpoint, the first asks the second for its latest
    history."""
    seats = Seat(HERE, a), Seat(THERE, b)
    held = [[event.wire for event in seat.replica.display_order()] for seat in seats]
    read = [[verify_device_list(each) for each in known] for known in lists]
    left = End(seats[0], THERE, lists=read[0])
    right = End(seats[1], HERE, lists=read[1], vouch=lambda: checkpoint)
    run(left, right, twist=twist, asks=checkpoint is not None)
    return [
        good(
            f"{id}-{side}",
            why,
            "session",
            swarm=end.seat.swarm,
            own=end.seat.device,
            peer=peer,
            events=events,
            lists=list(known),
            checkpoint=checkpoint if end is right else None,
            asks=checkpoint is not None and end is left,
            frames=[frame.decode("utf-8", "surrogatepass") for frame in end.heard],
        )
        for side, end, peer, events, known in (
            ("left", left, THERE, held[0], lists[0]),
            ("right", right, HERE, held[1], lists[1]),
        )
    ]


def _apart(common: int = 2, left: int = 3, right: int = 2) -> tuple[Told, Told]:
    base = joined()
    for number in range(common):
        base.alice(f"common {number}")
    a, b = base.fork(), base.fork()
    for number in range(left):
        a.alice(f"left {number}")
    for number in range(right):
        b.bob(f"right {number}")
    return a, b


def _forked(length: int) -> tuple[Told, Told]:
    """Alice's browser runs twice."""
    base = joined()
    for number in range(length):
        base.alice(f"common {number}")
    a, b = base.fork(), base.fork()
    a.alice("left")
    a.bob("answer to left")
    b.alice("right")
    b.alice("right again")
    return a, b


def _empty(like: Told) -> Replica:
    return Replica(MemoryEventStore(), like.replica.swarm)


def _list(number: int, *devices: Any) -> Any:
    return make_device_list(ALICE.key, number, [device.wire for device in devices], NOW)


def _sessions() -> list[Case]:
    a, b = _apart()
    one, other = _forked(2)
    long, longer = _forked(70)
    early, late = _list(1, ALICE.browser), _list(2, ALICE.browser, ALICE.vault)
    twin = _list(1, ALICE.vault)
    vouched = make_checkpoint(ALICE.vault.key, ALICE.account, a.replica, NOW)
    return [
        *both("equal", "both hold the same", a.replica, a.fork().replica),
        *both("nothing", "neither holds anything", _empty(a), _empty(a)),
        *both("apart", "each lacks something", a.replica, b.replica),
        *both("new", "one holds nothing yet", _empty(a), a.replica),
        *both("fork", "a device wrote two histories: ids of the whole", one.replica, other.replica),
        *both("fork-long", "the same in ranges", long.replica, longer.replica),
        *both("lists", "the newer list is passed on", a.replica, b.replica, lists=([early], [late])),
        *both("lists-conflict", "two lists of one number", a.replica, a.replica, lists=([early], [twin])),
        *both("lists-unknown", "nothing for who asks for none", a.replica, a.replica, lists=([], [late])),
        *both("recent", "the vault's latest history first", _empty(a), a.replica, checkpoint=vouched),
    ]


def _late() -> list[Case]:
    """Bob wrote before he heard of his ban; Eve has confirmed it or not."""
    base = Replica(MemoryEventStore())
    acts.begin_group(base, ALICE.browser.key, ALICE.browser.wire, 2, NOW, SeededRandom("late"))
    for person in (BOB, EVE):
        acts.invite(base, ALICE.browser.key, ALICE.account, person.account, NOW)
        author.join(base, person.browser.key, person.browser.wire, NOW)
    banned, unaware, witness = (Seat(HERE, base).replica for _ in range(3))
    acts.decide(banned, ALICE.browser.key, ALICE.account, "ban", (BOB.account, None), NOW)
    for replica in (unaware, witness):
        for number in range(3):
            author.text(replica, BOB.browser.key, BOB.account, f"still here {number}", NOW)
    author.text(witness, EVE.browser.key, EVE.account, "I heard that", NOW)
    return [
        *both("late", "what a removed author wrote waits for confirmation", banned, unaware),
        *both("late-confirmed", "and comes with what confirms it", banned, witness),
    ]


def _replaced(kind: str, **members: Any) -> Callable[[bytes], list[bytes]]:
    """Other members in the frames of a kind."""

    def twist(frame: bytes) -> list[bytes]:
        value = parse(frame)
        return [canonical({**value, **members} if value["kind"] == kind else value)]

    return twist


def _liars() -> list[Case]:
    a, b = _apart()
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
    ]


def _frames() -> list[Case]:
    told = joined()
    swarm = str(told.replica.swarm)
    key = HERE
    place = [3, key]
    range_ = {"to": None, "count": 1, "fingerprint": key, "ids": None}
    members: dict[str, dict[str, Any]] = {
        "hello": {"v": 1, "heads": [], "count": 0, "fingerprint": key, "late": 0, "lists": {key: [1, key]}},
        "list": {"list": {}},
        "vector": {"devices": {key: [0, key]}, "last": True},
        "ranges": {"ranges": [{**range_, "to": place}, range_]},
        "want": {"events": [key]},
        "events": {"events": [{}]},
        "got": {"frames": 1},
        "end": {"mismatch": False},
        "recent": {"before": place, "limit": 64},
        "page": {"checkpoint": None, "events": [], "next": None},
        "bye": {"code": "event_rights", "event": key},
    }

    def text(kind: str, members: dict[str, Any]) -> str:
        return write_frame(kind, swarm, **members).decode()

    found = [
        good(f"frame-{kind}", "good form", "frame", swarm=swarm, text=text(kind, each))
        for kind, each in members.items()
    ]
    broken: dict[str, tuple[str, str, Any, str]] = {
        "hello-v": ("hello", "v", 2, "unsupported_version"),
        "hello-heads": ("hello", "heads", [key] * 2, "schema"),
        "hello-many-heads": ("hello", "heads", ids(65), "schema"),
        "hello-lists": ("hello", "lists", {key: [0, key]}, "schema"),
        "hello-late": ("hello", "late", -1, "schema"),
        "vector-pair": ("vector", "devices", {key: [1]}, "schema"),
        "vector-id": ("vector", "devices", {key: [1, "A"]}, "encoding"),
        "vector-many": ("vector", "devices", {each: [0, key] for each in ids(257)}, "schema"),
        "ranges-none": ("ranges", "ranges", [], "schema"),
        "ranges-many": ("ranges", "ranges", [range_] * 129, "schema"),
        "ranges-ids": ("ranges", "ranges", [{**range_, "ids": ids(65)}], "schema"),
        "want-none": ("want", "events", [], "schema"),
        "events-many": ("events", "events", [{}] * 65, "schema"),
        "got-zero": ("got", "frames", 0, "schema"),
        "recent-limit": ("recent", "limit", 65, "schema"),
        "bye-code": ("bye", "code", "Bad code", "schema"),
    }
    for name, (kind, member, value, code) in broken.items():
        changed = text(kind, {**members[kind], member: value})
        found.append(bad(f"frame-{name}", "bad form", code, "frame", swarm=swarm, text=changed))
    other = write_frame("end", HERE, mismatch=False).decode()
    unknown = write_frame("embrace", swarm).decode()
    spaced = write_frame("end", swarm, mismatch=False).decode().replace(":", ": ", 1)
    return [
        *found,
        bad("frame-swarm", "another swarm", "refused", "frame", swarm=swarm, text=other),
        bad("frame-unknown", "no such kind", "unknown_type", "frame", swarm=swarm, text=unknown),
        bad("frame-spelling", "not canonical", "json_not_canonical", "frame", swarm=swarm, text=spaced),
    ]


def _checkpoints() -> list[Case]:
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


def _rules() -> list[Case]:
    ends = [["unreachable", 1_000 * n] for n in range(16)]
    bad_ones = [["refused", 5], ["unreachable", 6], ["refused", 7], ["stopped", 8], ["refused", 9]]
    mended = [["refused", 5], ["refused", 6], ["apart", 7], ["refused", 8], ["equal", 9], ["unreachable", 10]]
    return [
        good("fingerprint-none", "of nothing", "fingerprint", ids=[]),
        good("fingerprint-one", "of one id", "fingerprint", ids=ids(1)),
        good("fingerprint-more", "sums of ids go past 2^256", "fingerprint", ids=["_" * 42 + "8", *ids(20)]),
        good("heads-none", "of an empty history", "heads", heads=[]),
        good("heads-two", "of two heads", "heads", heads=ids(2)),
        good("attempts-unreachable", "5 s, doubling up to 12 h", "attempts", ends=ends),
        good("attempts-invalid", "three times bad is enough", "attempts", ends=bad_ones),
        good("attempts-mended", "a good sync begins anew", "attempts", ends=mended),
        *(good(f"delivery-{n}", "how many members", "delivery", members=n) for n in (0, 2, 32, 33, 256)),
    ]
