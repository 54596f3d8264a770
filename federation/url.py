"""URLs that may be asked for, taken apart: http and https, no credentials, nothing odd in them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from federation.guard import FetchError

MAX_URL = 2_048
PORTS = {"http": 80, "https": 443}
SAFE = "/%:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True)
class Url:
    """A URL that may be asked for, taken apart; `str` gives it back without its fragment."""

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, text: str) -> Url:
        """Raises FetchError `url`, `scheme` or `name`."""
        if len(text) > MAX_URL or any(c <= " " or c in "\\\x7f" for c in text):
            raise FetchError("url", text[:80])
        try:
            parts = urlsplit(text)
            port, host = parts.port, parts.hostname
        except ValueError as error:
            raise FetchError("url", text[:80]) from error
        if parts.scheme not in ("http", "https"):
            raise FetchError("scheme", parts.scheme[:20])
        if not host or "@" in parts.netloc or port == 0:
            raise FetchError("url", text[:80])
        try:
            path = quote(parts.path or "/", safe=SAFE)
            query = quote(parts.query, safe=SAFE + "?")
        except UnicodeEncodeError as error:
            raise FetchError("url", ascii(text[:80])) from error
        target = f"{path}?{query}" if parts.query else path
        return cls(parts.scheme, ascii_host(host), port or PORTS[parts.scheme], target)

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def ascii_host(host: str) -> str:
    """A host as the protocols spell it. Raises FetchError `name`."""
    host = host.lower()
    if host.isascii():
        return host
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise FetchError("name", ascii(host)[:80]) from error
