"""What the relay asks of the site around it: who may connect, who is listed here, where mail goes.

`settings.SIGNALING_POLICY` is the dotted path of one object that is a `Policy`. The relay calls it from its
event loop and never holds a lock or a transaction while it waits. A refusal is a ProtocolError whose code
goes to the asker as it is; any other exception is logged and told as `internal`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from homevault.protocol.addresses import Address
    from homevault.protocol.envelope import Envelope
    from homevault.protocol.handshake import Hello
    from homevault.protocol.keys import SignKey


Answers = list[dict[str, Any]]
"""Each `{"type": str, "fields": dict}`; the relay makes it an envelope of the site to one device."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A device that may speak for `username` here. `role` is that of its certificate; `session` names the
    login that it came with, and is empty where there is none."""

    account: str
    username: str
    device: str
    role: str
    session: str = ""


class Policy(Protocol):
    """One object for the life of the process."""

    def site_key(self) -> SignKey:
        """The key that signs the handshake and every envelope the site itself sends. Cheap."""

    def site_address(self) -> Address:
        """This site; its username is empty. "Here" is its (ip, port). Cheap."""

    def origins(self) -> frozenset[str]:
        """The web origins this site is dialled at, such as `https://example.org`. Cheap."""

    async def admit(self, hello: Hello, cookies: Mapping[str, str], headers: Mapping[str, str]) -> Admitted:
        """Who the key of a `device` hello is here; called before its proof. Header names are lower case; a
        request with an `origin` header comes from a browser and needs its session cookie. `refused` (or
        another code) for everybody else."""

    async def member_of(self, cookies: Mapping[str, str], headers: Mapping[str, str]) -> str:
        """Whose login a newcomer's browser came with; empty for a vault and for somebody who is logged out.
        It opens nothing: it says who may hear that this browser waits."""

    async def arrived(self, admitted: Admitted) -> Answers:
        """This device has proved itself; what it is told right after `welcome`."""

    async def may_reach(self, admitted: Admitted) -> None:
        """Refuse (`blocked`) what this device sends to others. Asked when a socket first does so, and again
        after `relay.limit`, until it is not refused."""

    def seen(self, admitted: Admitted) -> None:
        """This device has proved itself and is connected now, or was until now. Returns at once."""

    async def devices_of(self, username: str) -> set[str] | None:
        """The listed devices of a member; None if there is nobody here by that name."""

    async def forward(self, raw: bytes, env: Envelope) -> None:
        """Send an envelope to the other site of `env.to`. Mail is durable in the outbox when this returns,
        live goes now or never. `raw` are the bytes as signed."""

    async def site_request(self, env: Envelope) -> Answers | None:
        """Answer an envelope from a device here to its own site, of a type the relay does not know itself
        (`keys`, `prekeys`). An empty list answers nothing; None: no such request (`unknown_type`)."""

    async def may_mail(self, env: Envelope) -> bool:
        """Whether the member `env.to` takes mail of `env.from_`. False drops it, and the sender is told what
        he would be told otherwise; a refusal tells him. That strangers mail nothing but requests is the
        relay's own rule."""

    async def may_tell(self, env: Envelope) -> bool:
        """Whether a `presence` goes on: False where a member here blocked the other side. Nobody is told."""


@cache
def policy() -> Policy:
    """The site's policy, loaded once."""
    return cast(Policy, import_string(settings.SIGNALING_POLICY))
