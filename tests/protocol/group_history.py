"""Random histories of groups written down, so that the other implementation can go through the same.

A history is `{seed, steps, swarm, events, deliveries, expected}`: `events` are signed ones, good and bad;
`deliveries` are `[place in events, outcome, digest]`, what an empty replica is given next, what
`tests.vectors.ops.step` says of that, and the hash (kind `view`) of its `group_view` then; `expected` is the
`group_view` after all.

`python -m tests.protocol.group_history` makes the committed few again, one JSON object a line.
"""

import json
import random
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

from homevault.protocol.canonical import canonical, hash_bytes
from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.memory import MemoryEventStore
from homevault.protocol.swarm.replica import Replica
from tests.protocol.group_world import World, progress
from tests.vectors.ops import group_view, step

FILE = Path(__file__).parents[1] / "data" / "group-histories.jsonl"
FEW, STEPS = 8, 30


def told(seed: int, steps: int) -> World:
    world = World(seed)
    for _ in range(steps):
        world.step()
    return world


def record(world: World, seed: int, steps: int) -> dict[str, Any]:
    """A settled world's history as its creator has it, and how an empty replica takes it."""
    rock = world.seats[0].replica
    good = list(rock.display_order())
    events = good + refused(world, rock)
    replica = Replica(MemoryEventStore(), good[0].id)
    deliveries = [
        (place, outcome, hash_bytes("view", canonical(group_view(replica))))
        for place, outcome in deliver(replica, events, random.Random(seed))
    ]
    return {
        "seed": seed,
        "steps": steps,
        "swarm": good[0].id,
        "events": [event.wire for event in events],
        "deliveries": deliveries,
        "expected": group_view(replica),
    }


def refused(world: World, rock: Replica) -> list[SignedEvent]:
    """The bad events that can be judged with what the creator has."""
    held = {event.id for event in rock.display_order()}
    return [event for event, _ in world.refused if held.issuperset(event.parents)]


def deliver(
    replica: Replica, events: list[SignedEvent], chance: random.Random
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give a replica everything in a random order, and again what it still lacks, as long as that changes
    something; what comes of each."""
    order = chance.sample(range(len(events)), len(events))
    before = None
    while before != progress(replica):
        before = progress(replica)
        for place in order:
            yield place, step(replica, events[place])
        order = [place for place in order if replica.store.get(events[place].id) is None]


def few() -> Iterator[str]:
    """Lines of the first histories in which a ban ended void."""
    for seed in count():
        world = told(seed, STEPS)
        if world.steady:
            void = world.settle().state.void
            if any(event.id in void and event.kind == "member.ban" for event in world.written):
                yield json.dumps(record(world, seed, STEPS), sort_keys=True) + "\n"


def main() -> None:
    FILE.write_text("".join(islice(few(), FEW)), "utf-8")


if __name__ == "__main__":
    main()
