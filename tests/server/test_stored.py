"""What the site says that it stores is what the database holds: every table, every row, every number."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client

from social.accounts import inventory
from social.accounts.models import User
from social.media.models import Media
from social.public import build
from tests.server.conftest import Clock, Member
from tests.server.furnished import House
from tests.server.test_leaving import DAY, everywhere, leave, left_of, run_due, status
from tests.server.uploading import picture, prepared

pytestmark = pytest.mark.django_db


def stored(member: Member, path: str = "me/stored") -> dict[str, dict[str, Any]]:
    cache.clear()
    answer = member.client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return {one["name"]: one for one in answer.json()["holdings"]}


def rows(found: dict[str, Any], table: str) -> int:
    return int(next(one["rows"] for one in found["tables"] if one["name"] == table))


def test_every_table_of_the_database_has_a_holding() -> None:
    tables = set(connection.introspection.table_names())
    named = {apps.get_model(label)._meta.db_table for label in inventory.labels()}
    indexes = {name for holding in inventory.every() for name in holding.indexes}
    assert tables - indexes == named
    assert connection.vendor != "sqlite" or indexes <= tables


def test_every_row_is_in_a_holding(house: House) -> None:
    """Whoever adds rows that no holding counts hears of it here."""
    people = list(User.objects.all())
    for label in inventory.labels():
        model = apps.get_model(label)
        counted: set[Any] = set()
        for holding in (one for one in inventory.every() if label in one.rows):
            for user in people if holding.about == inventory.MEMBER else [None]:
                found = model._base_manager.filter(holding.condition(label, user))
                counted.update(found.values_list("pk", flat=True))
        assert counted == set(model._base_manager.values_list("pk", flat=True)), label


def test_a_member_sees_numbers_that_are_true(house: House) -> None:
    olga, _ = house
    found = stored(olga)
    assert rows(found["posts"], "posts_post") == 1
    assert rows(found["follows"], "posts_follow") == 1
    assert rows(found["answers"], "posts_comment") == 1
    assert rows(found["account"], "accounts_user") == 1
    assert rows(found["devices"], "accounts_device") == len(olga.identity.devices)
    assert found["posts"]["rows"] == sum(one["rows"] for one in found["posts"]["tables"])
    assert "password" in found["account"]["tables"][0]["columns"]
    assert all(one["what"] and one["why"] and one["kept"] for one in found.values())


def test_bytes_are_those_of_the_words(alice: Member) -> None:
    """Counted as UTF-8, whatever the database."""
    made = alice.client.post("/api/v1/drafts", {"source": "é" * 10}, content_type="application/json").json()
    before = stored(alice)["drafts"]
    body = {"title": "", "source": "é" * 60, "tags": [], "shows": []}
    alice.client.put(f"/api/v1/drafts/{made['id']}", body, content_type="application/json")
    after = stored(alice)["drafts"]
    assert (before["rows"], after["rows"]) == (1, 1)
    assert after["bytes"] - before["bytes"] == 100


def test_files_are_counted_with_their_weight(alice: Member) -> None:
    assert stored(alice)["media"]["file_bytes"] == 0
    prepared(alice, picture())
    used = alice.client.get("/api/v1/media/usage").json()["used"]
    assert stored(alice)["media"]["file_bytes"] == used > 0


def test_nothing_of_anothers_is_counted(house: House, make_member: Any) -> None:
    newcomer = make_member("newcomer")
    own = {name for name, one in stored(newcomer).items() if one["rows"]}
    assert own == {"account", "logins", "pages"}


def test_only_the_owner_sees_what_is_held_of_others(house: House, make_member: Any) -> None:
    olga, _ = house
    found = stored(olga, "site/stored")
    assert {one["about"] for one in found.values()} == {inventory.STRANGERS, inventory.SITE}
    assert rows(found["commenters"], "posts_comment") == 1
    assert make_member("newcomer").client.get("/api/v1/site/stored").status_code == 403


def test_the_words_come_in_the_language_that_is_asked_for(alice: Member) -> None:
    for language in ("zh-hans", "ar"):
        answer = alice.client.get("/api/v1/me/stored", headers={"accept-language": language}).json()
        for one, english in zip(answer["holdings"], stored(alice).values(), strict=True):
            assert one["what"] != english["what"], one["name"]


def test_everybody_can_read_what_is_stored_of_strangers(alice: Member) -> None:
    build.ensure_current()
    stranger = Client(headers={"host": "localhost:8001"})
    assert '<a href="/stored">' in stranger.get("/privacy").content.decode()
    answer = stranger.get("/stored")
    assert answer.status_code == 200
    for holding in inventory.every(inventory.STRANGERS):
        assert str(holding.what) in answer.content.decode(), holding.name


def test_after_the_grace_nothing_is_left_but_the_name(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    olga, _ = house
    now = Clock()
    monkeypatch.setattr("federation.clock.now", now)
    user = User.objects.get(username="olga")
    folders = [settings.MEDIA_ROOT / "kept" / str(one.uid) for one in Media.objects.filter(owner=user)]
    assert folders
    assert left_of(user)
    leave(olga, heir="oscar")
    now.forward(14 * DAY + 1)
    run_due()
    gone = User(pk=user.pk, username="olga", account=user.account)
    assert left_of(gone) == {"public_publishedpage": 1}
    assert everywhere("olga") == {"accounts.FormerName", "public.PublishedPage"}
    assert user.account
    assert not everywhere(user.account)
    assert status("/@olga") == status("/@olga/feed.json") == 410
