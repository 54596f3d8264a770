"""This site as configured: `settings.PORCHLIGHT`, read through one typed window.

`FETCH_ALLOW` counts only on a development site (plain http): a site that others can reach never opens private
addresses, whatever its environment says.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, cast

from django.conf import settings

from federation import clock
from homevault.protocol.addresses import Address

PASSING = 50  # ms for what clocks and event loops lag behind
Site = tuple[str, int]
"""A site is the pair (ip, port) of its address."""


class Environment(Protocol):
    @property
    def data(self) -> Path: ...
    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def secure(self) -> bool: ...
    @property
    def fetch_allow(self) -> frozenset[Site]: ...
    @property
    def redis_url(self) -> str: ...
    @property
    def pages(self) -> Path | None: ...


def environment() -> Environment:
    return cast(Environment, settings.PORCHLIGHT)


def address() -> Address:
    """The site's own address; its username is empty."""
    found = environment()
    return Address(found.host, found.port, "")


def site() -> Site:
    return address().site


def origin() -> str:
    """`https://example.org`, the port only when it is not the scheme's own."""
    return address().origin(environment().secure)


def is_allowed(ip: str, port: int) -> bool:
    """Whether FETCH_ALLOW names exactly this address and port."""
    found = environment()
    return not found.secure and (ip, port) in found.fetch_allow


def is_single() -> bool:
    """Whether this site is one process: no Redis, so no second worker and no Celery."""
    return not environment().redis_url


def visible(now: int) -> int:
    """When (ms) everybody is answered with the pages committed `now`: tell nobody to look before. nginx,
    where files are laid for it, believes an open one till the second ends; other processes look twice a
    second for commits of this one."""
    if environment().pages:
        return (now // clock.SECOND + 1) * clock.SECOND + PASSING
    return now if is_single() else now + clock.SECOND // 2 + PASSING


def name(of: Site) -> str:
    """`example.org:443`, `[::1]:8001`: a site as one word, for headers, groups and logs."""
    ip, port = of
    return f"[{ip}]:{port}" if ":" in ip else f"{ip}:{port}"
