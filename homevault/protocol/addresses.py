"""Where somebody lives today: addresses, sites and which numbers are public (SPEC section 3)."""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from homevault.protocol.errors import ProtocolError

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_NUMERIC_END = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)\Z")
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = re.compile(rf"(?:{_OCTET}\.){{3}}{_OCTET}\Z")
_IPV6 = re.compile(r"[0-9a-f:]{2,39}\Z")
_USERNAME = re.compile(r"(?:[a-z0-9](?:[a-z0-9_-]{0,30}[a-z0-9])?|~[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048])?\Z")
_TEXT = re.compile(r"(?:@([^@\s]+)@)?(\[[^\[\]@]*\]|[^@\[\]:/]+)(?::([1-9][0-9]{0,4}))?\Z")


@dataclass(frozen=True, slots=True)
class Address:
    """`username` at the site (`ip`, `port`); an empty username is the site itself. Always valid once made by
    `from_wire`, `parse` or `make`."""

    ip: str
    port: int
    username: str

    @classmethod
    def make(cls, ip: str, port: int, username: str = "") -> "Address":
        """A checked address; `address` if it is none."""
        return _checked(ip, port, username)

    @classmethod
    def from_wire(cls, value: Any, path: str = "address") -> "Address":
        """The address of `{ip, port, username}`: `schema` for another shape, `address` for bad values."""
        if type(value) is not dict or len(value) != 3:
            raise ProtocolError("schema", path)
        try:
            ip, port, username = value["ip"], value["port"], value["username"]
        except KeyError as error:
            raise ProtocolError("schema", path) from error
        if type(ip) is not str or type(port) is not int or type(username) is not str:
            raise ProtocolError("schema", path)
        return _checked(ip, port, username)

    @classmethod
    def parse(cls, text: str) -> "Address":
        """The address of `@alice@example.org:8001`, or of the site for `example.org:8001`."""
        match = _TEXT.match(text)
        if match is None:
            raise ProtocolError("address", text[:80])
        username, host, port = match.groups()
        bracketed = host.startswith("[")
        ip = host[1:-1] if bracketed else host
        if bracketed != (":" in ip):
            raise ProtocolError("address", text[:80])
        return _checked(ip, int(port or 443), username or "")

    def wire(self) -> dict[str, Any]:
        return {"ip": self.ip, "port": self.port, "username": self.username}

    @property
    def site(self) -> tuple[str, int]:
        return (self.ip, self.port)

    @property
    def site_address(self) -> "Address":
        """The address of the site itself."""
        return Address(self.ip, self.port, "")

    @property
    def host(self) -> str:
        """`ip`, in brackets if it is IPv6."""
        return f"[{self.ip}]" if ":" in self.ip else self.ip

    def origin(self, secure: bool) -> str:
        """The site's web origin, the port only where it is not the scheme's own."""
        scheme, own = ("https", 443) if secure else ("http", 80)
        return f"{scheme}://{self.host}" + ("" if self.port == own else f":{self.port}")

    def __str__(self) -> str:
        site = self.host + ("" if self.port == 443 else f":{self.port}")
        return f"@{self.username}@{site}" if self.username else site


def check_address(value: Any, path: str) -> None:
    """The form of an address, as a check of `schema`."""
    Address.from_wire(value, path)


def check_account_address(value: Any, path: str) -> None:
    """An address with a username; `schema` for a site's."""
    if not Address.from_wire(value, path).username:
        raise ProtocolError("schema", path)


@lru_cache(maxsize=4096)
def _checked(ip: str, port: int, username: str) -> Address:
    if not 1 <= port <= 65535 or _USERNAME.match(username) is None or not is_host(ip):
        raise ProtocolError("address", ip[:80])
    return Address(ip, port, username)


def is_host(ip: str) -> bool:
    """Whether `ip` is a DNS name, an IPv4 or an IPv6 literal in the one spelling the protocol has for it."""
    if ":" in ip:
        return _is_ipv6(ip)
    if _IPV4.match(ip):
        return True
    labels = ip.split(".")
    if len(ip) > 253 or _NUMERIC_END.match(labels[-1]):
        return False
    return all(_LABEL.match(label) for label in labels)


def _is_ipv6(ip: str) -> bool:
    if _IPV6.match(ip) is None:
        return False
    try:
        literal = ipaddress.IPv6Address(ip)
    except ValueError:
        return False
    return literal.ipv4_mapped is None and literal.compressed == ip


_IPV4_SPECIAL = [ipaddress.IPv4Network(n) for n in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24")]
_IPV6_GLOBAL = ipaddress.IPv6Network("2000::/3")
_IPV6_SPECIAL = [ipaddress.IPv6Network(n) for n in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]


def is_public(ip: str) -> bool:
    """Whether a numeric address is one anybody may be sent to; false for anything that is not an IP literal
    in the protocol's one spelling."""
    if not is_host(ip):
        return False
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        special = address.is_multicast or address.is_reserved or any(address in n for n in _IPV4_SPECIAL)
        return address.is_global and not special
    if address.scope_id is not None or address not in _IPV6_GLOBAL:
        return False
    return not any(address in network for network in _IPV6_SPECIAL)
