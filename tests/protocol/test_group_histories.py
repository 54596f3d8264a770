"""Random histories of groups (SPEC 7.4): whoever hears everything ends alike, and as a plain reading of the
rules says.

GROUP_HISTORIES sets how many there are; GROUP_HISTORIES_FILE names a file that gets them, one a line
(`group_history`).
"""

import json
import os
import random
from itertools import islice
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from homevault.protocol.swarm.state import State
from tests.protocol import group_history
from tests.protocol.group_world import World
from tests.protocol.oracle import Oracle
from tests.vectors.ops import group_view

COUNT = int(os.environ.get("GROUP_HISTORIES", "250"))
FILE = os.environ.get("GROUP_HISTORIES_FILE")


def check_rights(replica: Replica) -> State:
    """The state is what the plain reading makes of the same events, and keeps the promises."""
    oracle = Oracle(replica.display_order())
    state = replica.state
    assert state == oracle.state()
    marks = {id: mark for id in oracle.all if (mark := replica.mark(id))}
    assert marks == oracle.marks(state)
    for removal, (account, device) in state.removals.items():
        assert removal not in state.void
        for event in oracle.control:
            hit = oracle.hits(oracle.all[removal], event) and event.kind != "device.revocation"
            leaves = event.kind == "member.leave" and device is None
            assert not hit or leaves or event.id in state.void
        if device is None and account in state.granted:
            assert removal in oracle.past[state.granted[account][1]]
    return state


def check_seats(world: World, rock: Replica) -> None:
    """Everybody who may still say something has what the creator has."""
    state, view = check_rights(rock), group_view(rock)
    for seat in world.seats:
        if world.entitled(seat):
            assert group_view(seat.replica) == view
            assert seat.replica.state == state


def check_orders(world: World, rock: Replica, chance: random.Random) -> None:
    """Two more replicas hear the same in other orders, and the same bad events are refused for the same."""
    events = [*rock.display_order(), *group_history.refused(world, rock)]
    codes = {event.id: code for event, code in world.refused}
    for _ in range(2):
        other = Replica(MemoryEventStore(), rock.swarm)
        last = {events[place].id: result for place, result in group_history.deliver(other, events, chance)}
        assert group_view(other) == group_view(rock)
        assert other.state == rock.state
        for id, code in codes.items():
            assert last.get(id, {}).get("error", code) == code


@settings(max_examples=COUNT, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.integers(15, 90))
def test_all_end_alike(seed: int, steps: int) -> None:
    world = group_history.told(seed, steps)
    if not world.steady:
        for seat in world.seats:
            check_rights(seat.replica)
        return
    rock = world.settle()
    check_seats(world, rock)
    check_orders(world, rock, random.Random(seed))
    if FILE:
        with Path(FILE).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(group_history.record(world, seed, steps), sort_keys=True) + "\n")


def test_the_committed_few_are_these() -> None:
    made = islice(group_history.few(), group_history.FEW)
    assert group_history.FILE.read_text("utf-8").splitlines(keepends=True) == list(made)
