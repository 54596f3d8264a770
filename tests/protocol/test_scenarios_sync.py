"""Syncs as people meet them: who was away, who is new, who has too much or nonsense to say. A table of the
ways in which it may go; the rules themselves are in the vectors."""

import asyncio
from typing import Any

import pytest

from homevault.protocol.canonical import canonical, parse
from homevault.protocol.ports import FrameLink
from homevault.protocol.swarm import acts, author
from homevault.protocol.swarm.announce import may_be_invited
from homevault.protocol.swarm.displayed import Displayed, tell
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.preferences import Preferences
from homevault.protocol.swarm.replica import Duplicate, Replica
from homevault.protocol.swarm.requests import Request, Requests
from homevault.protocol.swarm.view import View
from homevault.protocol.sync import pull as pulling
from homevault.protocol.sync.effects import Effect, Ended, Take
from homevault.protocol.sync.frames import write_events
from homevault.protocol.sync.pull import Taken
from homevault.protocol.sync.retry import FIRST_PAUSE, LONGEST_PAUSE, Attempts, after
from homevault.protocol.sync.session import SILENCE, Session
from homevault.transport.sync.memory import pair
from homevault.transport.sync.run import run as carry
from tests.protocol.people import NOW, Device
from tests.protocol.syncing import End, Seat, ends, run, sync
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.club import CAROL, DAVE, Club
from tests.vectors.cases.told import Told, id_of, ids, joined

NEW = Device(ALICE.key, "alice/new")


def seat(device: Device, told: Told) -> Seat:
    return Seat(device.id, told.replica)


def empty(device: Device, like: Seat) -> Seat:
    return Seat(device.id, Replica(MemoryEventStore(), like.swarm))


def meets(one: Seat, other: Seat) -> str:
    """How a sync of the two ends, for both."""
    mine, theirs = sync(one, other)
    assert mine is not None
    assert theirs is not None
    assert mine.end == theirs.end
    return mine.end


def silent(one: Seat, peer: str) -> Ended:
    """A session with a device that is not there."""
    end = End(one, peer)
    end.do(end.session.start())
    end.do(end.session.tick(NOW + SILENCE))
    assert end.ended is not None
    return end.ended


def shown(held: Seat) -> list[str]:
    return [line.text for line in View(held.replica).lines() if line.text]


def test_who_accepts_while_the_others_are_away_gets_all_when_they_return() -> None:
    club = Club(2)
    club.text(ALICE, "welcome")
    club.invite(ALICE, BOB)
    alice = seat(ALICE.browser, club)
    bob = empty(BOB.browser, alice)
    away = after(Attempts(), silent(bob, alice.device), NOW)
    assert (away.due, bob.store.count()) == (NOW + FIRST_PAUSE, 0)
    assert meets(bob, alice) == "equal"
    author.join(bob.replica, BOB.browser.key, BOB.browser.wire, NOW)
    assert meets(alice, bob) == "equal"
    assert alice.replica.state.members == {ALICE.account, BOB.account}
    assert shown(bob) == shown(alice) == ["welcome"]


def test_a_ban_by_a_second_device_reaches_who_meets_only_that_one() -> None:
    club = Club(1, members=[BOB, CAROL])
    club.commits(ALICE, ALICE.vault)
    carol = seat(CAROL.browser, club)
    vault = seat(ALICE.vault, club)
    acts.decide(vault.replica, ALICE.vault.key, ALICE.account, "ban", (BOB.account, None), NOW)
    assert meets(carol, vault) == "equal"
    assert carol.replica.state.banned(BOB.account)


@pytest.mark.parametrize(("mode", "stranger"), [(1, False), (2, False), (3, True)])
def test_members_and_the_invited_may_fetch_and_strangers_only_where_all_may_join(
    mode: int, *, stranger: bool
) -> None:
    club = Club(mode, members=[BOB, CAROL])
    if mode < 3:
        club.invite(ALICE, DAVE)
    club.bans(ALICE, CAROL)
    told = {person.name: may_be_invited(club.replica.state, person.account) for person in (BOB, DAVE, CAROL)}
    assert told == {"bob": True, "dave": True, "carol": False}
    assert may_be_invited(club.replica.state, ids(1)[0]) is stranger


