"""One download has everything that is stored of a member, and nothing that is nobody else's business."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.cache import cache

from federation import clock
from social.accounts import inventory, takeout
from social.accounts.models import User
from tests.server.conftest import Member
from tests.server.furnished import House
from tests.server.test_posts_archives import bring
from tests.server.test_posts_writing import ask, write
from tests.server.uploading import picture, prepared

pytestmark = pytest.mark.django_db


def taken(member: Member) -> zipfile.ZipFile:
    """In this thread: the answer itself is made in others, which do not see what a test has not committed."""
    data = b"".join(takeout.stream(User.objects.get(username=member.username)))
    return zipfile.ZipFile(io.BytesIO(data))


def document(archive: zipfile.ZipFile, name: str) -> Any:
    return json.loads(archive.read(f"data/{name}.json"))


def test_every_row_that_is_counted_is_in_it(house: House) -> None:
    olga, _ = house
    archive, user = taken(olga), User.objects.get(username="olga")
    for holding in inventory.every(inventory.MEMBER):
        tables = document(archive, holding.name)["tables"]
        for counted, label in zip(inventory.count(holding, user), holding.rows, strict=True):
            if label not in holding.withheld:
                assert len(tables[counted.name]) == counted.rows, label
    assert document(archive, "posts")["tables"]["posts_post"][0]["source"] == "A lamp."
    assert "/@oscar/" in archive.read("follows.opml").decode()
    assert all(f"- {one.what}:" in archive.read("README.md").decode() for one in inventory.every("member"))


def test_secrets_stay_where_they_are(house: House) -> None:
    olga, _ = house
    user = User.objects.get(username="olga")
    secrets = [user.password, olga.client.cookies["__Host-porchlight"].value]
    secrets += [str(row.data["credential"]) for row in user.authenticator_set.filter(type="webauthn")]
    archive = taken(olga)
    for name in archive.namelist():
        content = archive.read(name)
        assert not any(secret.encode() in content for secret in secrets), name


def test_it_is_the_archive_that_importing_takes(alice: Member, make_member: Any) -> None:
    write(alice, "A lantern", "Words")
    archive = taken(alice)
    brought = bring(make_member("bob"), archive.fp.getvalue())  # type: ignore[union-attr]
    assert (brought["state"], brought["known"]) == ("done", 1)


def test_files_are_in_it_also_those_that_nothing_shows(alice: Member) -> None:
    uid = prepared(alice, picture())["uid"]
    names = taken(alice).namelist()
    assert any(name.startswith(f"media/{uid}/whole.") for name in names)


def test_earlier_versions_are_in_it(alice: Member) -> None:
    post = write(alice, "first words")
    ask(alice, "patch", f"posts/{post['id']}", {"source": "second words"})
    item = json.loads(taken(alice).read("feed.json"))["items"][0]
    assert [one["source"] for one in item["_porchlight"]["versions"]] == ["first words"]


def test_it_wants_a_recent_login(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    assert alice.client.post("/api/v1/me/export").status_code == 204
    later = clock.now() + 6 * clock.MINUTE
    monkeypatch.setattr("federation.clock.now", lambda: later)
    for method in ("get", "post"):
        answer = getattr(alice.client, method)("/api/v1/me/export")
        assert (answer.status_code, answer.json()["code"]) == (403, "recent_login")


def test_who_follows_whom_is_nobody_elses_business(alice: Member, make_member: Any) -> None:
    bob = make_member("bob")
    ask(bob, "post", "follows", {"address": "@alice@localhost:8001"}, 201)
    assert "posts_follow" not in document(taken(alice), "readers")["tables"]
    assert len(document(taken(bob), "follows")["tables"]["posts_follow"]) == 1


def test_it_is_sent_as_a_file(alice: Member) -> None:
    answer = alice.client.get("/api/v1/me/export")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/zip")
    assert 'filename="alice-everything-' in answer["Content-Disposition"]


def test_progress_is_told(alice: Member) -> None:
    cache.clear()
    assert alice.client.get("/api/v1/me/export/progress").json() == {"done": 0, "total": 0}
    prepared(alice, picture())
    taken(alice)
    told = alice.client.get("/api/v1/me/export/progress").json()
    assert told["done"] == told["total"] > 0
    alice.client.post("/api/v1/me/export")
    assert alice.client.get("/api/v1/me/export/progress").json() == {"done": 0, "total": 0}
