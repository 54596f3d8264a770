"""The frames of a sync: their forms and bytes (SPEC 10.2)."""

from collections.abc import Iterable
from typing import Any

from homevault.protocol import schema
from homevault.protocol.canonical import LIMIT, canonical, parse
from homevault.protocol.errors import ProtocolError
from homevault.protocol.schema import VERSION, Check, schema_error
from homevault.protocol.sync.source import Place

BATCH_BYTES = 16_384
BATCH_EVENTS = 64
MAX_HEADS = 64
MAX_LISTS = 256
VECTOR_DEVICES = 256
MAX_RANGES = 128
RANGE_IDS = 64
MAX_WANTED = 1_000
PAGE_EVENTS = 64

Frame = dict[str, Any]

_any = schema.opened()
_depth = schema.integer()


def check_place(value: Any, path: str) -> None:
    """[depth, id]."""
    _pair(value, path, _depth)


def _numbered(value: Any, path: str) -> None:
    """[number, id] of a device list."""
    _pair(value, path, schema.integer(1))


def _pair(value: Any, path: str, first: Check) -> None:
    if type(value) is not list or len(value) != 2:
        raise schema_error(path)
    first(value[0], path)
    schema.key(value[1], path)


_range = schema.closed(
    to=schema.nullable(check_place),
    count=schema.nullable(schema.integer()),
    fingerprint=schema.nullable(schema.key),
    ids=schema.nullable(schema.listing(schema.key, 0, RANGE_IDS)),
)


def _check_range(value: Any, path: str) -> None:
    """It says nothing, count and fingerprint, or the ids."""
    _range(value, path)
    summed = value["fingerprint"] is not None
    if (value["count"] is not None) != summed or (summed and value["ids"] is not None):
        raise schema_error(path)


def _frame(**members: Check) -> Check:
    return schema.closed(kind=schema.label(), swarm=schema.key, **members)


_FORMS: dict[str, Check] = {
    "hello": _frame(
        v=schema.version,
        heads=schema.sorted_ids(0, MAX_HEADS),
        count=schema.integer(),
        fingerprint=schema.key,
        late=schema.integer(),
        lists=schema.mapping(schema.key, _numbered, 0, MAX_LISTS),
    ),
    "list": _frame(list=_any),
    "vector": _frame(devices=schema.mapping(schema.key, check_place, 0, VECTOR_DEVICES), last=schema.boolean),
    "ranges": _frame(ranges=schema.listing(_check_range, 1, MAX_RANGES)),
    "want": _frame(events=schema.listing(schema.key, 1, MAX_WANTED)),
    "events": _frame(events=schema.listing(_any, 1, BATCH_EVENTS)),
    "got": _frame(frames=schema.integer(1)),
    "end": _frame(mismatch=schema.boolean),
    "recent": _frame(before=schema.nullable(check_place), limit=schema.integer(1, PAGE_EVENTS)),
    "page": _frame(
        checkpoint=schema.nullable(_any),
        events=schema.listing(_any, 0, PAGE_EVENTS),
        next=schema.nullable(check_place),
    ),
    "bye": _frame(
        code=schema.nullable(schema.matching("[a-z0-9_]{1,64}")), event=schema.nullable(schema.key)
    ),
}
_kinded = schema.opened(kind=schema.label())


def write_frame(kind: str, swarm: str, **members: Any) -> bytes:
    return canonical({"kind": kind, "swarm": swarm, **members})


def write_hello(swarm: str, **members: Any) -> bytes:
    return write_frame("hello", swarm, v=VERSION, **members)


def write_events(swarm: str, events: Iterable[bytes]) -> bytes:
    """The canonical frame around events that are canonical bytes already."""
    return b'{"events":[' + b",".join(events) + b'],"kind":"events","swarm":"' + swarm.encode() + b'"}'


def read_frame(data: bytes, swarm: str) -> Frame:
    """A frame of good form. Signed things in it are not checked. `unknown_type` for another kind, `refused`
    for another swarm."""
    value = parse(data, LIMIT)
    _kinded(value, "frame")
    form = _FORMS.get(value["kind"])
    if form is None:
        raise ProtocolError("unknown_type", "kind")
    form(value, value["kind"])
    if value["swarm"] != swarm:
        raise ProtocolError("refused", "swarm")
    frame: Frame = value
    return frame


def to_place(value: list[Any] | None) -> Place | None:
    """The place that a checked `[depth, id]` or null says."""
    return None if value is None else (value[0], value[1])


def from_place(place: Place | None) -> list[Any] | None:
    return None if place is None else list(place)
