"""Blocked sites: names, wildcards and addresses, at every door between two real sites."""

from __future__ import annotations

from typing import Any

import pytest

from deploy.local.processes import Site
from federation import blocks
from federation.models import SiteBlock
from homevault.protocol.errors import ProtocolError
from tests.server.people import Person, until

DENIED = {
    "evil.example": ["evil.example"],
    "*.evil.example": ["www.evil.example", "a.b.evil.example"],
    "ev?l.example": ["evil.example", "evol.example"],
    "203.0.113.7": ["203.0.113.7"],
    "203.0.113.*": ["203.0.113.250"],
    "2001:db8::1": ["2001:db8::1"],
    "literals": ["203.0.113.7", "2001:db8::1", "127.0.0.2"],
}
ALLOWED = {
    "evil.example": ["good.example", "www.evil.example", "evil.example.org", "xevil.example"],
    "*.evil.example": ["evil.example", "evilxexample"],
    "203.0.113.7": ["203.0.113.70", "203x0.113.7"],
    "literals": ["evil.example", "localhost", "1.example"],
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pattern", DENIED)
def test_a_pattern_means_what_it_says(pattern: str) -> None:
    row, new = blocks.add(f" {pattern.upper()} ", "")
    assert new
    try:
        assert all(blocks.is_blocked(host) for host in DENIED[pattern])
        assert not any(blocks.is_blocked(host) for host in ALLOWED.get(pattern, []))
    finally:
        blocks.remove(row)
    assert not any(blocks.is_blocked(host) for host in DENIED[pattern])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "pattern", ["", "*", "*.*", "evil example", "https://evil.example", "-evil", "a" * 254]
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ProtocolError, match="address"):
        blocks.add(pattern, "")
    assert not SiteBlock.objects.exists()


def block(person: Person, pattern: str) -> Any:
    return person.ask("POST", "/api/v1/moderation/sites", {"pattern": pattern, "reason": "Spam."}, 201)


def test_every_door_is_shut_for_a_blocked_site_and_opens_again(two_sites: list[Site]) -> None:
    ana = Person.moves_in(two_sites[0], "ana")
    ben = Person.moves_in(two_sites[1], "ben")
    first = ana.write("For everybody.")
    ben.follow(str(ana.address))
    line = until(lambda: next((one for one in ben.timeline() if one["url"] == first["url"]), None))
    shut = block(ana, "127.0.0.*")

    looked = ana.raw("GET", f"/api/v1/people/lookup?address={ben.address}")
    assert looked.status_code in (404, 502), "keys and feeds of a blocked site are not fetched"
    assert ana.raw("POST", "/api/v1/follows", {"address": str(ben.address)}).status_code >= 400
    ben.comment(line["id"], first["url"], "Let me in.")
    assert ana.pending() == []
    second = ana.write("Still public.")
    assert ana.page(second["url"].removeprefix(ana.site.origin)).status_code == 200

    ana.ask("DELETE", f"/api/v1/moderation/sites/{shut['id']}", status=204)
    assert ana.ask("GET", "/api/v1/moderation/sites")["sites"] == []
    ben.comment(line["id"], first["url"], "And now?")
    assert until(ana.pending)
    deeds = [entry["deed"] for entry in ana.ask("GET", "/api/v1/moderation/log")["entries"]]
    assert deeds[:2] == ["site-unblock", "site-block"]
