"""Reading the events that a replica is given, one or many. Each that is bad gives its own error."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from homevault.protocol.errors import ProtocolError
from homevault.protocol.swarm.events import (
    SignedEvent,
    UnverifiedEvent,
    form_event,
    read_signed_event,
    verify_event,
)

# An event as it was read, as its wire form, or as the canonical bytes of that.
Given = SignedEvent | Mapping[str, Any] | bytes
_TOGETHER = 512


def read(given: Given) -> SignedEvent:
    return given if isinstance(given, SignedEvent) else read_signed_event(given)


def read_all(given: Iterable[Given]) -> Iterator[SignedEvent | ProtocolError]:
    """As `read` for each in turn; some are read ahead."""
    left = iter(given)
    # Each step is done for many: by turns they push each other out of the processor's caches.
    while some := list(islice(left, _TOGETHER)):
        formed = [_form(each) for each in some]
        yield from [_verify(each) for each in formed]


def _form(given: Given) -> SignedEvent | UnverifiedEvent | ProtocolError:
    try:
        return given if isinstance(given, SignedEvent) else form_event(given)
    except ProtocolError as error:
        return error


def _verify(formed: SignedEvent | UnverifiedEvent | ProtocolError) -> SignedEvent | ProtocolError:
    try:
        return verify_event(formed) if isinstance(formed, UnverifiedEvent) else formed
    except ProtocolError as error:
        return error
