"""Histories of conversations: what begins one, what is refused, what branches amount to. A table of the ways
in which somebody may try; the rules themselves are in the vectors."""

import random
from typing import Any

import pytest

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.errors import ProtocolError
from homevault.protocol.letters import make_request, read_letter
from homevault.protocol.swarm import acts
from homevault.protocol.swarm.bodies import FORMS
from homevault.protocol.swarm.events import event_id, make_event, make_initial, read_signed_event
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Added, Replica, Waiting
from homevault.protocol.swarm.view import View
from tests.protocol.people import NOW, Person, SeededRandom
from tests.vectors.cases.case import put
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.club import CAROL, DAVE, Club
from tests.vectors.cases.group_content import CALL, FILE
from tests.vectors.cases.told import Signed, Told, id_of, joined


def outcome(told: Told, signed: Any) -> str:
    """The code that it is refused with, or what becomes of it; a refusal leaves everything as it was."""
    before = told.replica.store.count(), told.replica.heads
    try:
        found = told.replica.add(signed)
    except ProtocolError as error:
        assert (told.replica.store.count(), told.replica.heads) == before
        return error.code
    return type(found).__name__.lower()


def begun(mode: int = 2, certificate: Any = None, **body: Any) -> Signed:
    """An initial event by Alice's browser, with other members."""
    signed = make_initial(ALICE.browser.key, ALICE.browser.wire, 2, None, NOW, SeededRandom("begun"))
    members = {**signed["event"]["body"], "mode": mode, "certificate": certificate or ALICE.browser.wire}
    place = {"swarm": None, "parents": [], "depth": 0, "author": ALICE.account, "seq": 0, "prev": None}
    return make_event(ALICE.browser.key, **place, type="initial", body={**members, **body}, now=NOW)  # type: ignore[arg-type]


def test_a_group_is_its_signed_beginning() -> None:
    """Its id is the hash of that; the creator is its admin, this device the only one in it."""
    replica = Replica(MemoryEventStore())
    event = acts.begin_group(replica, ALICE.browser.key, ALICE.browser.wire, 2, NOW, SeededRandom("g"))
    assert replica.swarm == event.id == event_id(event.wire["event"])
    state = replica.state
    assert (list(state.admins), state.members) == ([ALICE.account], {ALICE.account})
    assert state.devices == {(ALICE.account, ALICE.browser.id)}
    assert event.body["certificate"] == ALICE.browser.wire


@pytest.mark.parametrize(
    ("signed", "code"),
    [
        (begun(badfile="x"), "schema"),
        (begun(mode=1412), "unknown_mode"),
        (begun(mode=-1), "schema"),
        (begun(peer=BOB.account), "schema"),
        (begun(revocations=[{}]), "schema"),
        (begun(certificate=BOB.browser.wire), "certificate_account"),
        (begun(certificate=ALICE.vault.wire), "certificate_device"),
        (begun(certificate=put(ALICE.browser.wire, "time", 1)), "signature"),
    ],
)  # fmt: skip
def test_a_bad_beginning_is_not_taken_in(signed: Signed, code: str) -> None:
    """Something beside what belongs there, another's certificate, an unknown mode: nothing is kept."""
    replica = Replica(MemoryEventStore())
    with pytest.raises(ProtocolError) as refused:
        replica.add(signed)
    assert (refused.value.code, replica.store.count()) == (code, 0)


@pytest.mark.parametrize("name", [" ", "<o>", "\u202egnp", "\U0010ffff", ""])
def test_odd_names_break_nothing(name: str) -> None:
    told = joined()
    letter = read_letter(make_request(told.events[0], id_of(told.events[0]), name))
    assert letter.fields["name"] == name


