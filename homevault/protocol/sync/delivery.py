"""How new events reach the members of a swarm (SPEC 10.8)."""

from typing import Literal

MAX_MAILED = 32

Delivery = Literal["events", "announce"]


def delivery(members: int) -> Delivery:
    """Up to 32 members are mailed the events themselves; of more, each is told the heads and pulls."""
    return "events" if members <= MAX_MAILED else "announce"