def test_own_devices_have_it_from_each_other_when_everybody_else_is_gone() -> None:
    told = joined()
    told.introduce(ALICE.browser, ALICE.account, ALICE.vault.wire)
    told.bob("said while your browser was off")
    vault = seat(ALICE.vault, told)
    browser = empty(ALICE.browser, vault)
    assert meets(browser, vault) == "equal"
    assert shown(browser) == ["said while your browser was off"]


def test_a_linked_device_gets_every_conversation_and_what_is_beside_them() -> None:
    """Also requests that wait, how far one has read, and how one wants it."""
    talks = [joined(), Club(2, members=[BOB])]
    for told in talks:
        for number in range(3):
            told.says(ALICE.browser, ALICE.account, str(number))
    old = [seat(ALICE.browser, told) for told in talks]
    new = [empty(NEW, each) for each in old]
    assert [meets(*each) for each in zip(new, old, strict=True)] == ["equal", "equal"]
    assert [shown(each) for each in new] == [["0", "1", "2"]] * 2
    here, there = Requests(ALICE.account), Requests(ALICE.account)
    asked = Request(ids(1)[0], CAROL.account, NOW)
    here.put(BOB.account, "added", ALICE.browser.id)
    assert there.merge(here.contacts) == {BOB.account}
    assert [each.receive(asked) for each in (here, there)] == ["shown", "shown"]
    wishes = Preferences()
    wishes.write(ALICE.browser.id, color="#00ff00")
    assert Preferences(wishes.entries).values == wishes.values
    (head,) = old[0].replica.heads
    assert tell(Displayed(), head, lambda id: None) == Displayed(head)


def test_a_device_from_an_old_backup_catches_up_and_goes_on_under_a_key_of_its_own() -> None:
    """A backup holds no device keys; so nothing that was written since is written again under one number."""
    told = joined()
    told.alice("before the backup")
    backup = seat(NEW, told)
    told.alice("after it")
    bob = seat(BOB.browser, told)
    assert meets(backup, bob) == "equal"
    author.introduce(backup.replica, NEW.key, ALICE.account, NEW.wire, NOW)
    author.text(backup.replica, NEW.key, ALICE.account, "back again", NOW)
    assert meets(bob, backup) == "equal"
    assert shown(bob) == ["before the backup", "after it", "back again"]
    assert not any(tip.forked for tip in bob.store.tips())


def test_a_thousand_devices_that_are_gone_hold_up_nobody() -> None:
    """Each waits for itself, longer and longer; the one that lives is asked in its turn."""
    known = dict.fromkeys([f"{number:043}" for number in range(1_000)], Attempts())
    live = "live"
    for _ in range(20):
        ended = {device: Ended("unreachable", device) for device in known}
        known = {device: after(each, ended[device], each.due) for device, each in known.items()}
    found = after(Attempts(), Ended("equal", live), NOW)
    assert found == Attempts(due=NOW)
    pauses = {each.failures for each in known.values()}
    assert pauses == {20}
    again = after(known[f"{7:043}"], Ended("unreachable", "7"), NOW)
    assert again.due == NOW + LONGEST_PAUSE
    assert after(again, Ended("equal", "7"), NOW) == Attempts(due=NOW)
    assert known[f"{8:043}"].failures == 20


def test_what_is_written_while_a_batch_is_taken_is_fetched_once() -> None:
    told = joined()
    alice, bob = seat(ALICE.browser, told), seat(BOB.browser, told)
    author.text(bob.replica, BOB.browser.key, BOB.account, "first", NOW)
    left, right = ends(alice, bob)
    second: list[str] = []

    def burst(frame: bytes) -> list[bytes]:
        if b'"kind":"events"' in frame and not second:
            second.append(author.text(bob.replica, BOB.browser.key, BOB.account, "second", NOW).id)
        return [frame]

    run(left, right, twist=burst)
    again, further = ends(alice, bob)
    run(again, further)
    assert [end.ended and (end.ended.end, end.ended.added) for end in (left, again)] == [("equal", 1)] * 2
    log = [*right.log, *further.log]
    batches = [parse(frame)["events"] for frame in log if b'"kind":"events"' in frame]
    assert [id_of(each) for batch in batches for each in batch].count(second[0]) == 1
    assert shown(alice) == ["first", "second"]


