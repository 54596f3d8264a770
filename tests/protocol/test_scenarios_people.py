"""People in conversations: members, requests, calls, leaving. What they do and what comes of it."""

from typing import Any

import pytest

from homevault.protocol.errors import ProtocolError
from homevault.protocol.letters import make_request, make_withdrawn, read_letter, read_request
from homevault.protocol.swarm import acts, author
from homevault.protocol.swarm.announce import may_be_invited, taken_back
from homevault.protocol.swarm.calls import Calls
from homevault.protocol.swarm.life import Life, has_others, syncing_info
from homevault.protocol.swarm.requests import Request, Requests
from homevault.protocol.swarm.view import View
from tests.protocol.people import NOW
from tests.vectors.cases.cast import ALICE, BOB, EVE
from tests.vectors.cases.club import CAROL, DAVE, ERIN, Club
from tests.vectors.cases.group_content import CALL
from tests.vectors.cases.told import Signed, Told, id_of, ids, joined

SWARM, OTHER, INVITE, AGAIN = ids(4)


def code(told: Told, signed: Signed) -> str | None:
    before = told.replica.state
    try:
        told.replica.add(signed)
    except ProtocolError as error:
        assert told.replica.state == before
        return error.code
    return None


def asks(swarm: str = SWARM, sender: str = BOB.account, **said: Any) -> Request:
    return Request(swarm, sender, NOW, **said)


def test_an_invited_person_joins() -> None:
    club = Club(1)
    club.invite(ALICE, BOB)
    assert club.replica.state.invited == {BOB.account}
    assert may_be_invited(club.replica.state, BOB.account)
    club.joins(BOB)
    assert club.replica.state.members == {ALICE.account, BOB.account}
    assert not club.replica.state.invited
    assert list(club.replica.state.admins) == [ALICE.account]


def test_two_people_stay_two() -> None:
    told = joined()
    body = {"action": "add", "account": EVE.account, "invite": None}
    assert code(told, told.draft(ALICE.browser, ALICE.account, "member", body=body)) == "event_type"


@pytest.mark.parametrize(("mode", "refused"), [(1, "event_rights"), (2, None), (3, "event_type")])
def test_who_invites(mode: int, refused: str | None) -> None:
    club = Club(mode, members=[BOB])
    body = {"action": "add", "account": DAVE.account, "invite": None}
    assert code(club, club.forged(BOB, "member", body)) == refused


def test_a_banned_member_is_cut_off_and_may_come_back() -> None:
    club = Club(1, members=[BOB, CAROL])
    club.bans(ALICE, BOB)
    assert not club.replica.state.member(BOB.account)
    assert not may_be_invited(club.replica.state, BOB.account)
    assert code(club, club.forged(BOB, "text", {"text": "still here", "reply_to": None})) == "event_rights"
    club.unbans(ALICE, BOB)
    assert club.replica.state.member(BOB.account)
    club.text(BOB, "back again")


def test_an_invited_person_who_is_banned_cannot_join() -> None:
    club = Club(1, members=[CAROL])
    club.invite(ALICE, BOB)
    club.bans(ALICE, BOB)
    join = {"action": "join", "certificate": BOB.browser.wire}
    assert code(club, club.forged(BOB, "member", join)) == "event_rights"
    club.text(CAROL, "we go on")


def test_who_may_not_remove_whom() -> None:
    club = Club(1, [DAVE], [BOB, CAROL])
    tries = {
        "a member the admin": (club.deed(BOB, "ban", ALICE), "event_rights"),
        "a member another": (club.deed(BOB, "ban", CAROL), "event_rights"),
        "an admin oneself": (club.deed(DAVE, "ban", DAVE), "event_rights"),
        "an admin without enough votes": (club.deed(DAVE, "ban", CAROL), "event_vote"),
        "somebody who is not there": (club.deed(DAVE, "ban", EVE), "event_rights"),
        "somebody banned for nothing": (club.deed(DAVE, "unban", CAROL), "event_rights"),
    }
    for why, (signed, wanted) in tries.items():
        assert code(club, signed) == wanted, why
    vote = {"action": "ban", "account": CAROL.account, "device": None, "last": None}
    assert code(club, club.forged(ALICE, "vote", {**vote, "badfile": ""})) == "schema"
    club.leaves(BOB)
    assert code(club, club.deed(DAVE, "ban", BOB)) == "event_rights"
    assert code(club, club.forged(BOB, "vote", vote)) == "event_rights"


