"""Archives: what goes out comes back as it was; Mastodon's come in; hostile ones do not."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from federation import jobs
from federation.models import Job
from social.accounts.models import User
from social.posts import archive, archived, importing, unpacking, writing
from social.posts.models import Import, Post
from tests.server import hostile
from tests.server.conftest import Member
from tests.server.test_posts_writing import ask, write

pytestmark = pytest.mark.django_db
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@pytest.fixture(autouse=True)
def no_files_left() -> Iterator[None]:
    yield
    folder = settings.PORCHLIGHT.data / "imports"
    assert not folder.is_dir() or not list(folder.iterdir())


def run_jobs() -> None:
    """Do what waits, as the drain does."""
    while Job.objects.filter(kind=importing.KIND).exists():
        for job in jobs.claim(10, [importing.KIND]):
            try:
                importing.work(job)
            except jobs.Retry:
                Job.objects.filter(pk=job.pk).update(lease="", lease_until=0, next_run_at=0)
                continue
            Job.objects.filter(pk=job.pk).delete()


def bring(member: Member, data: bytes, pieces: int = 2) -> Any:
    """Import an archive through the API; how it ended."""
    cache.clear()
    one = ask(member, "post", "imports", {"name": "../a.zip", "size": len(data)}, 201)
    assert one["name"] == "a.zip"
    step = -(-len(data) // pieces)
    for start in range(0, len(data), step):
        path = f"/api/v1/imports/{one['id']}?offset={start}"
        for _ in range(2):
            answer = member.client.put(path, data[start : start + step], "application/octet-stream")
            assert answer.status_code == 200, answer.content
    run_jobs()
    return ask(member, "get", f"imports/{one['id']}")


def taken_out(member: Member) -> bytes:
    return b"".join(archive.stream(User.objects.get(username=member.username)))


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as made:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            made.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def note(number: int, **more: Any) -> dict[str, Any]:
    return {
        "type": "Create",
        "object": {
            "type": "Note",
            "id": f"https://old.example/users/ana/statuses/{number}",
            "published": "2021-05-04T03:02:01Z",
            "content": f"<p>toot {number} <a href='https://a.example' onclick='x()'>link</a></p>",
            "to": [PUBLIC],
            **more,
        },
    }


def outbox(*activities: Any) -> bytes:
    return json.dumps(
        {"@context": ["x"], "type": "OrderedCollection", "orderedItems": list(activities)}
    ).encode()


def facts(post: Post) -> tuple[Any, ...]:
    labels = tuple(post.labels.values_list("label", flat=True))
    return str(post.uid), post.slug, post.title, post.source, post.body, labels, post.published // 1000


def test_what_goes_out_comes_back_as_it_was(alice: Member, make_member: Callable[[str], Member]) -> None:
    write(alice, "# Über\n\n*words* #tagged <b>bold</b> 🏮", 'Ein Titel: "mit" Zeichen')
    post = ask(alice, "post", "posts", {"source": "no title", "tags": ["own tag"]}, 201)
    ask(alice, "patch", f"posts/{post['id']}", {"open_history": False, "source": "no title, edited"})
    gone = write(alice, "not in it", "Gone")
    ask(alice, "delete", f"posts/{gone['id']}", status=204)
    before = [facts(one) for one in Post.objects.filter(deleted=None)]
    data = taken_out(alice)

    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert made.testzip() is None
        slugs = [fact[1] for fact in before]
        assert sorted(made.namelist()) == sorted(["feed.json", *(f"posts/{slug}.md" for slug in slugs)])
        feed = json.loads(made.read("feed.json"))
        assert [item["id"] for item in feed["items"]] == [f"urn:uuid:{fact[0]}" for fact in before]
        text = made.read(f"posts/{slugs[0]}.md").decode()
        assert text.startswith('---\ntitle: "Ein Titel: \\"mit\\" Zeichen"\n')
        assert "*words* #tagged" in text

    again = bring(alice, data)
    assert (again["state"], again["kind"], again["added"], again["known"]) == ("done", "own", 0, 2)
    Post.objects.all().delete()
    back = bring(alice, data)
    assert (back["state"], back["added"], back["seen"]) == ("done", 2, 2)
    assert [facts(one) for one in Post.objects.order_by("published", "id")] == before
    assert not Post.objects.get(uid=post["uid"].removeprefix("urn:uuid:")).open_history
    stranger = Client(headers={"host": "localhost:8001"})
    assert stranger.get(f"/@alice/{before[0][1]}").status_code == 200
    assert stranger.get("/@alice/tag/tagged").status_code == 200
    assert len(stranger.get("/@alice/feed.json").json()["items"]) == 2

    bob = make_member("bob")
    assert bring(bob, data)["added"] == 0


def test_what_was_deleted_here_stays_deleted(alice: Member) -> None:
    post = write(alice, "once", "One")
    data = taken_out(alice)
    ask(alice, "delete", f"posts/{post['id']}", status=204)
    assert bring(alice, data)["known"] == 1
    assert Client(headers={"host": "localhost:8001"}).get("/@alice/one").status_code == 410


def test_an_archive_of_mastodon_comes_in(alice: Member) -> None:
    write(alice, "mine", "1")
    activities = [
        note(1),
        note(2, tag=[{"type": "Hashtag", "name": "#Lamps"}, {"type": "Mention", "name": "@x"}], summary="CW"),
        note(3, attachment=[{"type": "Document"}, {"type": "Document"}]),
        {"type": "Announce", "object": "https://x.example/1", "to": [PUBLIC]},
        note(4, to=["https://old.example/users/ana/followers"], cc=[PUBLIC]),
        note(5, to=["https://x.example/users/bob"]),
        note(6, content="<script>alert(1)</script>"),
        note(7, published="yesterday"),
        note(8, published="2999-01-01T00:00:00Z"),
        {"type": "Delete"},
        "nonsense",
    ]
    data = zipped({"archive/actor.json": b"{}", "archive/outbox.json": outbox(*activities)})
    ended = bring(alice, data)
    assert (ended["state"], ended["kind"], ended["added"], ended["seen"]) == ("done", "mastodon", 4, 11)
    assert ended["skipped"] == {
        "boost": 1, "damaged": 1, "empty": 1, "media": 2, "no_date": 1, "not_public": 2, "other": 1,
    }  # fmt: skip
    posts = Post.objects.exclude(source="mine").order_by("id")
    assert [post.slug for post in posts] == ["toot-1-link", "2", "3", "8"]
    assert {post.published for post in posts[:3]} == {1620097321000}
    assert posts[3].published <= archived.clock.now()
    assert "onclick" not in posts[0].source
    assert list(posts[1].labels.values_list("label", flat=True)) == ["Lamps"]
    assert posts[1].title == "CW"
    again = bring(alice, tarred({"outbox.json": outbox(*activities)}))
    assert (again["added"], again["known"]) == (0, 4)
    page = Client(headers={"host": "localhost:8001"}).get("/@alice/archive/2021/05")
    assert page.status_code == 200


def test_a_long_archive_is_read_slice_by_slice(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "SLICE", 7)
    monkeypatch.setattr(importing, "BATCH", 3)
    ended = bring(alice, zipped({"outbox.json": outbox(*(note(number) for number in range(30)))}))
    assert (ended["state"], ended["seen"], ended["added"]) == ("done", 30, 30)
    stranger = Client(headers={"host": "localhost:8001"})
    for post in Post.objects.all():
        assert stranger.get(f"/@alice/{post.slug}").status_code == 200


def test_hostile_words_come_in_harmless(alice: Member) -> None:
    activities = [note(number, content=words) for number, words in enumerate(hostile.markup())]
    ended = bring(alice, zipped({"outbox.json": outbox(*activities)}))
    assert ended["state"] == "done"
    assert ended["added"] > 50
    stranger = Client(headers={"host": "localhost:8001"})
    for post in Post.objects.all():
        page = stranger.get(f"/@alice/{post.slug}").content.decode()
        words = page.split('<div class="words', 1)[1].split("</div>", 1)[0]
        assert hostile.harm("<div" + words + "</div>") == []


def encrypted() -> bytes:
    data = bytearray(zipped({"outbox.json": outbox(note(1))}))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + place] |= 1
    return bytes(data)


BAD: list[tuple[bytes, str]] = [
    (b"hello", "archive_unknown"),
    (zipped({"other.json": b"{}"}), "archive_unknown"),
    (tarred({"other.json": b"{}"}), "archive_unknown"),
    (zipped({"outbox.json": b"{}"}), "archive_damaged"),
    (zipped({"outbox.json": b'{"orderedItems": 5}'}), "archive_damaged"),
    (zipped({"outbox.json": b'{"orderedItems": [{"a": 1}'}), "archive_damaged"),
    (zipped({"outbox.json": b'{"orderedItems": [1 2]}'}), "archive_damaged"),
    (zipped({"outbox.json": b'{"orderedItems": ["\xff"]}'}), "archive_damaged"),
    (zipped({"outbox.json": b'{"orderedItems": ' + b"[" * 100_000}), "archive_damaged"),
    (zipped({"outbox.json": outbox(note(1))})[:-30], "archive_unknown"),
    (tarred({"outbox.json": outbox(*(note(n) for n in range(500)))})[:2000], "archive_damaged"),
    (zipped({"../../etc/passwd": b"x", "outbox.json": outbox(note(1))}), "archive_unsafe"),
    (zipped({"/etc/passwd": b"x", "outbox.json": outbox(note(1))}), "archive_unsafe"),
    (zipped({"C:\\x": b"x", "outbox.json": outbox(note(1))}), "archive_unsafe"),
    (tarred({"a/../../b": b"x", "outbox.json": outbox(note(1))}), "archive_unsafe"),
    (encrypted(), "archive_unsafe"),
]


@pytest.mark.parametrize(("data", "problem"), BAD)
def test_a_bad_archive_is_refused_in_words(alice: Member, data: bytes, problem: str) -> None:
    ended = bring(alice, data)
    assert (ended["state"], ended["problem"], ended["added"]) == ("failed", problem, 0)
    assert not Post.objects.exists()


def test_what_unpacks_to_too_much_is_refused(alice: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "LARGEST", 1_000_000)
    zeros = b"\0" * 2_000_000
    for data in (
        zipped({"outbox.json": zeros}),
        zipped({"media/x": zeros, "outbox.json": outbox(note(1))}),
        tarred({"media/x": zeros, "outbox.json": outbox(note(1))}),
        gzip.compress(zeros),
    ):
        assert bring(alice, data)["problem"] in ("archive_too_large", "archive_unknown")
    monkeypatch.setattr(unpacking, "MOST_FILES", 3)
    many = zipped({**{str(n): b"" for n in range(4)}, "outbox.json": outbox(note(1))})
    assert bring(alice, many)["problem"] == "archive_too_large"
    assert not Post.objects.exists()


def test_pieces_are_checked(alice: Member, make_member: Callable[[str], Member]) -> None:
    for size in (0, -1, importing.LARGEST + 1):
        assert ask(alice, "post", "imports", {"name": "a", "size": size}, 400)["code"] in (
            "schema",
            "archive_too_large",
        )
    one = ask(alice, "post", "imports", {"name": "a", "size": 10}, 201)
    path = f"/api/v1/imports/{one['id']}"

    def put(client: Client, query: str, data: bytes) -> int:
        return client.put(f"{path}?offset={query}", data, "application/octet-stream").status_code

    assert put(make_member("bob").client, "0", b"x") == 404
    bad = (("5", b"x"), ("0", b"x" * 11), ("-1", b"x"), ("", b"x"), ("9" * 20, b"x"), ("0x1", b"x"))
    for query, data in bad:
        assert put(alice.client, query, data) == 400
    assert put(alice.client, "0", b"12345") == 200
    second = ask(alice, "post", "imports", {"name": "b", "size": 1}, 201)
    assert ask(alice, "get", f"imports/{one['id']}")["state"] == "failed"
    assert put(alice.client, "5", b"67890") == 200
    assert Import.objects.get(pk=one["id"]).state == Import.FAILED
    path = f"/api/v1/imports/{second['id']}"
    assert put(alice.client, "0", b"x") == 200
    assert ask(alice, "post", "imports", {"name": "c", "size": 1}, 409)["code"] == "import_running"
    run_jobs()
    assert [one["id"] for one in ask(alice, "get", "imports")["imports"]] == [second["id"], one["id"]]


@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")
def test_the_export_is_for_its_member_only(alice: Member) -> None:
    writing.publish(User.objects.get(username="alice"), "One", "words")
    answer = alice.client.get("/api/v1/posts/export")
    assert answer["content-type"] == "application/zip"
    assert answer["content-disposition"].startswith('attachment; filename="alice-')
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as made:
        assert "posts/one.md" in made.namelist()
    assert Client(headers={"host": "localhost:8001"}).get("/api/v1/posts/export").status_code == 401
