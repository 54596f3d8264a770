"""Sync sessions (SPEC section 10) between replicas in memory."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.certificates import make_device_list, verify_device_list
from homevault.protocol.encoding import b64encode
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import sign
from homevault.protocol.swarm import acts, author
from homevault.protocol.swarm.events import make_event
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import MAX_PARKED, Replica
from homevault.protocol.sync import session as sessions
from homevault.protocol.sync.checkpoint import confirm, heads_fingerprint, make_checkpoint, verify_checkpoint
from homevault.protocol.sync.effects import Ended, ListConflict, NewerList, Send, Take
from homevault.protocol.sync.frames import BATCH_BYTES, read_frame, write_events, write_frame
from homevault.protocol.sync.recent import Recent
from homevault.protocol.sync.sending import WINDOW_EVENTS
from homevault.protocol.sync.source import Place
from tests.protocol.people import NOW, Device, Person, SeededRandom
from tests.protocol.syncing import End, Seat, ends, run, sync

ALICE, BOB, CAROL = Person("alice"), Person("bob"), Person("carol")


def talk(lines: int = 0) -> Replica:
    """Alice and Bob in a conversation of some lines."""
    replica = Replica(MemoryEventStore())
    author.begin(replica, ALICE.browser.key, ALICE.browser.wire, BOB.account, NOW, SeededRandom("talk"))
    author.join(replica, BOB.browser.key, BOB.browser.wire, NOW)
    for number in range(lines):
        say(replica, (ALICE, BOB)[number % 2], str(number))
    return replica


def say(replica: Replica, person: Person, text: str) -> str:
    return author.text(replica, person.browser.key, person.account, text, NOW).id


def seats(replica: Replica) -> tuple[Seat, Seat]:
    return Seat(ALICE.browser.id, replica), Seat(BOB.browser.id, replica)


def empty(device: Device, like: Seat) -> Seat:
    return Seat(device.id, Replica(MemoryEventStore(), like.swarm))


def kinds(end: End) -> list[str]:
    assert end.seat.swarm is not None
    return [read_frame(frame, end.seat.swarm)["kind"] for frame in end.log]


def same(a: Seat, b: Seat) -> bool:
    return list(a.store.places()) == list(b.store.places()) and a.replica.heads == b.replica.heads


def forked() -> tuple[Seat, Seat]:
    """Alice's browser ran twice: each of two replicas has its own continuation and Bob's answers to it."""
    a, b = seats(talk(4))
    for seat, line in ((a, "one"), (b, "other")):
        for number in range(20):
            say(seat.replica, ALICE, f"{line} {number}")
            say(seat.replica, BOB, f"answer to {line} {number}") if seat is a else None
    return a, b


# Ends


def test_equal_histories_say_so_and_part() -> None:
    a, b = seats(talk(3))
    left, right = ends(a, b)
    run(left, right)
    assert kinds(left) == kinds(right) == ["hello", "bye"]
    assert [each.ended and each.ended.end for each in (left, right)] == ["equal", "equal"]


def test_both_get_what_they_lack_in_one_round() -> None:
    a, b = seats(talk(3))
    for number in range(10):
        say(a.replica, ALICE, f"a {number}")
        say(b.replica, BOB, f"b {number}")
    left, right = ends(a, b)
    mine, theirs = run(left, right)
    assert mine == Ended("equal", b.device, added=10, given=10)
    assert theirs == Ended("equal", a.device, added=10, given=10)
    assert same(a, b)
    assert kinds(left).count("hello") == 2


def test_a_new_device_gets_everything_in_batches_within_the_window() -> None:
    a, _ = seats(talk(2_100))
    b = empty(BOB.vault, a)
    left, right = ends(a, b)
    mine, theirs = run(left, right)
    assert mine is not None
    assert mine.given == 2_102
    assert theirs == Ended("equal", a.device, added=2_102)
    assert same(a, b)
    assert all(len(frame) <= BATCH_BYTES + 500 for frame in left.log)
    left, _ = ends(a, empty(BOB.vault, a))
    hello = End(b, a.device).session.start()
    left.do(left.session.start())
    vector = write_frame("vector", str(a.swarm), devices={}, last=True)
    assert isinstance(hello[0], Send)
    left.receive(write_hello_of(empty(BOB.vault, a)))
    left.receive(vector)
    sent = sum(len(parse(frame)["events"]) for frame in left.log if b'"kind":"events"' in frame)
    assert 0 < sent <= WINDOW_EVENTS


def write_hello_of(seat: Seat) -> bytes:
    effects = End(seat, "A" * 43).session.start()
    assert isinstance(effects[0], Send)
    return effects[0].frame


def test_a_fork_is_found_and_both_sides_of_it_stand_everywhere() -> None:
    a, b = forked()
    left, right = ends(a, b)
    mine, theirs = run(left, right)
    assert mine == Ended("equal", b.device, added=20, given=40)
    assert theirs == Ended("equal", a.device, added=40, given=20)
    assert same(a, b)
    assert "ranges" in kinds(left) + kinds(right)


def test_ranges_over_a_long_history_carry_little() -> None:
    a, b = seats(talk(3_000))
    extra = author.text(b.replica, ALICE.browser.key, ALICE.account, "fork", NOW)
    say(a.replica, ALICE, "the other fork")
    left, right = ends(a, b)
    mine, _ = run(left, right)
    assert mine is not None
    assert (mine.end, mine.added, mine.given) == ("equal", 1, 1)
    assert a.replica.get(extra.id) is not None
    assert sum(len(frame) for frame in left.log + right.log) < 40_000


def test_ids_alone_help_where_fingerprints_lie(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if somebody had made two ranges look alike: every fingerprint is the same."""
    a, b = forked()
    monkeypatch.setattr("homevault.protocol.sync.reconcile.fingerprint", lambda summary: "A" * 43)
    monkeypatch.setattr("homevault.protocol.sync.ranges.RangeIndex.summary", lambda *_: (100, 0))
    mine, theirs = sync(a, b)
    assert mine is not None
    assert theirs is not None
    assert mine.end == theirs.end == "equal"
    assert same(a, b)


