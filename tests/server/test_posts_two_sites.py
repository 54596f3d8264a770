"""Two real sites: follow by GET, the live hint, comments by signed POST, moderation, and what comes back."""

from __future__ import annotations

import pytest

from deploy.local.processes import Site
from tests.server.people import Person, until


@pytest.fixture
def alice_and_bob(two_sites: list[Site]) -> tuple[Person, Person]:
    return Person.moves_in(two_sites[0], "alice"), Person.moves_in(two_sites[1], "bob")


def test_what_one_site_publishes_another_follows_and_discusses(alice_and_bob: tuple[Person, Person]) -> None:
    alice, bob = alice_and_bob
    first = alice.write("The *first* light.", "Morning")

    follow = bob.follow(str(alice.address))
    assert (follow["kind"], follow["address"]) == ("site", str(alice.address))
    assert bob.in_timeline(first["url"])["body"] == first["body"]
    until(lambda: alice.site.manage("shell", "-c", WATCHERS).endswith("1"))

    # The poll that is planned is hours away: what comes while `in_timeline` waits, came by the hint.
    second = alice.write("Fog again.")
    line = bob.in_timeline(second["url"])

    alice.ask("PATCH", f"/api/v1/posts/{second['id']}", {"source": "Fog, again and again."})
    until(lambda: alice.site.manage("shell", "-c", WATCHERS).endswith("1"))

    bob.comment(line["id"], second["url"], "Here too.")
    waiting = until(alice.pending)
    assert (waiting[0]["text"], waiting[0]["address"]) == ("Here too.", str(bob.address))
    until(lambda: [one["state"] for one in bob.comments(line["id"])] == ["pending"])
    assert "Here too." not in alice.page(f"/@alice/{second['slug']}").text

    alice.ask("POST", f"/api/v1/comments/{waiting[0]['id']}/approve")
    assert "Here too." in alice.page(f"/@alice/{second['slug']}").text
    until(lambda: [one["state"] for one in bob.comments(line["id"])] == ["shown"])

    bob.comment(line["id"], second["url"], "And still.")
    until(lambda: "And still." in alice.page(f"/@alice/{second['slug']}").text)
    assert alice.pending() == []

    alice.ask("DELETE", f"/api/v1/posts/{second['id']}", status=204)
    assert alice.page(f"/@alice/{second['slug']}").status_code == 410
    until(lambda: all(one["url"] != second["url"] for one in bob.timeline()))


WATCHERS = "from social.posts.models import Watcher; print(Watcher.objects.count())"