def test_the_next_host_is_asked_when_one_is_down_and_one_talks_nonsense() -> None:
    told = joined()
    told.bob("hello")
    host = seat(BOB.browser, told)
    new = empty(NEW, host)
    down = silent(new, CAROL.browser.id)
    left, right = ends(new, seat(DAVE.browser, told))
    nonsense, _ = run(left, right, twist=lambda frame: [b"\xffnonsense"])
    assert nonsense is not None
    assert (down.end, nonsense.end, nonsense.code) == ("unreachable", "refused", "json_not_utf8")
    assert new.store.count() == 0
    assert meets(new, host) == "equal"
    assert shown(new) == ["hello"]


def test_the_same_event_twice_is_one_message_and_the_same_words_elsewhere_are_another() -> None:
    told = joined()
    told.introduce(ALICE.browser, ALICE.account, ALICE.vault.wire)
    said = told.alice("the same")
    assert told.replica.add(said) == Duplicate(id_of(said))
    told.says(ALICE.vault, ALICE.account, "the same")
    assert shown(seat(ALICE.browser, told)) == ["the same", "the same"]


def test_a_fetch_that_grows_too_large_stops_there_and_keeps_nothing_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An event over its limit spoils its batch; of events that wait for confirmation only so many wait."""
    told = joined()
    large = told.draft(BOB.browser, BOB.account, "hologram", body={"beam": "x" * 30_000})
    alice, bob = seat(ALICE.browser, told), seat(BOB.browser, told)
    author.text(bob.replica, BOB.browser.key, BOB.account, "before", NOW)

    def enlarged(frame: bytes) -> list[bytes]:
        if b'"kind":"events"' not in frame:
            return [frame]
        return [
            write_events(str(alice.swarm), [canonical(each) for each in [*parse(frame)["events"], large]])
        ]

    mine, _ = run(*ends(alice, bob), twist=enlarged)
    assert mine is not None
    assert (mine.end, mine.code, mine.added) == ("refused", "json_too_large", 0)
    assert shown(alice) == []

    monkeypatch.setattr(pulling, "MAX_ASIDE", 10)
    club = Club(1, members=[BOB])
    late = club.fork()
    club.bans(ALICE, BOB)
    for number in range(30):
        late.text(BOB, str(number))
    mine, _ = sync(seat(ALICE.browser, club), seat(BOB.browser, late))
    assert mine == Ended("apart", BOB.browser.id, given=1, late=10)


async def test_several_conversations_over_one_link_each_tell_how_they_ended() -> None:
    talks = [joined(), joined(), Club(2, members=[BOB])]
    for number, told in enumerate(talks):
        for line in range(number + 1):
            told.alice(f"{line}")
    alice = [seat(ALICE.browser, told) for told in talks]
    bob = [alice[0], *(empty(BOB.browser, each) for each in alice[1:])]
    bob[0] = seat(BOB.browser, talks[0])
    one, other = pair(ALICE.browser.id, BOB.browser.id)
    here, there = await asyncio.gather(_each(alice, one), _each(bob, other))
    assert [ended.end for ended in here] == ["equal"] * 3
    assert [ended.added for ended in there] == [0, alice[1].store.count(), alice[2].store.count()]


async def _each(seats: list[Seat], link: FrameLink) -> list[Ended]:
    """One after the other over the same link, the first one twice."""
    return [await _carried(each, link) for each in seats]


async def _carried(held: Seat, link: FrameLink) -> Ended:
    taking = pulling.Pull(held.replica)

    async def take(batch: Take) -> Taken:
        with held.store.attempt():
            return taking.take(batch.events)

    async def hear(effect: Effect) -> None:
        raise AssertionError(effect)

    session = Session(held.store, str(held.swarm), held.device, link.peer, NOW)
    return await carry(session, link, take, hear, _Now())


class _Now:
    def now(self) -> int:
        return NOW


def test_a_pull_that_fails_leaves_what_was_there() -> None:
    told = joined()
    told.alice("mine")
    alice = seat(ALICE.browser, told)
    before: list[Any] = list(alice.store.ordered())
    told.bob("more")
    spoil: dict[str, Any] = {"sig": "A" * 86}

    def forge(frame: bytes) -> list[bytes]:
        value = parse(frame)
        if value["kind"] == "events":
            value["events"] = [{**each, **spoil} for each in value["events"]]
        return [canonical(value)]

    mine, _ = run(*ends(alice, seat(BOB.browser, told)), twist=forge)
    assert mine is not None
    assert mine.code == "signature"
    assert list(alice.store.ordered()) == before
    tried = after(after(after(Attempts(), mine, NOW), mine, NOW), mine, NOW)
    assert tried.unrecoverable
    assert shown(alice) == ["mine"]
