"""What goes beside the history ends alike on every device (SPEC 7.8)."""

from hypothesis import given
from hypothesis import strategies as st

from homevault.protocol.swarm.displayed import Displayed, audience, catch_up, covers, tell
from homevault.protocol.swarm.preferences import Preferences
from tests.vectors.cases.told import ids

EVENTS = {id: (depth // 2, id) for depth, id in enumerate(ids(9))}
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "color": st.sampled_from(["#000000", "#ffffff", None]),
        "symbol": st.sampled_from(["a", "b", None]),
    },
)


@given(st.lists(st.sampled_from(sorted(EVENTS)), min_size=1), st.permutations(sorted(EVENTS)), st.data())
def test_devices_end_at_the_same_mark(marks: list[str], order: list[str], data: st.DataObject) -> None:
    """Whatever the order of marks and events: the latest in display order of all that were told."""
    here: dict[str, tuple[int, str]] = {}
    known = Displayed()
    waiting = data.draw(st.permutations(marks))
    for event in order:
        if waiting and data.draw(st.booleans()):
            known = tell(known, waiting.pop(), here.get)
        here[event] = EVENTS[event]
        known = catch_up(known, here.get)
    for mark in waiting:
        known = tell(known, mark, here.get)
    assert known == Displayed(max(marks, key=EVENTS.__getitem__))


def test_four_messages_and_displayed_on_the_second() -> None:
    first, second, third, fourth = ids(4)
    here = {id: (depth, id) for depth, id in enumerate((first, second, third, fourth))}
    known = tell(Displayed(), second, here.get)
    assert [covers(known, each, here.get) for each in here] == [True, True, False, False]
    assert not covers(Displayed(), first, here.get)


def test_a_step_is_told_once_and_to_those_who_may_know() -> None:
    first, second = ids(2)
    here = {first: (1, first), second: (2, second)}
    step = tell(Displayed(first), second, here.get)
    assert audience(Displayed(first), step, receipts=True) == "everybody"
    assert audience(Displayed(first), step, receipts=False) == "own devices"
    assert audience(step, tell(step, second, here.get), receipts=True) == "nobody"
    assert audience(step, tell(step, first, here.get), receipts=True) == "nobody"


@given(st.lists(st.tuples(st.integers(0, 2), VALUES, st.integers(0, 2)), max_size=12))
def test_preferences_end_alike(deeds: list[tuple[int, dict[str, str | None], int]]) -> None:
    devices = {id: Preferences() for id in ids(3)}
    names = sorted(devices)
    for writer, values, hearer in deeds:
        devices[names[writer]].write(names[writer], **values)
        devices[names[hearer]].merge(devices[names[writer]].entries)
    for _ in range(2):
        for own in devices.values():
            for other in devices.values():
                own.merge(other.entries)
    first, *others = devices.values()
    assert all(other.entries == first.entries for other in others)


def test_a_device_linked_later_learns_them_all() -> None:
    """Two written, one twice: two entries, and the values of the last writings."""
    old, new = ids(2)
    mine = Preferences()
    mine.write(old, color="#000000")
    mine.write(old, color="#123abc", symbol="\u2615")
    assert [entry["name"] for entry in mine.entries] == ["color", "symbol"]
    theirs = Preferences(mine.entries)
    assert theirs.values == mine.values
    assert theirs.write(new, color=None)[0]["number"] == 3