@pytest.mark.parametrize(
    ("others", "needed"),
    [([], 1), ([BOB], 2), ([BOB, CAROL], 2), ([BOB, CAROL, DAVE], 3), ([BOB, CAROL, DAVE, EVE], 3)],
)
def test_more_than_half_of_the_admins(others: list[Any], needed: int) -> None:
    """Of 1 to 5: the ban takes effect with the vote that makes more than half, not before."""
    club = Club(1, others, [ERIN])
    voters = [ALICE, *others]
    for count, person in enumerate(voters, 1):
        acts.decide(club.replica, person.browser.key, person.account, "ban", (ERIN.account, None), NOW)
        assert club.replica.state.banned(ERIN.account) == (count >= needed)
        if count >= needed:
            break


def test_a_device_is_cut_off_and_its_owner_stays() -> None:
    club = Club(1, members=[BOB])
    club.commits(BOB, BOB.vault)
    club.bans(ALICE, BOB, BOB.vault)
    state = club.replica.state
    assert state.member(BOB.account)
    assert state.entitled(BOB.account, BOB.browser.id)
    assert not state.active(BOB.account, BOB.vault.id)
    club.text(BOB, "from the other one")
    whole = Club(1, members=[BOB])
    whole.bans(ALICE, BOB)
    assert (BOB.account, BOB.browser.id) not in whole.replica.state.bans
    assert not whole.replica.state.entitled(BOB.account, BOB.browser.id)


def test_a_call_is_dropped_with_its_host() -> None:
    club = Club(1, members=[BOB, CAROL])
    club.starts(BOB, CALL)
    calls = Calls(club.replica.display_order())
    running = calls.running(club.replica.state, club.replica.mark)
    assert running and running.account == BOB.account  # noqa: PT018
    club.bans(ALICE, BOB)
    (call,) = calls.all(club.replica.state, club.replica.mark)
    assert call.outcome == "dropped"


def test_inviting_who_is_there_and_joining_twice() -> None:
    club = Club(2, members=[BOB])
    for whom in (ALICE, BOB):
        body = {"action": "add", "account": whom.account, "invite": None}
        assert code(club, club.forged(ALICE, "member", body)) == "event_rights"
    join = {"action": "join", "certificate": BOB.browser.wire}
    assert code(club, club.forged(BOB, "member", join)) == "event_rights"


def test_only_admins_name_the_group() -> None:
    club = Club(2, members=[BOB])
    club.names(ALICE, "My awesome swarm")
    body = {"title": "mine", "description": None, "avatar": None, "hosts": []}
    assert code(club, club.forged(BOB, "update-profile", body)) == "event_rights"
    (named,) = club.replica.state.profile
    event = club.replica.get(named)
    assert event
    assert (event.body["title"], event.body["description"]) == ("My awesome swarm", None)


def test_a_request_is_shown_once_with_who_asks() -> None:
    told = Told()
    swarm = id_of(told.events[0])
    letter = read_letter(make_request(told.events[0], swarm, "Alice", title="Tea?"))
    initial = read_request(letter)
    held = Requests(BOB.account)
    request = Request(swarm, initial.author, NOW, title=letter.fields["title"])
    assert [held.receive(request), held.receive(request)] == ["shown", "known"]
    assert [each.wire() for each in held.pending] == [
        {"id": swarm, "from": ALICE.account, "received": NOW, "title": "Tea?"}
    ]
    accepted = held.accept(swarm)
    info = syncing_info(accepted, BOB.account)
    members = sorted([ALICE.account, BOB.account])
    assert info == {"id": swarm, "title": "Tea?", "syncing": True, "members": members}
    author.join(told.replica, BOB.browser.key, BOB.browser.wire, NOW)
    assert sorted(told.replica.state.members) == members
    assert Life("syncing").synced() == Life("open")