@pytest.mark.parametrize("swapped", [False, True])
def test_many_differences_take_several_rounds(*, swapped: bool) -> None:
    """And nothing is pushed before what it stands on, however much has to be left for the next round."""
    a, b = seats(talk(2))[:: -1 if swapped else 1]
    for number in range(1_200):
        say(a.replica, ALICE, f"one {number}")
        say(a.replica, BOB, f"an answer to that {number}")
    for number in range(700):
        say(b.replica, ALICE, f"other {number}")
    left, right = ends(a, b)
    mine, theirs = run(left, right)
    assert mine == Ended("equal", b.device, added=700, given=2_400)
    assert theirs == Ended("equal", a.device, added=2_400, given=700)
    assert same(a, b)
    assert left.waited == right.waited == 0
    assert 2 < kinds(left).count("hello") < 20


def test_writing_goes_on_beside_a_silent_peer() -> None:
    a, b = seats(talk(3))
    say(b.replica, BOB, "more")
    left, _ = ends(a, b)
    left.do(left.session.start())
    left.receive(write_hello_of(b))
    said = say(a.replica, ALICE, "nobody holds me up")
    assert a.replica.heads == (said,)
    left.do(left.session.tick(NOW + sessions.SILENCE - 1))
    assert left.ended is None
    left.do(left.session.tick(NOW + sessions.SILENCE))
    assert left.ended == Ended("unreachable", b.device)
    left.receive(write_frame("bye", str(a.swarm), code=None, event=None))
    assert len(left.said) == 1


def test_what_is_written_meanwhile_arrives_too() -> None:
    a, b = seats(talk(3))
    say(b.replica, BOB, "before")
    left, right = ends(a, b)
    run(left, right, frames=3)
    say(a.replica, ALICE, "during")
    carry(left, right)
    assert left.ended is not None
    assert left.ended.end == "equal"
    assert same(a, b)


@pytest.mark.parametrize("make", [lambda: seats(talk(80)), forked], ids=["runs", "fork"])
def test_a_cut_at_any_frame_loses_nothing(make: Callable[[], tuple[Seat, Seat]]) -> None:
    whole = None
    for frames in range(1, 200):
        a, b = make()
        if not a.store.tips()[0].forked:
            say(a.replica, ALICE, "a")
            say(b.replica, BOB, "b")
        left, right = ends(a, b)
        run(left, right, frames=frames)
        for seat in (a, b):
            assert list(Replica(seat.store).display_order()) == list(seat.replica.display_order())
        done = left.ended and right.ended
        mine, _ = sync(a, b)
        assert mine is not None
        assert mine.end == "equal"
        found = list(a.store.places())
        assert whole in (None, found)
        whole = found
        if done:
            return
    raise AssertionError("it never ended")


# Bad peers


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


def hello_with(seat: Seat, **changes: Any) -> bytes:
    return canonical({**parse(write_hello_of(seat)), **changes})


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


# Lists


def test_the_newer_device_list_is_passed_on() -> None:
    old = verify_device_list(make_device_list(ALICE.key, 1, [ALICE.browser.wire], NOW))
    new = verify_device_list(make_device_list(ALICE.key, 2, [ALICE.browser.wire, ALICE.vault.wire], NOW))
    a, b = seats(talk(2))
    left, right = End(a, b.device, lists=[new]), End(b, a.device, lists=[old])
    run(left, right)
    assert [each.list.number for each in right.said if isinstance(each, NewerList)] == [2]
    assert not [each for each in left.said if isinstance(each, NewerList)]
    assert right.ended is not None
    assert right.ended.end == "equal"