def test_what_is_refused_of_somebody_who_tries() -> None:
    club = Club(1, members=[BOB, CAROL])
    club.text(BOB, "hello")
    forged = club.forged
    text = {"text": "x", "reply_to": None}
    join = {"action": "join", "certificate": EVE.browser.wire}
    nobody, dave = ({"action": "add", "account": each, "invite": None} for each in ("jami:x", DAVE.account))
    unsigned = put(forged(ALICE, "text", text), "event.device", BOB.browser.id)
    stolen = {"certificate": put(EVE.browser.wire, "account", BOB.account)}
    tries: list[tuple[str, Signed, str]] = [
        ("a text with more in it", forged(BOB, "text", {**text, "badfile": ""}), "schema"),
        ("a merge that brings something", forged(BOB, "merge", {"badfile": ""}), "schema"),
        ("a profile that brings something", forged(ALICE, "update-profile", {"title": ""}), "schema"),
        ("somebody who is no member", forged(EVE, "text", text), "event_rights"),
        ("another's account", club.draft(EVE.browser, ALICE.account), "event_rights"),
        ("a signature of another", unsigned, "signature"),
        ("another's device as one's own", forged(BOB, "device", stolen), "signature"),
        ("a control event of later", forged(BOB, "member", {"action": "promote"}), "unknown_control"),
        ("an invitation of nobody", forged(ALICE, "member", nobody), "encoding"),
        ("an invitation by a member", forged(BOB, "member", dave), "event_rights"),
        ("a join without invitation", forged(EVE, "member", join), "event_rights"),
        ("a join without certificate", forged(EVE, "member", {"action": "join"}), "schema"),
        ("a join with more in it", forged(EVE, "member", {**join, "badfile": ""}), "schema"),
        ("too large", forged(BOB, "poll", {"x": "y" * 24_576}), "json_too_large"),
        ("the second time", club.events[-1], "duplicate"),
    ]  # fmt: skip
    for why, signed, code in tries:
        assert outcome(club, signed) == code, why
    assert outcome(club, forged(BOB, "poll", {"question": "when?"})) == "added"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"not json", "json_syntax"),
        (b"{invalid json}", "json_syntax"),
        (b"", "json_syntax"),
        (b"[1,2,3]", "schema"),
        (b"{}", "schema"),
    ],
)
def test_what_is_no_letter(data: bytes, code: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        read_letter(data)
    assert refused.value.code == code


def test_every_kind_is_read_as_it_was_written() -> None:
    club = Club(1, [BOB], [CAROL])
    said = id_of(club.text(ALICE, "\u0000 \U0010ffff \u202e e\u0301 \U0001f3e1"))
    club.writes(ALICE, "edit", {"target": said, "text": "hello"})
    club.writes(BOB, "reaction", {"target": said, "emoji": "\u2764"})
    club.writes(ALICE, "delete", {"target": said})
    club.writes(BOB, "data-transfer", FILE)
    club.starts(BOB, CALL)
    club.names(BOB, "us")
    club.votes(BOB, CAROL)
    club.bans(ALICE, CAROL)
    club.votes(BOB, CAROL, "unban")
    club.unbans(ALICE, CAROL)
    club.commits(ALICE, ALICE.vault)
    club.revokes(ALICE, ALICE, ALICE.vault)
    club.merges(BOB)
    club.resigns(BOB)
    club.leaves(BOB)
    kinds = set()
    for signed in club.events:
        event = read_signed_event(parse(canonical(signed)))
        assert event.wire == signed
        assert club.replica.get(event.id) == event
        kinds.add(event.kind)
    assert kinds == FORMS.keys()


def test_branches_meet_in_one_history() -> None:
    """Two sides that wrote for themselves have all messages of both, one merge, and the same order."""
    base = Club(2, members=[BOB, CAROL])
    left, right = base.fork(), base.fork()
    for n in range(3):
        left.text(BOB, f"left {n}")
        right.text(CAROL, f"right {n}")
    left.meets(right)
    right.meets(left)
    merged = left.merges(BOB)
    assert outcome(right, merged) == "added"
    assert left.replica.heads == right.replica.heads == (id_of(merged),)
    assert list(View(left.replica).lines()) == list(View(right.replica).lines())
    assert len([line for line in View(left.replica).lines() if line.look == "text"]) == 6


def test_messages_are_read_in_slices() -> None:
    club = Club(2)
    said = [id_of(club.text(ALICE, str(n))) for n in range(5)]
    replica = club.replica
    place = next((event.depth, event.id) for event in replica.display_order() if event.id == said[1])
    for count in (1, 2, 3):
        assert [event.id for event in replica.display_order(place, count)] == said[2 : 2 + count]
    assert [line.event.id for line in View(replica).lines()][-3:] == said[-3:]


def test_a_gap_is_asked_for_and_nothing_more() -> None:
    """What stands on an unknown event waits; the answer brings all in order."""
    told = joined()
    there = told.fork()
    missed, late, last = there.bob("one"), there.bob("two"), there.bob("three")
    for signed in (last, late):
        assert isinstance(told.replica.add(signed), Waiting)
    assert told.replica.missing() == (id_of(missed),)
    found = told.replica.add(missed)
    assert isinstance(found, Added)
    assert [event.body["text"] for event in found.events] == ["one", "two", "three"]


def test_a_bad_gap_takes_what_stands_on_it_along() -> None:
    told = joined()
    there = told.fork()
    missed, late = there.bob("one"), there.bob("two")
    told.replica.add(late)
    assert outcome(told, put(missed, "event.body.text", "worse")) == "signature"
    assert told.replica.missing() == (id_of(missed),)
    assert outcome(told, late) == "waiting"


@pytest.mark.parametrize("seed", range(6))
def test_three_people_who_fetch_and_merge_lose_nothing(seed: int) -> None:
    """Criss-cross merges and people who are away: in the end everybody shows the same, also from zero."""
    chance = random.Random(seed)
    club = Club(2, members=[BOB, CAROL])
    people: list[Person] = [ALICE, BOB, CAROL]
    sides = [club.fork() for _ in people]
    written = 0
    for _ in range(44):
        at = chance.randrange(3)
        if chance.random() < 0.4:
            sides[at].meets(sides[chance.randrange(3)])
            if len(sides[at].replica.heads) > 1:
                sides[at].merges(people[at])
        else:
            sides[at].text(people[at], f"message {written}")
            written += 1
    for side in sides * 2:
        side.meets(*sides)
    shown = [[line.event.id for line in View(side.replica).lines()] for side in sides]
    assert shown[0] == shown[1] == shown[2]
    assert len([line for line in View(sides[0].replica).lines() if line.look == "text"]) == written
    again = Replica(MemoryEventStore(), sides[0].replica.swarm)
    events = list(sides[0].replica.display_order())
    for event in events:
        again.add(event)
    assert [line.event.id for line in View(again).lines()] == shown[0]