def test_declining_again_and_again_leaves_a_clean_list() -> None:
    held = Requests(ALICE.account)
    for invite in ids(9)[4:]:
        assert held.receive(asks(invite=invite)) == "shown"
        held.decline(SWARM)
        assert held.pending == []
        assert held.receive(asks(invite=invite)) == "ignored"


def test_a_declined_request_does_not_echo_between_devices() -> None:
    """Each hears of it twice; there is nothing that either would tell on, and it stays gone."""
    one, two = Requests(ALICE.account), Requests(ALICE.account)
    for held in (one, two):
        held.receive(asks())
    declined = one.decline(SWARM)
    for _ in range(2):
        two.heard_declined(declined.id, declined.invite)
        one.heard_declined(declined.id, declined.invite)
    assert (one.pending, two.pending) == ([], [])
    assert one.receive(asks()) == two.receive(asks()) == "ignored"


def test_two_who_ask_each_other_have_both_conversations() -> None:
    alice, bob = Requests(ALICE.account), Requests(BOB.account)
    alice.asked(SWARM, BOB.account, NOW)
    bob.asked(OTHER, ALICE.account, NOW)
    assert alice.receive(asks(OTHER, BOB.account)) == "accepted"
    assert bob.receive(asks(SWARM, ALICE.account)) == "accepted"
    assert alice.receive(asks(AGAIN, BOB.account)) == "shown"


def test_blocking_hides_and_unblocking_restores() -> None:
    held, elsewhere = Requests(ALICE.account), Requests(ALICE.account)
    held.receive(asks())
    held.accept(SWARM)
    held.receive(asks(OTHER))
    entries = held.put(BOB.account, "blocked", ALICE.browser.id)
    elsewhere.receive(asks(AGAIN))
    assert elsewhere.merge(entries) == {BOB.account}
    for each in (held, elsewhere):
        assert each.standing(BOB.account) == "blocked"
        assert each.pending == []
        assert each.receive(asks(INVITE)) == "ignored"
    elsewhere.merge(held.put(BOB.account, "added", ALICE.browser.id))
    assert held.receive(asks(SWARM)) == "known"
    assert elsewhere.standing(BOB.account) == "added"


def test_oneself_is_not_removed() -> None:
    held = Requests(ALICE.account)
    assert held.put(ALICE.account, "removed", ALICE.browser.id) == []
    assert held.standing(ALICE.account) is None


@pytest.mark.parametrize("account", ["Shitty/Uri", "../x", "", "0" * 41, "A" * 43 + "="])
def test_what_is_no_account_is_refused_before_anything_else(account: str) -> None:
    club = Club(1)
    body = {"action": "add", "account": account, "invite": None}
    assert code(club, club.forged(ALICE, "member", body)) == "encoding"


def test_removing_alone_and_with_others() -> None:
    """Alone it is erased at once; else the leave is written and waited for."""
    told = joined()
    assert has_others(told.replica.state, ALICE.account)
    life, deeds = Life().remove(others=True)
    assert deeds == ["tell-removed", "leave"]
    leave = author.leave(told.replica, ALICE.browser.key, ALICE.account, NOW)
    life = life.left(leave.id)
    assert not life.shown
    life, deeds = life.held_by(BOB.browser.id, ALICE.browser.id, covered=True)
    assert (life.stage, deeds) == ("erased", ["erase", "tell-erased"])
    assert life.found() == ["erase"]
    assert not has_others(told.replica.state, BOB.account)
    assert Life().remove(others=False)[1] == ["erase", "tell-erased"]


