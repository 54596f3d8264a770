"""Resumable uploads through the API: what an offset promises, what is refused, whose they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from federation import clock
from social.media import folders, processing, uploads
from social.media.models import Media, Upload
from tests.server.conftest import Member
from tests.server.uploading import TUS, announce, picture, prepared, send, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


def test_a_file_comes_in_pieces_and_goes_on_where_it_stopped(alice: Member) -> None:
    content = picture(300, 200)
    place = announce(alice, len(content))["Location"]
    assert send(alice, place, 0, content[:100])["Upload-Offset"] == "100"

    head = alice.client.head(place, headers=TUS)
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("100", str(len(content)))
    assert head["Cache-Control"] == "no-store"

    assert send(alice, place, 100, content[100:]).status_code == 204
    assert alice.client.head(place, headers=TUS).status_code == 404
    found = Media.objects.get()
    assert (found.state, found.kind, found.size) == ("working", "image", len(content))
    assert uploads.path_of(found).read_bytes() == content


def test_a_piece_sent_twice_or_too_early_changes_nothing(alice: Member) -> None:
    content = picture()
    place = announce(alice, len(content))["Location"]
    assert send(alice, place, 0, content[:50]).status_code == 204
    early, late, long = (60, content[60:]), (0, content[:50]), (50, content[50:] + b"more")
    for offset, piece in (late, early, long, (0, b"<html>" * 1_000), (0, b"<svg/>")):
        answer = send(alice, place, offset, piece)
        assert (answer.status_code, answer.json()["code"]) == (409, "upload_offset")
    assert alice.client.head(place, headers=TUS)["Upload-Offset"] == "50"
    assert send(alice, place, 50, content[50:]).status_code == 204


def test_what_was_written_but_never_acknowledged_is_overwritten(alice: Member) -> None:
    content = picture()
    place = announce(alice, len(content))["Location"]
    send(alice, place, 0, content[:50])
    with uploads.path_of(Upload.objects.get()).open("ab") as file:
        file.write(b"torn" * 1000)
    assert send(alice, place, 50, content[50:]).status_code == 204
    assert uploads.path_of(Media.objects.get()).read_bytes() == content


@pytest.mark.parametrize("kind", ["svg", "html", "exe", "zip"])
def test_what_could_run_is_refused_at_its_first_bytes(alice: Member, kind: str) -> None:
    content = {
        "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "html": b"<!doctype html><script>alert(1)</script>",
        "exe": b"MZ\x90\x00" + bytes(200),
        "zip": b"PK\x03\x04" + bytes(200),
    }[kind]
    place = announce(alice, len(content), "picture.png")["Location"]
    answer = send(alice, place, 0, content)
    assert (answer.status_code, answer.json()["code"]) == (415, "media_type")
    assert not Media.objects.exists()
    assert not Upload.objects.exists(), "it does not weigh on the quota"
    assert not list(folders.uploads().iterdir())


def test_a_first_piece_too_small_to_tell_is_judged_at_the_end(alice: Member) -> None:
    place = announce(alice, 200)["Location"]
    assert send(alice, place, 0, b"<s").status_code == 204
    assert send(alice, place, 2, b"vg" + bytes(196)).status_code == 204
    media = Media.objects.select_related("owner").get()
    processing.make_ready(media)
    media.refresh_from_db()
    assert (media.state, media.problem) == ("refused", "media_type")


def test_somebody_elses_upload_is_not_there(alice: Member, make_member: Callable[[str], Member]) -> None:
    bob = make_member("bob")
    place = announce(alice, 100)["Location"]
    absent = place[:-12] + "0" * 12
    for method in ("head", "delete"):
        asked = getattr(bob.client, method)
        theirs, none = asked(place, headers=TUS), asked(absent, headers=TUS)
        assert (theirs.status_code, theirs.content) == (404, none.content)
    assert send(bob, place, 0, b"\x89PNG\r\n\x1a\n").content == send(bob, absent, 0, b"x").content
    assert Upload.objects.get().offset == 0


def test_announcements_are_bounded(alice: Member, settings: object) -> None:
    assert announce(alice, 0).json()["code"] == "media_empty"
    assert announce(alice, 2**40).json()["code"] == "media_too_large"
    assert announce(alice, 10**40).status_code == 400
    for _ in range(uploads.AT_ONCE):
        assert announce(alice, 10).status_code == 201
    assert announce(alice, 10).json()["code"] == "upload_many"


def test_the_quota_counts_what_is_kept_and_what_is_announced(
    alice: Member, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    content = picture(200, 200)
    kept = prepared(alice, content)
    allowed = kept["size"] + 1000
    site = settings.PORCHLIGHT  # type: ignore[attr-defined]
    settings.PORCHLIGHT = replace(site, media_quota=allowed)  # type: ignore[attr-defined]
    assert announce(alice, 1001).json()["code"] == "media_quota"
    assert announce(alice, 1000).status_code == 201
    assert announce(alice, 1).json()["code"] == "media_quota"
    usage = alice.client.get("/api/v1/media/usage").json()
    expected = {"quota": allowed, "used": kept["size"], "coming": 1000, "free": 0}
    assert usage == {**expected, "kinds": {"image": kept["size"]}}


def test_what_is_not_finished_in_a_day_is_thrown_away(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    place = announce(alice, 100)["Location"]
    send(alice, place, 0, b"\x89PNG\r\n\x1a\n")
    path = uploads.path_of(Upload.objects.get())
    uploads.sweep()
    assert path.exists()
    later = clock.now() + uploads.LIFETIME + 1
    monkeypatch.setattr(clock, "now", lambda: later)
    uploads.sweep()
    assert not path.exists()
    assert alice.client.head(place, headers=TUS).status_code == 404


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\cat.jpeg", "cat.jpeg"),
        ("猫 🐈.png", "猫 🐈.png"),
        ("\x00\n.png", "png"),
        ("a" * 400 + ".png", "a" * 251 + ".png"),
        ("", "file"),
    ],
)
def test_a_name_is_only_a_label(alice: Member, given: str, kept: str) -> None:
    announce(alice, 10, given)
    assert Upload.objects.get().name == kept


def test_another_version_of_tus_and_nobody_are_refused(alice: Member, client: object) -> None:
    place = announce(alice, 10)["Location"]
    assert alice.client.head(place).status_code == 412
    stranger = client.get("/api/v1/media", headers={"host": "localhost:8001"})  # type: ignore[attr-defined]
    assert stranger.status_code == 401
    assert alice.client.options("/api/v1/media/uploads")["Tus-Extension"].startswith("creation")


def test_a_cancelled_upload_leaves_nothing(alice: Member) -> None:
    place = announce(alice, 100)["Location"]
    send(alice, place, 0, b"\x89PNG\r\n\x1a\n")
    assert alice.client.delete(place, headers=TUS).status_code == 204
    assert not Upload.objects.exists()
    assert not list(folders.uploads().iterdir())


def test_one_deletes_what_nothing_shows(alice: Member) -> None:
    uid = upload(alice, picture())
    assert alice.client.delete(f"/api/v1/media/{uid}").status_code == 204
    assert alice.client.get("/api/v1/media").json() == {"media": []}
