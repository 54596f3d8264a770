"""What a sync session wants its shell to do, in this order (SPEC 10)."""

from dataclasses import dataclass
from typing import Any, Literal

from homevault.protocol.certificates import DeviceList
from homevault.protocol.sync.source import Place

# `equal`: both hold the same. `apart`: no more could be done here. `refused`: the peer sent something bad.
# `stopped`: the peer refused us. `unreachable`: it fell silent.
End = Literal["equal", "apart", "refused", "stopped", "unreachable"]


@dataclass(frozen=True, slots=True)
class Send:
    frame: bytes


@dataclass(frozen=True, slots=True)
class Take:
    """Add these signed events, all or none, and tell the session by `taken` or `spoiled` before it is asked
    for anything else."""

    events: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class NewerList:
    """The peer knows a newer device list."""

    list: DeviceList


@dataclass(frozen=True, slots=True)
class ListConflict:
    """The peer holds another list under the same number: some site shows different people different lists."""

    account: str


@dataclass(frozen=True, slots=True)
class Page:
    """An answer to `ask_recent`, for `recent.Recent`. `next` goes further back; None at the beginning."""

    checkpoint: Any
    events: tuple[Any, ...]
    next: Place | None


@dataclass(frozen=True, slots=True)
class Ended:
    """`peer` is the device at the other side; `event` and `code` say what was bad. `late` events by removed
    authors wait for somebody to confirm them."""

    end: End
    peer: str
    code: str | None = None
    event: str | None = None
    added: int = 0
    given: int = 0
    late: int = 0


Effect = Send | Take | NewerList | ListConflict | Page | Ended