def test_the_only_admin_cannot_leave_the_others_alone() -> None:
    club = Club(1, members=[BOB])
    life, _ = Life().remove(has_others(club.replica.state, ALICE.account))
    with pytest.raises(ProtocolError):
        club.leaves(ALICE)
    assert life.refused() == Life()
    club.grant(ALICE, BOB)
    club.leaves(ALICE)
    assert club.replica.state.members == {BOB.account}


def test_removed_while_syncing_it_does_not_come_back() -> None:
    held = Requests(ALICE.account)
    held.receive(asks())
    held.accept(SWARM)
    life, deeds = Life("syncing").remove(others=True)
    held.closed(SWARM)
    assert (life.stage, deeds) == ("erased", ["erase", "tell-erased"])
    assert life.synced() == life
    assert held.receive(asks()) == "ignored"
    assert held.receive(asks(OTHER)) == "shown"


def test_who_adds_each_other_again_finds_the_old_conversation() -> None:
    """If the other has it still; the other's answer is the request for it."""
    told = joined()
    alice = Requests(ALICE.account)
    alice.opened(SWARM)
    alice.closed(SWARM)
    assert alice.receive(asks()) == "ignored"
    assert may_be_invited(told.replica.state, ALICE.account)
    alice.wanted(SWARM, BOB.account)
    assert alice.receive(asks(sender=EVE.account)) == "ignored"
    assert alice.receive(asks()) == "accepted"
    assert alice.receive(asks()) == "known"


def test_an_invitation_is_taken_back_by_admins_alone() -> None:
    club = Club(1, members=[CAROL])
    invite = id_of(club.invite(ALICE, BOB))
    invited = club.replica.state
    assert code(club, club.forged(CAROL, "vote", _against(BOB))) == "event_rights"
    club.bans(ALICE, BOB)
    assert taken_back(invited, club.replica.state) == [BOB.account]
    assert not may_be_invited(club.replica.state, BOB.account)
    join = {"action": "join", "certificate": BOB.browser.wire}
    assert code(club, club.forged(BOB, "member", join)) == "event_rights"
    letter = read_letter(make_withdrawn(SWARM, invite))
    bob = Requests(BOB.account)
    assert bob.receive(asks(sender=ALICE.account, invite=invite)) == "shown"
    for sender, left in ((CAROL, 1), (ALICE, 0)):
        bob.withdrawn(letter.swarm, letter.fields["invite"], sender.account)
        assert len(bob.pending) == left
    club.unbans(ALICE, BOB)
    assert not may_be_invited(club.replica.state, BOB.account)
    again = id_of(club.invite(ALICE, BOB))
    assert bob.receive(asks(sender=ALICE.account, invite=invite)) == "ignored"
    assert bob.receive(asks(sender=ALICE.account, invite=again)) == "shown"
    club.joins(BOB)


def test_who_asked_and_removes_the_conversation_takes_the_request_back() -> None:
    alice, bob = Requests(ALICE.account), Requests(BOB.account)
    alice.asked(SWARM, BOB.account, NOW)
    assert bob.receive(asks(sender=ALICE.account)) == "shown"
    assert Life().remove(others=has_others(Told().replica.state, ALICE.account))[0].stage == "erased"
    assert alice.closed(SWARM) == BOB.account
    bob.withdrawn(SWARM, None, ALICE.account)
    assert bob.pending == []
    assert alice.returned(BOB.account, NOW + 3_600_000) == []


def _against(whom: Any) -> dict[str, Any]:
    return {"action": "ban", "account": whom.account, "device": None, "last": None}


def test_who_left_reads_to_the_departure() -> None:
    """What is said after it never stands below; who joins again has all."""
    club = Club(2, members=[BOB])
    club.text(ALICE, "before")
    club.leaves(BOB)
    gone = club.fork()
    club.text(ALICE, "after")
    assert not may_be_invited(club.replica.state, BOB.account)
    assert [line.text for line in View(gone.replica).lines() if line.text] == ["before"]
    club.invite(ALICE, BOB)
    club.joins(BOB)
    assert [line.text for line in View(club.replica).lines() if line.text] == ["before", "after"]