def test_two_lists_with_one_number_are_told_to_both() -> None:
    one = verify_device_list(make_device_list(ALICE.key, 1, [ALICE.browser.wire], NOW))
    other = verify_device_list(make_device_list(ALICE.key, 1, [ALICE.vault.wire], NOW))
    a, b = seats(talk(2))
    left, right = End(a, b.device, lists=[one]), End(b, a.device, lists=[other])
    run(left, right)
    for end in (left, right):
        assert ListConflict(ALICE.account) in end.said


# Late events


def test_more_late_events_than_may_wait_come_with_what_confirms_them() -> None:
    base = Replica(MemoryEventStore())
    acts.begin_group(base, ALICE.browser.key, ALICE.browser.wire, 2, NOW, SeededRandom("late"))
    for person in (BOB, CAROL):
        acts.invite(base, ALICE.browser.key, ALICE.account, person.account, NOW)
        author.join(base, person.browser.key, person.browser.wire, NOW)
    banned, witness = seats(base)
    acts.decide(banned.replica, ALICE.browser.key, ALICE.account, "ban", (BOB.account, None), NOW)
    for number in range(MAX_PARKED + 50):
        say(witness.replica, BOB, f"still here {number}")
    alone = Seat(BOB.browser.id, witness.replica)
    mine, _ = sync(banned, alone)
    assert mine == Ended("apart", alone.device, added=0, given=1, late=MAX_PARKED + 50)
    assert banned.store.parked() == []
    say(witness.replica, CAROL, "I heard all that")
    mine, theirs = sync(banned, witness)
    assert mine is not None
    assert theirs is not None
    assert (mine.end, mine.added, mine.late) == ("equal", MAX_PARKED + 51, 0)
    assert same(banned, witness)


# The own vault


def vouched(replica: Replica) -> tuple[Seat, Seat, dict[str, Any]]:
    """A vault with a checkpoint, and a new browser."""
    value = make_checkpoint(ALICE.vault.key, ALICE.account, replica, NOW)
    vault = Seat(ALICE.vault.id, replica)
    return vault, empty(Device(ALICE.key, "alice/new"), vault), value


def test_the_latest_history_comes_at_once_and_further_back_page_by_page() -> None:
    vault, browser, value = vouched(talk(200))
    left, right = End(browser, vault.device), End(vault, browser.device, vouch=lambda: value)
    recent = Recent(str(vault.swarm), ALICE.vault.certificate)
    run(left, right, frames=6, asks=True)
    shown = [event.id for event in recent.take(left.pages[0])]
    order = [event.id for event in vault.replica.display_order()][::-1]
    assert shown == order[: len(shown)]
    assert recent.checkpoint is not None
    assert recent.checkpoint.count == 202
    assert recent.checkpoint.state["members"] == sorted([ALICE.account, BOB.account])
    assert not confirm(recent.checkpoint, browser.replica)
    before = left.pages[0].next
    while before is not None:
        left.do(left.session.ask_recent(before, 64))
        right.receive(left.sent.pop())
        left.receive(right.sent.pop())
        shown += [event.id for event in recent.take(left.pages[-1])]
        before = left.pages[-1].next
    assert shown == order
    carry(left, right)
    assert left.ended == Ended("equal", vault.device, added=202)
    assert confirm(recent.checkpoint, browser.replica)


def carry(a: End, b: End) -> None:
    while a.sent or b.sent:
        for here, there in ((a, b), (b, a)):
            if here.sent:
                there.receive(here.sent.popleft())


def test_what_came_to_the_vault_after_its_checkpoint_is_not_shown_as_vouched() -> None:
    vault, browser, value = vouched(talk(3))
    say(vault.replica, BOB, "later")
    left, right = End(browser, vault.device), End(vault, browser.device, vouch=lambda: value)
    run(left, right, asks=True)
    recent = Recent(str(vault.swarm), ALICE.vault.certificate)
    shown = [event.body.get("text") for event in recent.take(left.pages[0])]
    assert "later" not in shown
    assert len(shown) == 5


def test_a_checkpoint_that_is_not_so_is_found_out_by_the_sync() -> None:
    vault, browser, value = vouched(talk(3))
    lie = sign("checkpoint", {**value, "count": 4}, ALICE.vault.key)
    checkpoint = verify_checkpoint(lie, ALICE.vault.certificate, str(vault.swarm))
    sync(browser, vault)
    with pytest.raises(ProtocolError, match="history_mismatch"):
        confirm(checkpoint, browser.replica)


# Order


def test_what_is_pushed_stands_on_what_is_there() -> None:
    a, b = forked()
    left, right = ends(a, b)
    run(left, right)
    for end in (left, right):
        places: list[Place] = []
        for frame in end.log:
            if b'"kind":"events"' in frame:
                places += [(each["event"]["depth"], "") for each in parse(frame)["events"]]
        assert all(one <= other for one, other in pairwise(places))
