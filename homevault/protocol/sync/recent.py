"""The latest history at once, vouched for by the own vault, page by page backwards (SPEC 10.6)."""

from collections.abc import Callable, Mapping
from typing import Any

from homevault.protocol.canonical import canonical
from homevault.protocol.certificates import Certificate
from homevault.protocol.errors import ProtocolError
from homevault.protocol.ports import StoredEvent
from homevault.protocol.schema import schema_error
from homevault.protocol.swarm.events import SignedEvent, read_signed_event
from homevault.protocol.sync.checkpoint import Checkpoint, verify_checkpoint
from homevault.protocol.sync.effects import Page, Send
from homevault.protocol.sync.frames import BATCH_BYTES, Frame, from_place, to_place, write_frame
from homevault.protocol.sync.source import EventSource, Place, place_of

MAX_PAGES = 4_096


def write_page(
    source: EventSource, swarm: str, before: Place | None, limit: int, checkpoint: Mapping[str, Any] | None
) -> bytes:
    """The frame with the latest events before a place: about 16 KiB, at least one event if there is one."""
    page: list[StoredEvent] = []
    size = 0
    for event in source.latest_first(before, limit):
        size += len(event.signed)
        if page and size > BATCH_BYTES:
            break
        page.append(event)
    further = list(place_of(page[-1])) if page and page[-1].depth else None
    members = (
        b'{"checkpoint":' + canonical(dict(checkpoint) if checkpoint else None),
        b'"events":[' + b",".join(event.signed for event in page) + b"]",
        b'"kind":"page","next":' + canonical(further),
        b'"swarm":' + canonical(swarm) + b"}",
    )
    return b",".join(members)


class Pages:
    """The questions for the latest history and their answers, in one session and both ways."""

    def __init__(
        self, source: EventSource, swarm: str, vouch: Callable[[], Mapping[str, Any] | None]
    ) -> None:
        self._source = source
        self._swarm = swarm
        self._vouch = vouch
        self._asked = self._answered = 0

    def ask(self, before: Place | None, limit: int) -> Send:
        self._asked += 1
        return Send(write_frame("recent", self._swarm, before=from_place(before), limit=limit))

    def answer(self, frame: Frame) -> Send:
        """The page asked for. `too_many` after too many of them."""
        self._answered += 1
        if self._answered > MAX_PAGES:
            raise ProtocolError("too_many", "recent")
        before = to_place(frame["before"])
        checkpoint = self._vouch() if before is None else None
        return Send(write_page(self._source, self._swarm, before, frame["limit"], checkpoint))

    def take(self, frame: Frame) -> Page:
        """A page that came. `schema` if nothing was asked that it could answer."""
        if not self._asked:
            raise schema_error("kind")
        self._asked -= 1
        return Page(frame["checkpoint"], tuple(frame["events"]), to_place(frame["next"]))


class Recent:
    """What the vault shows of a swarm whose history is not checked here yet. An event counts as vouched for
    if a vouched one names it as parent or the checkpoint names it as head; whether its author was entitled is
    for the sync to find out."""

    def __init__(self, swarm: str, vault: Certificate) -> None:
        self._swarm = swarm
        self._vault = vault
        self._expected: set[str] = set()
        self.checkpoint: Checkpoint | None = None

    def take(self, page: Page) -> list[SignedEvent]:
        """The vouched events of a page, latest first; others, which came to the vault later, are passed over.
        ProtocolError for a checkpoint or event that is bad; `refused` while there is no checkpoint."""
        if page.checkpoint is not None:
            self.checkpoint = verify_checkpoint(page.checkpoint, self._vault, self._swarm)
            self._expected.update(self.checkpoint.heads)
        if self.checkpoint is None:
            raise ProtocolError("refused", "checkpoint")
        return [event for value in page.events if self._vouches(event := read_signed_event(value))]

    def _vouches(self, event: SignedEvent) -> bool:
        if event.id not in self._expected:
            return False
        self._expected.remove(event.id)
        self._expected.update(event.parents)
        return True
