"""What it costs to resolve a group from nothing: `python -m tests.protocol.resolve_cost` prints milliseconds.

The events are made up: `resolve` sees only what was judged before.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.resolve import Node, resolve


class Made:
    """Control events that look like ones; ids are numbers."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.add("creator", "initial", {"mode": 2, "peer": None}, [])

    def add(self, author: str, kind: str, body: dict[str, Any], parents: list[int]) -> int:
        place = len(self.nodes)
        above = [self.nodes[parent] for parent in parents]
        past = 0
        for node in above:
            past |= node.past | node.bit
        depth = 1 + max((node.event.depth for node in above), default=-1)
        event = SignedEvent(
            f"{place:043d}",
            "0" * 43,
            tuple(node.event.id for node in above),
            depth,
            author,
            f"{author}/device",
            0,
            None,
            kind.split(".")[0],
            kind,
            body,
            0,
            b"",
        )
        self.nodes.append(Node(event, 1 << place, past))
        return place

    def welcome(self, name: str, admin: bool = False) -> None:
        """One more in a chain."""
        self.chained("creator", "member.add", {"account": name, "invite": None})
        self.chained(name, "member.join", {})
        if admin:
            self.chained("creator", "member.grant", {"account": name})

    def chained(self, author: str, kind: str, body: dict[str, Any]) -> int:
        return self.add(author, kind, body, [len(self.nodes) - 1])

    def ban(self, author: str, whom: str, parents: list[int], votes: list[int], quorum: int) -> int:
        cited = [self.nodes[vote].event.id for vote in votes]
        body = {"account": whom, "device": None, "quorum": quorum, "senior": "0" * 43, "votes": cited}
        return self.add(author, "member.ban", body, parents)

    def grant_of(self, account: str) -> str:
        return next(
            n.event.id
            for n in self.nodes
            if n.event.kind == "member.grant" and n.event.body["account"] == account
        )


def ordinary() -> list[Node]:
    """1,000 control events on up to four branches, 50 of them bans."""
    chance, made = random.Random(1), Made()
    for number in range(20):
        made.welcome(f"admin{number}", admin=True)
    for number in range(100):
        made.welcome(f"member{number}")
    heads = [len(made.nodes) - 1]
    while len(made.nodes) < 1_000:
        parents = sorted(chance.sample(heads, min(len(heads), chance.choice([1, 1, 1, 2]))))
        admin = f"admin{chance.randrange(20)}"
        number = len(made.nodes)
        if number % 14 == 0:
            place = made.ban(admin, f"member{chance.randrange(100)}", parents, [], 1)
        elif number % 3:
            place = made.add(admin, "update-profile", {}, parents)
        else:
            place = made.add(admin, "member.add", {"account": f"new{number}", "invite": None}, parents)
        kept = [head for head in heads if head not in parents or chance.random() < 0.3]
        heads = [*kept[-3:], place]
    return made.nodes


def votes_fall(count: int = 480) -> list[Node]:
    """A device with very many histories votes for very many bans, and is banned beside all of them."""
    made = Made()
    for name in ("voter", "banner", "other"):
        made.welcome(name, admin=True)
    made.welcome("victim")
    start = [len(made.nodes) - 1]
    votes = [made.add("voter", "vote", {}, start) for _ in range(count)]
    for vote in votes:
        made.ban("banner", "victim", [vote], [vote], 2)
    made.ban("creator", "voter", start, [], 1)
    return made.nodes


def ladder(count: int = 250) -> list[Node]:
    """Each bans the next more senior one, all at once: one after another falls."""
    made = Made()
    for number in range(count):
        made.welcome(f"admin{number}", admin=True)
    start = [len(made.nodes) - 1]
    for number in range(1, count):
        place = made.ban(f"admin{number}", f"admin{number - 1}", start, [], 1)
        made.nodes[place].event.body["senior"] = made.grant_of(f"admin{number}")
    return made.nodes


def early_returns(count: int = 198) -> list[Node]:
    """As `votes_fall`, but each ban that falls gives back an event near the beginning."""
    made = Made()
    for name in ("voter", "banner"):
        made.welcome(name, admin=True)
    for number in range(count):
        made.welcome(f"victim{number}")
    start = [len(made.nodes) - 1]
    for number in range(count):
        made.add(f"victim{number}", "member.add", {"account": f"new{number}", "invite": None}, start)
    votes = [made.add("voter", "vote", {}, start) for _ in range(count)]
    for number, vote in enumerate(votes):
        made.ban("banner", f"victim{number}", [vote], [vote], 2)
    made.ban("creator", "voter", start, [], 1)
    return made.nodes


HARD = (votes_fall, ladder, early_returns)


def milliseconds(make: Callable[[], list[Node]], rounds: int = 5) -> float:
    """The best of some rounds."""
    nodes = make()
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        resolve(nodes)
        best = min(best, time.process_time() - start)
    return best * 1_000


def main() -> None:
    for make in (ordinary, *HARD):
        nodes = make()
        bans = sum(node.event.kind == "member.ban" for node in nodes)
        print(f"{make.__name__}: {len(nodes)} events, {bans} bans: {milliseconds(make):.1f} ms")


if __name__ == "__main__":
    main()
