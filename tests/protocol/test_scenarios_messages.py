"""What people say to each other, and what becomes of it on every device. The rules themselves are in the
vectors."""

import pytest

from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm import author, content
from homevault.protocol.swarm.displayed import Displayed, audience, covers, tell
from homevault.protocol.swarm.lines import Line, place_of
from homevault.protocol.swarm.preferences import Preferences
from homevault.protocol.swarm.typers import EXPIRE, Typers, Typist
from homevault.protocol.swarm.view import View
from tests.protocol.people import NOW
from tests.protocol.syncing import Seat, sync
from tests.vectors.cases.cast import ALICE, BOB
from tests.vectors.cases.club import CAROL, Club
from tests.vectors.cases.told import id_of, ids, joined

ODD = [
    "naïve e\u0301 \u00e9",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",
    "\U0010ffff",
    "\u202eright to left\u202c שלום",
    "nul \x00 and \x1f",
    "\ufeff\u2028\u2029",
]


def lines(replica: object) -> list[Line]:
    return [line for line in View(replica).lines() if line.look == "text"]  # type: ignore[arg-type]


def test_three_who_answer_each_other_have_the_same() -> None:
    club = Club(2, members=[BOB, CAROL])
    people = (ALICE, BOB, CAROL)
    seats = {person.name: Seat(person.browser.id, club.replica) for person in people}
    for turn, person in enumerate(people * 2):
        own = seats[person.name]
        author.text(own.replica, person.browser.key, person.account, f"{person.name} {turn}", NOW)
        for other in seats.values():
            if other is not own:
                sync(own, other)
    told = [[line.text for line in lines(each.replica)] for each in seats.values()]
    assert told[0] == told[1] == told[2]
    assert told[0] == ["alice 0", "bob 1", "carol 2", "alice 3", "bob 4", "carol 5"]


def test_what_names_nothing_that_is_here_is_not_said() -> None:
    told = joined()
    said = id_of(told.alice("here"))
    other = id_of(Club(2, members=[BOB]).text(BOB, "elsewhere"))
    by = (told.replica, BOB.browser.key, BOB.account)
    reply = content.reply(*by, said, "yes", NOW)
    assert reply.body["reply_to"] == said
    count = told.replica.store.count()
    for target in (ids(1)[0], other, id_of(told.events[0])):
        for act in (content.reply, content.edit, content.react):
            with pytest.raises(ProtocolError, match="event_id"):
                act(*by, target, "x", NOW)
        with pytest.raises(ProtocolError, match="event_id"):
            content.delete(*by, target, NOW)
    for act in (content.edit, lambda *given: content.delete(*given[:-2], NOW)):
        with pytest.raises(ProtocolError, match="event_rights"):
            act(*by, said, "x", NOW)
    assert told.replica.store.count() == count


def test_an_edit_keeps_reactions_and_a_deletion_takes_all_away() -> None:
    told = joined()
    said = id_of(told.alice("hello"))
    mine, theirs = ((told.replica, person.browser.key, person.account) for person in (ALICE, BOB))
    heart = content.react(*theirs, said, "heart", NOW)
    content.react(*theirs, said, "smile", NOW)
    content.edit(*mine, said, "hello there", NOW)
    (line,) = lines(told.replica)
    assert (line.text, [each.emoji for each in line.reactions]) == ("hello there", ["heart", "smile"])
    content.delete(*theirs, heart.id, NOW)
    (line,) = lines(told.replica)
    assert [each.emoji for each in line.reactions] == ["smile"]
    content.delete(*mine, said, NOW)
    (line,) = lines(told.replica)
    assert (line.deleted, line.text, line.reactions) == (True, None, ())


def test_how_many_are_new() -> None:
    told = joined()
    start = View(told.replica)
    said = [id_of(told.alice(str(number))) for number in range(3)]
    view = View(told.replica)
    assert len(view) - len(start) == 3
    assert [view.count_after(each) for each in said] == [2, 1, 0]


def test_displayed_up_to_the_second_of_four() -> None:
    """Told once; without receipts to the own devices alone."""
    told = joined()
    events = [told.replica.get(id_of(told.alice(str(number)))) for number in range(4)]
    places = {event.id: place_of(event) for event in events if event}
    said = list(places)
    read = tell(Displayed(), said[1], places.get)
    for device in range(2):
        heard = tell(Displayed(), read.event or "", places.get)
        assert [covers(heard, each, places.get) for each in said] == [True, True, False, False], device
    assert audience(Displayed(), read, receipts=True) == "everybody"
    assert audience(Displayed(), read, receipts=False) == "own devices"
    assert audience(read, tell(read, said[1], places.get), receipts=True) == "nobody"


def test_typing_is_forgotten_by_itself_and_with_its_author() -> None:
    typist, heard = Typist(), Typers()
    assert [typist.typed(NOW + after) for after in (0, 4_999, 5_000)] == [True, False, True]
    heard.heard(BOB.account, BOB.browser.id, True, NOW)
    assert heard.accounts(NOW + EXPIRE - 1) == [BOB.account]
    assert heard.accounts(NOW + EXPIRE) == []
    heard.heard(BOB.account, BOB.browser.id, True, NOW)
    heard.drop(BOB.account)
    assert heard.accounts(NOW) == []


def test_preferences_of_two_devices_come_together() -> None:
    one, two = Preferences(), Preferences()
    two.merge(one.write("A" * 43, color="#000000"))
    one.merge(two.write("B" * 43, color="#ffffff", symbol="\U0001f3ee"))
    assert one.values == two.values
    assert {name: value for name, value in one.values.items() if value} == {
        "color": "#ffffff",
        "symbol": "\U0001f3ee",
    }
    linked_later = Preferences(two.entries)
    assert linked_later.values == one.values


@pytest.mark.parametrize("text", ODD)
def test_words_come_back_to_the_byte(text: str) -> None:
    here, there = joined(), joined()
    for person, told in ((ALICE, here), (BOB, there)):
        told.says(person.browser, person.account, text)
    one, other = Seat(ALICE.browser.id, here.replica), Seat(BOB.browser.id, there.replica)
    sync(one, other)
    for held in (one, other):
        found = [line.text for line in lines(held.replica)]
        assert found == [text, text]
        assert [each.encode() for each in found if each] == [text.encode()] * 2


def test_a_group_is_named_by_its_admins_on_any_of_their_devices() -> None:
    club = Club(1, members=[BOB])
    club.commits(ALICE, ALICE.vault)
    title = {"title": "My awesome swarm", "description": None, "avatar": None, "hosts": []}
    author.write(club.replica, ALICE.vault.key, ALICE.account, "update-profile", title, NOW)
    with pytest.raises(ProtocolError, match="event_rights"):
        author.write(club.replica, BOB.browser.key, BOB.account, "update-profile", title, NOW)
    with pytest.raises(ProtocolError, match="schema"):
        club.replica.add(club.forged(ALICE, "update-profile", {**title, "file": "stray"}))
    (named,) = club.replica.state.profile
    event = club.replica.get(named)
    assert event
    assert event.device == ALICE.vault.id
    assert event.body["description"] is None
