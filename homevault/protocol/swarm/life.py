"""How a conversation ends on the devices of one account (SPEC 7.10): removed, left, erased.

Pure: what is to be done comes out as deeds, in order; each may be done twice. Promise: nothing of a removed
conversation comes back by itself, and it is erased only when a leave that others must know of is elsewhere.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from homevault.protocol.swarm.requests import Request
from homevault.protocol.swarm.state import State

# `syncing`: accepted, its history not whole yet. `leaving`: removed here, its leave is to reach others.
# `removed`: another own device is leaving.
Stage = Literal["syncing", "open", "leaving", "removed", "erased"]

# `leave`: write the leave, then `left`. `tell-…`: a letter to the own other devices.
Deed = Literal["leave", "erase", "tell-removed", "tell-erased"]


@dataclass(frozen=True, slots=True)
class Life:
    """Where one conversation is on this device; `leave` is the event that took the account out."""

    stage: Stage = "open"
    leave: str | None = None

    @property
    def shown(self) -> bool:
        return self.stage in ("syncing", "open")

    @property
    def takes_events(self) -> bool:
        """Whether new events are kept; while leaving, unshown, to know who holds the leave."""
        return self.shown or self.stage == "leaving"

    def synced(self) -> "Life":
        """The history is whole, and the account a member."""
        return replace(self, stage="open") if self.stage == "syncing" else self

    def remove(self, others: bool) -> tuple["Life", list[Deed]]:
        """The person removes it. `others`: other accounts are members. A second time does nothing."""
        if not self.shown:
            return self, []
        if self.stage == "syncing" or not others:
            return _erased()
        return replace(self, stage="leaving"), ["tell-removed", "leave"]

    def left(self, event: str) -> "Life":
        """The leave was written."""
        return replace(self, leave=event) if self.stage == "leaving" else self

    def refused(self) -> "Life":
        """The leave is not allowed now (the only admin must make another first): it is there again."""
        return replace(self, stage="open") if self.stage == "leaving" and self.leave is None else self

    def held_by(self, device: str, own: str, covered: bool) -> tuple["Life", list[Deed]]:
        """A device said what it holds, and that covers the leave or not; `own` is this device."""
        if self.stage != "leaving" or self.leave is None or device == own or not covered:
            return self, []
        return _erased()

    def told_removed(self) -> "Life":
        """Another own device removes it."""
        return replace(self, stage="removed") if self.shown else self

    def told_erased(self) -> tuple["Life", list[Deed]]:
        """Another own device has erased it."""
        return (self, []) if self.stage == "erased" else (Life("erased", self.leave), ["erase"])

    def found(self) -> list[Deed]:
        """What a start has to do where data of it lies: a backup or a crash may have left some behind."""
        return ["erase"] if self.stage == "erased" else []


def _erased() -> tuple[Life, list[Deed]]:
    return Life("erased"), ["erase", "tell-erased"]


def has_others(state: State, account: str) -> bool:
    """Whether somebody else is a member."""
    return bool(state.members - {account})


def syncing_info(request: Request, account: str) -> dict[str, Any]:
    """What is told of a conversation that was accepted and whose history is still coming."""
    said = {name: value for name, value in request.wire().items() if name not in ("from", "received")}
    return {**said, "syncing": True, "members": sorted({account, request.sender})}
