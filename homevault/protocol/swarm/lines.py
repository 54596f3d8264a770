"""One line of a conversation as it is shown (SPEC 7.6): an event with what later ones make of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from homevault.protocol.swarm.events import SignedEvent
from homevault.protocol.swarm.late import Mark
from homevault.protocol.swarm.state import Place

Look = Literal["text", "file", "call", "newer", "control"]

# Content that stands in no line of its own but changes others.
AMENDING = frozenset({"edit", "delete", "reaction"})
_SILENT = frozenset({"merge", "device", "device.revocation"}) | AMENDING
_LOOKS: dict[str, Look] = {"text": "text", "data-transfer": "file", "call-history": "call"}

# The events that stand (no mark) and name this one as `target`, in any order.
Naming = Callable[[str], Iterable[SignedEvent]]


@dataclass(frozen=True, slots=True)
class Reaction:
    """`events` are all of this author with this emoji: deleting them all takes it back."""

    emoji: str
    author: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """`text` is what a `text` says now, None if it was deleted or is no text; `edit` is the event that says
    so, None for the original."""

    event: SignedEvent
    look: Look
    text: str | None
    edit: str | None
    deleted: bool
    reactions: tuple[Reaction, ...]
    mark: Mark | None


def look_of(event: SignedEvent) -> Look | None:
    """How an event is drawn; None if it has no line of its own."""
    if event.kind in _SILENT or (event.type == "call-history" and event.body["outcome"] != "started"):
        return None
    return "control" if event.control else _LOOKS.get(event.type, "newer")


def show(event: SignedEvent, look: Look, mark: Mark | None, naming: Naming) -> Line:
    """The line of an event that has one."""
    named = [] if look == "control" else sorted(naming(event.id), key=place_of)
    if any(each.type == "delete" and each.author == event.author for each in named):
        return Line(event, look, None, None, True, (), mark)
    text, edit = _wording(event, named) if look == "text" else (None, None)
    return Line(event, look, text, edit, False, _reactions(named, naming), mark)


def place_of(event: SignedEvent) -> Place:
    return (event.depth, event.id)


def _wording(event: SignedEvent, named: list[SignedEvent]) -> tuple[str, str | None]:
    edits = [each for each in named if each.type == "edit" and each.author == event.author]
    return (edits[-1].body["text"], edits[-1].id) if edits else (event.body["text"], None)


def _reactions(named: list[SignedEvent], naming: Naming) -> tuple[Reaction, ...]:
    """Those not taken back, an author's equal ones together, in the order of the first."""
    found: dict[tuple[str, str], list[str]] = {}
    for event in named:
        if event.type == "reaction" and not _is_taken_back(event, naming):
            found.setdefault((event.body["emoji"], event.author), []).append(event.id)
    return tuple(Reaction(emoji, author, tuple(ids)) for (emoji, author), ids in found.items())


def _is_taken_back(reaction: SignedEvent, naming: Naming) -> bool:
    return any(each.type == "delete" and each.author == reaction.author for each in naming(reaction.id))
