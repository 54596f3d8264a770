"""The environment, read once into one frozen object.

Everything that differs between one site and another is here; nothing else reads `os.environ`. A wrong value
stops the start with one sentence that names the variable.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

from homevault.protocol.addresses import is_host
from social.config.mail import Mail, read_mail

SCHEMES = {"http": 80, "https": 443}
HostPort = tuple[str, int]
GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Environment:
    """Where this site is, and where it keeps its things. `settings.PORCHLIGHT` holds the one instance."""

    data: Path
    """PORCHLIGHT_DATA: folder of the database, the secrets and the media; default `var/site`."""
    host: str
    """PORCHLIGHT_HOST: the domain name or address by which others know this site; default `localhost`."""
    port: int
    """PORCHLIGHT_PORT: the port others use; default 443 for https, 8001 for http."""
    scheme: str
    """PORCHLIGHT_SCHEME: `https` (default, behind a TLS proxy) or `http` (this machine only)."""
    bind: str
    """PORCHLIGHT_BIND: the address to listen on; default 127.0.0.1."""
    bind_port: int
    """PORCHLIGHT_BIND_PORT: the port to listen on behind a proxy; default PORCHLIGHT_PORT."""
    name: str
    """PORCHLIGHT_NAME: what the site is called on screen; default its host."""
    time_zone: str
    """PORCHLIGHT_TIME_ZONE: in which public pages tell times, such as `Europe/Tallinn`; default UTC."""
    theme: str
    """PORCHLIGHT_THEME: the theme of public pages and the app, a folder below `themes`; default none."""
    database_url: str
    """DATABASE_URL: default an SQLite file in the data folder."""
    redis_url: str
    """REDIS_URL: empty (default) keeps cache and channel layer in memory, for one process."""
    fetch_allow: frozenset[HostPort] = field(default_factory=frozenset)
    """FETCH_ALLOW: `address:port` pairs, comma separated, that may be fetched though they are not public, by
    plain http and ws too. For development and tests; refused with https."""
    trusted_proxies: tuple[str, ...] = ()
    """PORCHLIGHT_TRUSTED_PROXIES: addresses whose `X-Forwarded-…` headers are believed; default none."""
    setup_token_file: Path | None = None
    """PORCHLIGHT_SETUP_TOKEN_FILE: read the first-run token from this file instead of making one."""
    media_quota: int = 2 * GIB
    """PORCHLIGHT_MEDIA_QUOTA: bytes of pictures and files that each member may keep; default 2 GiB."""
    media_cache: int = GIB // 4
    """PORCHLIGHT_MEDIA_CACHE: bytes of other sites' pictures kept at most, least used out first; default
    256 MiB."""
    grace_days: int = 14
    """PORCHLIGHT_GRACE_DAYS: days in which a member who deletes the account can take it back; default 14."""
    pages: Path | None = None
    """PORCHLIGHT_PAGES: a folder in which finished public pages are laid for a web server in front; default
    none."""
    access_log: bool = False
    """PORCHLIGHT_ACCESS_LOG: one line a request (method, path, status); default off."""
    relay_limits: dict[str, int] = field(default_factory=dict)
    """PORCHLIGHT_RELAY_LIMITS: `name=number` pairs, comma separated, that replace numbers of
    `signaling.limits.Limits`; default none."""
    mail: Mail | None = None
    """EMAIL_URL: the server that takes this site's mail; default none, and no mail is offered."""

    @property
    def secure(self) -> bool:
        return self.scheme == "https"

    @property
    def authority(self) -> str:
        """`host`, or `host:port` unless the port is the scheme's own; IPv6 in brackets."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == SCHEMES[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def site(self) -> HostPort:
        """What "here" means in addresses: (ip, port)."""
        return self.host, self.port


def parse_pairs(text: str) -> frozenset[HostPort]:
    """Read `127.0.0.1:8001,[::1]:8001`; addresses come back in their one canonical spelling."""
    pairs = set()
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        host, colon, port = part.rpartition(":")
        if not colon or not port.isdigit() or not 0 < int(port) < 65536:
            raise ImproperlyConfigured(f"FETCH_ALLOW: {part!r} is not an address:port pair.")
        try:
            pairs.add((str(ipaddress.ip_address(host.strip("[]"))), int(port)))
        except ValueError as error:
            raise ImproperlyConfigured(f"FETCH_ALLOW: {host!r} is not an IP address.") from error
    return frozenset(pairs)


def read_environment(root: Path) -> Environment:
    """Read and check every variable. Raises ImproperlyConfigured with a sentence for the owner."""
    env = Env()
    try:
        found = _read(env, root)
    except EnvError as error:
        raise ImproperlyConfigured(f"The environment: {error}") from error
    _check(found)
    return found


def _read(env: Env, root: Path) -> Environment:
    data = Path(env.str("PORCHLIGHT_DATA", str(root / "var" / "site"))).expanduser().absolute()
    scheme = env.str("PORCHLIGHT_SCHEME", "https")
    host = env.str("PORCHLIGHT_HOST", "localhost").lower().strip("[]")
    port = env.int("PORCHLIGHT_PORT", 443 if scheme == "https" else 8001)
    token_file = env.str("PORCHLIGHT_SETUP_TOKEN_FILE", "")
    pages = env.str("PORCHLIGHT_PAGES", "")
    return Environment(
        data=data,
        host=host,
        port=port,
        scheme=scheme,
        bind=env.str("PORCHLIGHT_BIND", "127.0.0.1"),
        bind_port=env.int("PORCHLIGHT_BIND_PORT", port),
        name=env.str("PORCHLIGHT_NAME", host),
        time_zone=env.str("PORCHLIGHT_TIME_ZONE", "UTC"),
        theme=env.str("PORCHLIGHT_THEME", ""),
        database_url=env.str("DATABASE_URL", ""),
        redis_url=env.str("REDIS_URL", ""),
        fetch_allow=parse_pairs(env.str("FETCH_ALLOW", "")),
        trusted_proxies=tuple(filter(None, env.list("PORCHLIGHT_TRUSTED_PROXIES", []))),
        setup_token_file=Path(token_file) if token_file else None,
        media_quota=env.int("PORCHLIGHT_MEDIA_QUOTA", 2 * GIB),
        media_cache=env.int("PORCHLIGHT_MEDIA_CACHE", GIB // 4),
        grace_days=env.int("PORCHLIGHT_GRACE_DAYS", 14),
        pages=Path(pages).expanduser().absolute() if pages else None,
        access_log=env.bool("PORCHLIGHT_ACCESS_LOG", False),
        relay_limits=env.dict("PORCHLIGHT_RELAY_LIMITS", {}, subcast_values=int),
        mail=read_mail(env.str("EMAIL_URL", "")),
    )


def _check(found: Environment) -> None:
    if found.scheme not in SCHEMES:
        raise ImproperlyConfigured("PORCHLIGHT_SCHEME is either http or https.")
    if not is_host(found.host):
        raise ImproperlyConfigured("PORCHLIGHT_HOST is a lower-case domain name or an IP address.")
    if not 0 < found.port < 65536 or not 0 < found.bind_port < 65536:
        raise ImproperlyConfigured("PORCHLIGHT_PORT and PORCHLIGHT_BIND_PORT are 1 to 65535.")
    if found.time_zone not in available_timezones():
        raise ImproperlyConfigured("PORCHLIGHT_TIME_ZONE is a name such as Europe/Tallinn or UTC.")
    if found.media_quota < 0 or found.media_cache < 0:
        raise ImproperlyConfigured("PORCHLIGHT_MEDIA_QUOTA and PORCHLIGHT_MEDIA_CACHE are bytes, 0 or more.")
    if found.grace_days < 0:
        raise ImproperlyConfigured("PORCHLIGHT_GRACE_DAYS is a number of days, 0 or more.")
    if found.secure and found.fetch_allow:
        raise ImproperlyConfigured("FETCH_ALLOW opens private addresses; it is refused with https.")
