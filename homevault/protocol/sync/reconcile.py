"""One round of comparing ranges (SPEC 10.4): what comes is answered, and what the other side lacks gathers.

A frame of ranges covers from where the round began up to its last range; what no frame covers any more waits
for the next round. So at the end everything up to `ceiling` is settled, and what is given stands on nothing
that the other side lacks.
"""

from dataclasses import dataclass, field
from typing import Any

from homevault.protocol.errors import ProtocolError
from homevault.protocol.sync.frames import MAX_RANGES, MAX_WANTED, RANGE_IDS, Frame, from_place, to_place
from homevault.protocol.sync.ranges import RangeIndex, fingerprint
from homevault.protocol.sync.source import EventSource, Place, place_of

PIECES = 16
MAX_GIVEN = 1_000
MAX_FRAMES = 64
MAX_LISTED = 512

Range = Frame
Bound = Place | None


@dataclass(frozen=True, slots=True)
class Answer:
    """`ranges` cover what was asked, if anything was; `open` says whether any of them asks in turn. `wanted`
    are ids."""

    ranges: list[Range]
    wanted: list[str]
    open: bool


@dataclass
class Reconciliation:
    """`floor`: up to here both sides are known to agree. `listing`: compare ids, never fingerprints."""

    source: EventSource
    index: RangeIndex
    floor: Bound
    listing: bool
    ceiling: Bound = None
    _given: set[Place] = field(default_factory=set)
    _frames: int = 0
    _wants: int = 0

    def begin(self) -> list[Range]:
        """The ranges of the first frame."""
        ranges = self._listed() if self.listing else self._halved(self.floor, None)
        return self._covering(ranges)

    def receive(self, ranges: list[Range]) -> Answer:
        """Answer the ranges of a frame. `schema` if they do not ascend, `too_many` after too many frames."""
        self._frames += 1
        if self._frames > MAX_FRAMES:
            raise ProtocolError("too_many", "ranges")
        self._check(ranges)
        if not any(_is_open(each) for each in ranges):
            self._lower(to_place(ranges[-1]["to"]))
            return Answer([], [], open=False)
        reply: list[Range] = []
        wanted: list[str] = []
        after = self.floor
        for each in ranges:
            upto = to_place(each["to"])
            reply += self._answer(after, upto, each, wanted)
            after = upto
            if self._full() or _fills_frame(reply) or len(wanted) > MAX_WANTED - RANGE_IDS:
                break
        self._lower(after)
        reply = self._covering(reply)
        return Answer(reply, wanted, any(_is_open(each) for each in reply))

    def _check(self, ranges: list[Range]) -> None:
        after = self.floor
        for number, each in enumerate(ranges, 1):
            upto = to_place(each["to"])
            if (upto is None and number < len(ranges)) or not _ascends(after, upto):
                raise ProtocolError("schema", "ranges")
            after = upto

    def give(self, ids: list[str]) -> None:
        """The other side asked for these. Ids that are not here are passed over. `too_many` after more
        questions than there can be frames to ask about."""
        self._wants += 1
        if self._wants > MAX_FRAMES:
            raise ProtocolError("too_many", "want")
        found = (self.source.get(id) for id in ids)
        self._given.update(place_of(event) for event in found if event)

    def given(self) -> list[Place]:
        """What to push when the round is over, parents before children."""
        return sorted(place for place in self._given if self._settled(place))

    def _answer(self, after: Bound, upto: Bound, asked: Range, wanted: list[str]) -> list[Range]:
        if asked["ids"] is not None:
            self._compare(after, upto, asked["ids"], wanted)
        elif asked["fingerprint"] is not None:
            own = self.index.summary(after, upto)
            if not asked["count"]:
                self._compare(after, upto, [], wanted)
            elif (own[0], fingerprint(own)) != (asked["count"], asked["fingerprint"]):
                return self._halved(after, upto)
        return [_range(upto)]

    def _compare(self, after: Bound, upto: Bound, theirs: list[str], wanted: list[str]) -> None:
        listed = set(theirs)
        for place in self.index.places(after, upto):
            if place[1] in listed:
                listed.discard(place[1])
            else:
                self._given.add(place)
                if self._full():
                    self._lower(place)
                    break
        wanted += [id for id in theirs if id in listed and self.source.get(id) is None]

    def _halved(self, after: Bound, upto: Bound) -> list[Range]:
        """A range that differs, in smaller ones; a small one by its ids."""
        count, _ = self.index.summary(after, upto)
        if count <= RANGE_IDS:
            return [_range(upto, ids=[id for _, id in self.index.places(after, upto)])]
        found = []
        for cut in self.index.cuts(after, upto, PIECES):
            own = self.index.summary(after, cut)
            found.append(_range(cut, count=own[0], fingerprint=fingerprint(own)))
            after = cut
        return found

    def _listed(self) -> list[Range]:
        """The next ids, some hundred."""
        found: list[Range] = []
        ids: list[Place] = []
        for place in self.index.places(self.floor, None):
            ids.append(place)
            if len(ids) == RANGE_IDS:
                found.append(_range(place, ids=[id for _, id in ids]))
                ids = []
            if len(found) * RANGE_IDS >= MAX_LISTED:
                self._lower(place)
                return found
        return [*found, _range(None, ids=[id for _, id in ids])]

    def _full(self) -> bool:
        return len(self._given) >= MAX_GIVEN

    def _covering(self, ranges: list[Range]) -> list[Range]:
        """The ranges up to the ceiling."""
        if self.ceiling is None:
            return ranges
        ends = ((each, to_place(each["to"])) for each in ranges)
        kept = [each for each, end in ends if end is not None and end <= self.ceiling]
        if not kept or to_place(kept[-1]["to"]) != self.ceiling:
            kept.append(_range(self.ceiling))
        return kept

    def _lower(self, bound: Bound) -> None:
        if bound is not None and (self.ceiling is None or bound < self.ceiling):
            self.ceiling = bound

    def _settled(self, place: Place) -> bool:
        return self.ceiling is None or place <= self.ceiling


def _range(to: Bound, **members: Any) -> Range:
    return {"count": None, "fingerprint": None, "ids": None, **members, "to": from_place(to)}


def _fills_frame(ranges: list[Range]) -> bool:
    """Whether the answer to one more range might not fit."""
    listed = sum(len(each["ids"] or ()) for each in ranges)
    return len(ranges) > MAX_RANGES - PIECES or listed > MAX_LISTED


def _is_open(each: Range) -> bool:
    return each["fingerprint"] is not None or each["ids"] is not None


def _ascends(after: Bound, upto: Bound) -> bool:
    return after is None or upto is None or after < upto
