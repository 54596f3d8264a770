"""Which network a try is counted for, on real sites: the one that the connection comes from, or what a
trusted proxy says of it; never what whoever asks says of themselves."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from deploy.local.processes import Site

TRIES = 40
"""Many more than a network may fail with at once."""
ITSELF = ("X-Forwarded-For", "X-Real-IP", "X-Client-IP", "CF-Connecting-IP", "True-Client-IP")

Headers = Callable[[int], dict[str, str]]


def is_slowed_down(site: Site, headers: Headers, tries: int = TRIES) -> bool:
    """Whether so many wrong invites, each with the headers of its number, are too many for the site."""
    with httpx.Client(base_url=site.origin, trust_env=False, timeout=30) as http:
        told = http.get("/api/v1/site")
        http.headers.update({"Origin": site.origin, "X-CSRFToken": told.json()["csrf"]})
        http.headers["Cookie"] = told.headers["set-cookie"].split(";")[0]
        for number in range(tries):
            answer = http.post("/api/v1/join", json={"token": f"wrong{number}"}, headers=headers(number))
            assert answer.status_code in (403, 429), answer.text
            if answer.status_code == 429:
                return True
    return False


def forwarded(addresses: str) -> Headers:
    return lambda number: {"X-Forwarded-For": addresses.format(number)}


def test_nobody_says_where_they_come_from(site: Site) -> None:
    def forged(number: int) -> dict[str, str]:
        address = f"203.0.113.{number}"
        return {**dict.fromkeys(ITSELF, address), "Forwarded": f"for={address}"}

    assert is_slowed_down(site, forged)


@pytest.fixture
def proxied(make_site: Callable[..., Site]) -> Site:
    return make_site(PORCHLIGHT_TRUSTED_PROXIES="127.0.0.1")


def test_a_trusted_proxy_says_it(proxied: Site) -> None:
    """The last address of the header is the proxy's word; what stands before came from whoever asks."""
    assert is_slowed_down(proxied, forwarded("203.0.113.{}, 198.51.100.7"))
    assert not is_slowed_down(proxied, forwarded("198.51.100.7, 203.0.113.{}"))
    assert is_slowed_down(proxied, forwarded("2001:db8:1:2:{}::1"))
    assert not is_slowed_down(proxied, forwarded("2001:db8:1:3::1"), tries=5)
    assert is_slowed_down(proxied, lambda n: {"Forwarded": f"for=192.0.2.{n}", "X-Real-IP": f"192.0.2.{n}"})
