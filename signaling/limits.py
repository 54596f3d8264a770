"""How much one socket, one network address and one mailbox may take.

`settings.SIGNALING_LIMITS` (a dict) replaces single numbers of `Limits`. A bucket holds `burst` tokens and
refills with `rate` tokens a second. What a socket sends is paid from its own buckets and from those of its
network address, an IPv6 one by its /64; both count messages and bytes. What is known of an address without a
socket is forgotten, the longest unused first, beyond KEPT_ADDRESSES.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from dataclasses import dataclass, fields
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

MB = 1_000_000
KEPT_ADDRESSES = 4096
LEASED_MESSAGES = 64
LEASED_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes, counts and seconds; `…_rate` a second, `…_burst` at once."""

    message_bytes: int = 65_536
    socket_message_rate: int = 1_000
    socket_message_burst: int = 4_000
    socket_byte_rate: int = 2 * MB
    socket_byte_burst: int = 8 * MB
    address_message_rate: int = 10_000
    address_message_burst: int = 40_000
    address_byte_rate: int = 16 * MB
    address_byte_burst: int = 64 * MB
    address_sockets: int = 256
    address_unproven: int = 32
    address_pairing: int = 4
    sockets: int = 20_000
    pairing: int = 256
    errors_burst: int = 50
    errors_rate: int = 1
    handshake_seconds: int = 10
    waiting_messages: int = 256
    window_messages: int = 64
    window_bytes: int = 512_000
    mailbox_bytes: int = 1_000 * MB
    mailbox_days: int = 30
    request_rate_hour: int = 60
    request_burst: int = 20

    def told(self) -> dict[str, int]:
        """What `welcome` says."""
        names = (
            "message_bytes",
            "socket_message_rate",
            "socket_message_burst",
            "socket_byte_rate",
            "socket_byte_burst",
            "address_sockets",
            "window_messages",
            "window_bytes",
            "mailbox_bytes",
            "mailbox_days",
        )
        return {name: getattr(self, name) for name in names}


@cache
def limits() -> Limits:
    """The limits in force. ImproperlyConfigured for a name that is none."""
    given = getattr(settings, "SIGNALING_LIMITS", {})
    unknown = given.keys() - {one.name for one in fields(Limits)}
    if unknown:
        raise ImproperlyConfigured(f"The relay has no limit called {', '.join(sorted(unknown))}.")
    return Limits(**given)


class Bucket:
    """Tokens that come back with time."""

    __slots__ = ("burst", "left", "rate", "stamp")

    def __init__(self, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = burst
        self.left = float(burst)
        self.stamp = time.monotonic()

    def lease(self, wanted: float) -> float:
        """Take up to `wanted` tokens; what was got."""
        now = time.monotonic()
        self.left = min(self.burst, self.left + (now - self.stamp) * self.rate)
        self.stamp = now
        got = min(wanted, self.left)
        self.left -= got
        return got

    def take(self, amount: float = 1) -> bool:
        """All of `amount` or nothing."""
        got = self.lease(amount)
        if got >= amount:
            return True
        self.give_back(got)
        return False

    def give_back(self, amount: float) -> None:
        self.left += amount


@dataclass(slots=True)
class Purse:
    """A bucket of messages and one of bytes."""

    messages: Bucket
    bytes: Bucket


class AddressUse:
    """What one network address, or one other site, uses now."""

    __slots__ = ("pairing", "purse", "requests", "sockets", "unproven")

    def __init__(self) -> None:
        found = limits()
        self.sockets = 0
        self.unproven = 0
        self.pairing = 0
        self.requests = Bucket(found.request_rate_hour / 3600, found.request_burst)
        self.purse = Purse(
            Bucket(found.address_message_rate, found.address_message_burst),
            Bucket(found.address_byte_rate, found.address_byte_burst),
        )


class Meter:
    """Counts one socket's messages. Tokens are leased in lots, so that the common way is two subtractions."""

    __slots__ = ("_address", "_own", "bytes", "messages")

    def __init__(self, address: AddressUse) -> None:
        found = limits()
        self._own = Purse(
            Bucket(found.socket_message_rate, found.socket_message_burst),
            Bucket(found.socket_byte_rate, found.socket_byte_burst),
        )
        self._address = address.purse
        self.messages = 0.0
        self.bytes = 0.0

    def take(self, size: int) -> bool:
        """Whether a message of `size` bytes may pass."""
        self.messages -= 1
        self.bytes -= size
        return (self.messages >= 0 and self.bytes >= 0) or self._lease(size)

    def _lease(self, size: int) -> bool:
        if self.messages < 0:
            lot = max(LEASED_MESSAGES, -self.messages)
            self.messages += lease(self._own.messages, self._address.messages, lot)
        if self.bytes < 0:
            lot = max(LEASED_BYTES, -self.bytes)
            self.bytes += lease(self._own.bytes, self._address.bytes, lot)
        if self.messages >= 0 and self.bytes >= 0:
            return True
        self.messages += 1
        self.bytes += size
        return False


def lease(own: Bucket, shared: Bucket, wanted: float) -> float:
    """From both or from neither."""
    mine = own.lease(wanted)
    got = shared.lease(mine)
    own.give_back(mine - got)
    return got


class Addresses:
    """The network addresses with sockets, and those lately seen."""

    def __init__(self) -> None:
        self._used: OrderedDict[str, AddressUse] = OrderedDict()

    def use(self, host: str) -> AddressUse:
        """The state of a host's prefix; the caller counts its sockets in it."""
        prefix = prefix_of(host)
        found = self._used.get(prefix)
        if found is None:
            found = self._used[prefix] = AddressUse()
            self._forget()
        self._used.move_to_end(prefix)
        return found

    def _forget(self) -> None:
        idle = len(self._used) - KEPT_ADDRESSES
        if idle <= 0:
            return
        for prefix in [prefix for prefix, use in self._used.items() if not use.sockets][:idle]:
            del self._used[prefix]


def prefix_of(host: str) -> str:
    """An IPv4 address as it is, an IPv6 address's /64; anything else (a name, a unix socket) as it is."""
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(literal, ipaddress.IPv6Address):
        if literal.ipv4_mapped:
            return str(literal.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(literal) >> 64 << 64, 64)))
    return str(literal)
