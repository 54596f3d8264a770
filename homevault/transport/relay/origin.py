"""The web origin of the own site: how it is written, and where the vault may go without TLS."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError

SOCKET_PATH = "/signaling/socket"


class OriginError(ValueError):
    """`code` is `bad_site` (not an origin) or `insecure_site` (plain http beyond loopback)."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Origin:
    """`text` is the origin in its one spelling, `site` the site's address with an empty username."""

    text: str
    site: Address
    secure: bool

    @property
    def socket_url(self) -> str:
        scheme = "wss" if self.secure else "ws"
        return f"{scheme}://{self.site.host}:{self.site.port}{SOCKET_PATH}"

    @property
    def loopback(self) -> bool:
        return is_loopback(self.site.ip)


def parse_origin(text: str) -> Origin:
    """The origin of `https://example.org`, `http://localhost:8001` or bare `example.org`; OriginError."""
    parts = urlsplit(text if "://" in text else f"https://{text}")
    try:
        host, port = (parts.hostname or "").lower(), parts.port
        extra = parts.username or parts.query or parts.fragment or parts.path not in ("", "/")
        if parts.scheme not in ("http", "https") or extra:
            raise ValueError(text)
        secure = parts.scheme == "https"
        site = Address.make(host, port or (443 if secure else 80))
    except (ValueError, ProtocolError) as error:
        raise OriginError("bad_site", text) from error
    if not secure and not is_loopback(site.ip):
        raise OriginError("insecure_site", text)
    return Origin(site.origin(secure), site, secure)


def is_loopback(host: str) -> bool:
    """Whether this name or literal can only mean the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
