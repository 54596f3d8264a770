"""Sync sessions (SPEC section 10) with a peer that does not keep to the rules."""

from typing import Any

import pytest

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.encoding import b64encode
from homevault.protocol.swarm.events import make_event
from homevault.protocol.sync.checkpoint import heads_fingerprint
from homevault.protocol.sync.effects import Ended, Take
from homevault.protocol.sync.frames import write_events, write_frame
from tests.protocol.people import NOW, Person
from tests.protocol.syncing import Seat, ends, run, sync
from tests.protocol.talking import BOB, hello_with, kinds, say, seats, talk, write_hello_of


def test_a_bad_event_ends_the_pull_and_names_who_sent_which() -> None:
    a, b = seats(talk(40))
    for number in range(90):
        say(b.replica, BOB, f"{number} " + "long " * 60)
    order = [event.wire for event in b.replica.display_order()][42:]
    spoiled = {**order[60], "sig": "A" * 86}
    id = b.replica.store.heads()[0]

    def twist(frame: bytes) -> list[bytes]:
        value = parse(frame)
        if value["kind"] == "events":
            value["events"] = [spoiled if each == order[60] else each for each in value["events"]]
        return [canonical(value)]

    left, right = ends(a, b)
    mine, theirs = run(left, right, twist=twist)
    bad = [event.id for event in b.replica.display_order()][102]
    assert mine is not None
    assert theirs == Ended("stopped", a.device, "signature", bad, given=90)
    assert (mine.end, mine.peer, mine.code, mine.event) == ("refused", b.device, "signature", bad)
    held = [event.id for event in a.replica.display_order()]
    assert len(held) == 42 + mine.added
    assert bad not in held
    assert 0 < mine.added < 60
    batches = [parse(frame)["events"] for frame in right.log if b'"kind":"events"' in frame]
    sizes = [sum(map(len, batches[:count])) for count in range(len(batches) + 1)]
    assert mine.added in sizes, "nothing of the bad batch is kept"
    clean, _ = sync(a, b)
    assert clean is not None
    assert clean.end == "equal"
    assert id in a.replica.heads


def _by_nobody(b: Seat) -> dict[str, Any]:
    eve = Person("eve")
    head = b.replica.store.get(b.replica.heads[0])
    assert head is not None
    place = {"swarm": b.swarm, "parents": [head.id], "depth": head.depth + 1, "seq": 0, "prev": None}
    body = {"text": "let me in", "reply_to": None}
    return make_event(eve.browser.key, author=eve.account, type="text", body=body, now=NOW, **place)


def test_an_event_without_rights_is_named() -> None:
    a, b = seats(talk(4))
    say(b.replica, BOB, "fine")
    bad = _by_nobody(b)

    def twist(frame: bytes) -> list[bytes]:
        if b'"kind":"events"' not in frame:
            return [frame]
        return [write_events(str(a.swarm), [canonical(each) for each in [*parse(frame)["events"], bad]])]

    before = list(a.store.places())
    mine, _ = run(*ends(a, b), twist=twist)
    assert mine is not None
    assert (mine.end, mine.code) == ("refused", "event_rights")
    assert mine.event is not None
    assert list(a.store.places()) == before


SOME_ID = b64encode(b"\x07" * 32)
JUNK: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "json_syntax"),
    "binary": (b"\xff\x00", "json_not_utf8"),
    "another-kind": (b'{"kind":"hallo","swarm":"x"}', "unknown_type"),
    "too-large": (b'{"a":"' + b"x" * 70_000 + b'"}', "json_too_large"),
    "deep": (b"[" * 40, "json_depth"),
    "no-kind": (b"{}", "schema"),
}


@pytest.mark.parametrize("name", JUNK)
def test_junk_is_refused_by_name(name: str) -> None:
    a, b = seats(talk(4))
    left, _ = ends(a, b)
    left.do(left.session.start())
    frame, code = JUNK[name]
    left.receive(frame)
    assert left.ended == Ended("refused", b.device, code)
    assert parse(left.log[-1]) == {"kind": "bye", "swarm": a.swarm, "code": code, "event": None}


def test_lies_in_the_hello_are_found_out() -> None:
    a, b = seats(talk(4))
    for changes, code in (
        ({"count": 99}, "history_mismatch"),
        ({"fingerprint": SOME_ID}, "history_mismatch"),
        ({"swarm": SOME_ID}, "refused"),
        ({"v": 2}, "unsupported_version"),
    ):
        left, _ = ends(a, b)
        left.do(left.session.start())
        left.receive(hello_with(b, **changes))
        assert left.ended == Ended("refused", b.device, code)


def test_whoever_claims_more_than_it_gives_is_left_in_the_end() -> None:
    """Heads nobody has, and every answer empty."""
    a, b = seats(talk(4))

    def twist(frame: bytes) -> list[bytes]:
        value = parse(frame)
        if value["kind"] == "hello":
            heads = [SOME_ID]
            value |= {"heads": heads, "count": 5_000, "fingerprint": heads_fingerprint(heads)}
        return [canonical(value)]

    left, right = ends(a, b)
    mine, _ = run(left, right, twist=twist)
    assert mine is not None
    assert mine.end in ("apart", "stopped")
    assert kinds(left).count("hello") < 12


def test_frames_out_of_turn_are_refused() -> None:
    swarm = talk(1).swarm
    assert swarm is not None
    for frame in (
        write_frame("vector", swarm, devices={}, last=True),
        write_frame("want", swarm, events=[SOME_ID]),
        write_frame("end", swarm, mismatch=False),
        write_frame("got", swarm, frames=1),
        write_events(swarm, [b"{}"]),
    ):
        a, b = seats(talk(1))
        left, _ = ends(a, b)
        left.do(left.session.start())
        left.receive(frame)
        assert left.ended is not None
        assert left.ended.end == "refused"


def test_a_flood_while_a_batch_is_taken_is_bounded() -> None:
    a, b = seats(talk(4))
    say(b.replica, BOB, "more")
    left, _ = ends(a, b)
    left.do(left.session.start())
    left.receive(write_hello_of(b))
    batch = write_events(str(a.swarm), [event.signed for event in b.store.latest_first(None, 1)])
    effects = left.session.receive(batch, NOW)
    assert any(isinstance(each, Take) for each in effects)
    ended: list[Any] = []
    for _ in range(100_000):
        ended = left.session.receive(batch, NOW)
        if ended:
            break
    assert isinstance(ended[-1], Ended)
    assert (ended[-1].end, ended[-1].code) == ("refused", "too_many")
