"""How far somebody has read a conversation (SPEC 7.8): one mark an account, told between its devices and, if
it wishes, to the others.

Promise: whoever is told the same marks and holds the same events ends with the same one, in whatever order
they came. Limit: `KEPT` marks wait for events that are not held.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from homevault.protocol.swarm.state import Place

KEPT = 16

# (depth, id) of an event that is held, None for others.
Where = Callable[[str], Place | None]


@dataclass(frozen=True, slots=True)
class Displayed:
    """`event` and all before it in display order were shown. `kept` were told of, but are not held yet."""

    event: str | None = None
    kept: tuple[str, ...] = ()


def tell(known: Displayed, event: str, where: Where) -> Displayed:
    """After a mark for this event came from a device of the account, or the account wrote it."""
    if event == known.event or event in known.kept:
        return known
    if known.event is None:
        return Displayed(event, known.kept)
    place, before = where(event), where(known.event)
    if place is None:
        return _keep(known, event)
    if before is None:
        return _keep(Displayed(event, known.kept), known.event)
    return Displayed(event, known.kept) if place > before else known


def catch_up(known: Displayed, where: Where) -> Displayed:
    """After new events came: what had waited for them counts."""
    here = [event for event in known.kept if where(event) is not None]
    found = Displayed(known.event, tuple(event for event in known.kept if event not in here))
    for event in here:
        found = tell(found, event, where)
    return found


def covers(known: Displayed, event: str, where: Where) -> bool:
    """Whether this event that is held was displayed."""
    place = where(event)
    mark = where(known.event) if known.event else None
    return place is not None and mark is not None and place <= mark


def audience(
    before: Displayed, after: Displayed, receipts: bool
) -> Literal["nobody", "own devices", "everybody"]:
    """Who is told of a step of one's own; without `receipts` only one's own devices learn it."""
    if before.event == after.event:
        return "nobody"
    return "everybody" if receipts else "own devices"


def _keep(known: Displayed, event: str) -> Displayed:
    return Displayed(known.event, (*known.kept, event)[-KEPT:])
