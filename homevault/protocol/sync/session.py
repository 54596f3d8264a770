"""One sync of one swarm with one device over an ordered link (SPEC section 10), without sockets or clocks.

`start`, `receive`, `taken`, `spoiled`, `ask_recent`, `tick` and `lost` give effects for the shell, in order.
A session reads the history and never writes it, and holds nothing that writing here has to wait for. After
`Ended` nothing more comes out. Rounds go on until both say the same of what they hold: first by the latest
event of each device; where that cannot tell by ranges; where these do not help by ids alone.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from homevault.protocol.certificates import DeviceList
from homevault.protocol.errors import ProtocolError
from homevault.protocol.sync import frames
from homevault.protocol.sync.checkpoint import heads_fingerprint
from homevault.protocol.sync.effects import Effect, End, Ended, Send, Take
from homevault.protocol.sync.frames import Frame, write_frame, write_hello
from homevault.protocol.sync.lists import Lists
from homevault.protocol.sync.pull import Spoiled, Taken
from homevault.protocol.sync.ranges import RangeIndex
from homevault.protocol.sync.recent import Pages
from homevault.protocol.sync.reconcile import Reconciliation
from homevault.protocol.sync.sending import Outgoing, at_places
from homevault.protocol.sync.source import EventSource, Place
from homevault.protocol.sync.unread import Unread
from homevault.protocol.sync.vector import Vector, missing_runs, vector_frames

SILENCE = 30_000
MAX_ROUNDS = 2_000

_GREETING, _COMPARING, _PUSHING, _LEAVING, _OVER = "greeting", "comparing", "pushing", "leaving", "over"
_METHODS = ("vector", "ranges", "ids")


class Session:
    """`own` and `peer` are the devices that the link proved; the lower id leads. `lists` are the newest
    device lists known here, `vouch` signs a checkpoint of what is held now, if this device is a vault of the
    peer's account."""

    def __init__(
        self,
        source: EventSource,
        swarm: str,
        own: str,
        peer: str,
        now: int,
        lists: Iterable[DeviceList] = (),
        vouch: Callable[[], Mapping[str, Any] | None] = lambda: None,
    ) -> None:
        if own == peer:
            raise ValueError("a device does not sync with itself")
        self._source = source
        self._swarm = swarm
        self._leads = own < peer
        self._peer = peer
        self._lists = Lists(swarm, lists)
        self._index = RangeIndex(source)
        self._outgoing = Outgoing(swarm)
        self._pages = Pages(source, swarm, vouch)
        self._unread = Unread()
        self._heard = now
        self._phase = _GREETING
        self._taking = False
        self._effects: list[Effect] = []
        self._added = self._late = self._rounds = self._taken_frames = 0
        # Of the round: what both said they hold, how they compare, what became of it.
        self._mine = self._theirs = (0, "")
        self._last: object = None
        self._method = 0
        self._floor: Place | None = None
        self._vector = Vector()
        self._reconciliation: Reconciliation | None = None
        self._mismatch = self._ended_here = self._ended_there = False
        self._end: End = "apart"

    @property
    def over(self) -> bool:
        return self._phase == _OVER

    def start(self) -> list[Effect]:
        self._greet(self._lists.numbers())
        return self._flush()

    def receive(self, frame: bytes, now: int) -> list[Effect]:
        """A frame that came; those that come while a batch is being taken wait."""
        if self._phase == _OVER:
            return []
        self._heard = now
        try:
            self._unread.push(frame)
        except ProtocolError as error:
            self._refuse(error.code)
        self._read()
        return self._flush()

    def taken(self, result: Taken) -> list[Effect]:
        """The batch of the last `Take` is in the history, durably."""
        self._taking = False
        self._added += len(result.added)
        self._late = result.late
        for event in result.added:
            self._index.note((event.depth, event.id))
        self._acknowledge()
        self._read()
        return self._flush()

    def spoiled(self, reason: Spoiled) -> list[Effect]:
        """The batch of the last `Take` was bad and nothing of it was kept."""
        self._refuse(reason.code, reason.event)
        return self._flush()

    def tick(self, now: int) -> list[Effect]:
        """The session ends when nothing came for `SILENCE` ms."""
        silent = not self._taking and now - self._heard >= SILENCE
        return self.lost() if silent else self._flush()

    def lost(self) -> list[Effect]:
        """The link has ended."""
        if self._phase != _OVER:
            self._finish(self._end if self._phase == _LEAVING else "unreachable")
        return self._flush()

    def ask_recent(self, before: Place | None = None, limit: int = frames.PAGE_EVENTS) -> list[Effect]:
        """Ask for the latest events before a place; the answer is a `Page`."""
        self._effects.append(self._pages.ask(before, limit))
        return self._flush()

    # Reading

    def _read(self) -> None:
        while not self._taking and self._phase != _OVER and (data := self._unread.pop()) is not None:
            try:
                frame = frames.read_frame(data, self._swarm)
                _HANDLERS[frame["kind"]](self, frame)
            except ProtocolError as error:
                self._refuse(error.code)

    def _on_hello(self, frame: Frame) -> None:
        self._require(self._phase == _GREETING and not (self._rounds and frame["lists"]))
        self._theirs = (frame["count"], frame["fingerprint"])
        if len(frame["heads"]) < frames.MAX_HEADS and heads_fingerprint(frame["heads"]) != self._theirs[1]:
            raise ProtocolError("history_mismatch", "fingerprint")
        self._effects += self._lists.answer(frame["lists"])
        if self._theirs[1] == self._mine[1]:
            if self._theirs != self._mine:
                raise ProtocolError("history_mismatch", "count")
            self._leave("equal")
        elif self._rounds >= MAX_ROUNDS or not self._choose(frame["late"]):
            self._leave("apart")
        else:
            self._compare()

    def _choose(self, late: int) -> bool:
        """How to compare in this round; false if nothing is left to try."""
        pair, self._last = self._last, (self._mine, self._theirs)
        stuck = pair == self._last and self._floor is None
        if self._mismatch or stuck:
            self._method += 1
        useless = self._method == 2 and stuck and bool(late or self._late)
        return self._method < len(_METHODS) and not useless

    def _compare(self) -> None:
        self._rounds += 1
        self._phase = _COMPARING
        self._mismatch = self._ended_here = self._ended_there = False
        self._vector = Vector()
        if self._method == 0:
            self._effects += [Send(frame) for frame in vector_frames(self._source, self._swarm)]
            return
        self._index.refresh()
        self._reconciliation = Reconciliation(self._source, self._index, self._floor, self._method == 2)
        if self._leads:
            self._send("ranges", ranges=self._reconciliation.begin())

    def _on_vector(self, frame: Frame) -> None:
        self._require(self._phase == _COMPARING and self._method == 0)
        if not self._vector.take(frame):
            return
        events = missing_runs(self._source, self._vector.devices)
        self._phase = _PUSHING
        if events is None:
            self._mismatch = True
        elif not self._mismatch:
            self._outgoing.give(events)
        self._push()

    def _on_ranges(self, frame: Frame) -> None:
        reconciliation = self._reconciling()
        answer = reconciliation.receive(frame["ranges"])
        if answer.wanted:
            self._send("want", events=answer.wanted)
        if answer.ranges:
            self._send("ranges", ranges=answer.ranges)
        if not answer.open:
            self._settle(reconciliation)

    def _on_want(self, frame: Frame) -> None:
        self._reconciling().give(frame["events"])

    def _reconciling(self) -> Reconciliation:
        self._require(self._phase == _COMPARING and self._method > 0)
        assert self._reconciliation is not None
        return self._reconciliation

    def _settle(self, reconciliation: Reconciliation) -> None:
        """Both know what the other lacks."""
        self._floor = reconciliation.ceiling
        self._phase = _PUSHING
        self._outgoing.give(at_places(self._source, reconciliation.given()))
        self._push()

    def _on_events(self, frame: Frame) -> None:
        self._require(self._phase in (_COMPARING, _PUSHING) and not self._ended_there)
        if self._mismatch:
            self._acknowledge()
            return
        self._taking = True
        self._effects.append(Take(tuple(frame["events"])))

    def _on_got(self, frame: Frame) -> None:
        self._outgoing.got(frame["frames"])
        if self._phase == _PUSHING:
            self._push()

    def _on_end(self, frame: Frame) -> None:
        self._require(self._phase in (_COMPARING, _PUSHING) and not self._ended_there)
        self._ended_there = True
        if frame["mismatch"]:
            self._require(self._method == 0)
            self._mismatch = True
            self._outgoing.drop()
        if self._phase == _PUSHING:
            self._push()

    def _on_bye(self, frame: Frame) -> None:
        if frame["code"] is not None:
            self._finish("stopped", frame["code"], frame["event"])
        else:
            self._finish(self._end if self._phase == _LEAVING else "apart")

    def _on_list(self, frame: Frame) -> None:
        self._effects.append(self._lists.take(frame["list"]))

    def _on_recent(self, frame: Frame) -> None:
        self._effects.append(self._pages.answer(frame))

    def _on_page(self, frame: Frame) -> None:
        self._effects.append(self._pages.take(frame))

    # Writing

    def _greet(self, lists: dict[str, list[Any]]) -> None:
        heads = self._source.heads()
        self._phase = _GREETING
        self._mine = (self._source.count(), heads_fingerprint(heads))
        count, fingerprint = self._mine
        few = list(heads[: frames.MAX_HEADS])
        self._effects.append(
            Send(
                write_hello(
                    self._swarm,
                    heads=few,
                    count=count,
                    fingerprint=fingerprint,
                    late=self._late,
                    lists=lists,
                )
            )
        )

    def _push(self) -> None:
        """Send what may go, and the end after the last; then the next round once both are at the end."""
        self._effects += [Send(frame) for frame in self._outgoing.frames()]
        if self._outgoing.done and not self._ended_here:
            self._ended_here = True
            self._send("end", mismatch=self._mismatch)
        if self._ended_here and self._ended_there:
            self._greet({})

    def _acknowledge(self) -> None:
        self._taken_frames += 1
        self._send("got", frames=self._taken_frames)

    def _leave(self, end: End) -> None:
        """Say goodbye and wait for the other's."""
        self._phase = _LEAVING
        self._end = end
        self._send("bye", code=None, event=None)

    def _refuse(self, code: str, event: str | None = None) -> None:
        if self._phase != _OVER:
            self._send("bye", code=code, event=event)
            self._finish("refused", code, event)

    def _finish(self, end: End, code: str | None = None, event: str | None = None) -> None:
        self._phase = _OVER
        given, late = self._outgoing.given, self._late
        self._effects.append(Ended(end, self._peer, code, event, self._added, given, late))
        self._unread.clear()

    def _send(self, kind: str, **members: Any) -> None:
        self._effects.append(Send(write_frame(kind, self._swarm, **members)))

    def _require(self, in_turn: bool) -> None:
        if not in_turn:
            raise ProtocolError("schema", "kind")

    def _flush(self) -> list[Effect]:
        effects, self._effects = self._effects, []
        return effects


_HANDLERS: dict[str, Callable[[Session, Frame], None]] = {
    "hello": Session._on_hello,
    "list": Session._on_list,
    "vector": Session._on_vector,
    "ranges": Session._on_ranges,
    "want": Session._on_want,
    "events": Session._on_events,
    "got": Session._on_got,
    "end": Session._on_end,
    "recent": Session._on_recent,
    "page": Session._on_page,
    "bye": Session._on_bye,
}
