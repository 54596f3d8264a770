"""Which network a request comes from, as limits count it: an IPv4 address, or the /64 of an IPv6 one."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

IPV6_PREFIX = 64


def prefix_of(text: str) -> str:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False).network_address)
    return str(address)


def prefix(request: HttpRequest) -> str:
    """The server applied or dropped forwarded headers before this (PORCHLIGHT_TRUSTED_PROXIES)."""
    return prefix_of(str(request.META.get("REMOTE_ADDR", "")))
