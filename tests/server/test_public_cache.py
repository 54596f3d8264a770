"""Pages from memory: never older than promised, whichever process changed them, within bounded memory."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections

from deploy.local.processes import Site
from federation import threads
from social.public import cache, published
from social.public.cache import CachedPages
from social.public.models import Edition, PublishedPage
from social.public.published import Page
from tests.server.people import Person, until

pytestmark = pytest.mark.django_db(transaction=True)
HOST = (b"host", b"site.example")


class Pages:
    """A `CachedPages` and what it let through."""

    def __init__(self) -> None:
        self.through: list[str] = []
        self.cached = CachedPages(self.django, [(b"x-safe", b"1")], frozenset({HOST[1]}))

    async def django(self, scope: Any, receive: Any, send: Any) -> None:
        self.through.append(scope["path"])
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def get(self, path: str, *headers: tuple[bytes, bytes], method: str = "GET") -> tuple[int, bytes]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": method, "path": path, "headers": [HOST, *headers]}
        await self.cached(scope, None, send)
        return sent[0]["status"], sent[1]["body"]


@pytest.fixture
def pages() -> Iterator[Pages]:
    found = Pages()
    yield found
    found.cached.thread.submit(connections.close_all).result()
    found.cached.thread.shutdown()


async def publish(path: str, body: bytes) -> None:
    """In this process, as the app does it."""
    from django.db import transaction

    def put() -> None:
        with transaction.atomic():
            published.put([Page(path, published.HTML, body)])

    await threads.run(put)


async def publish_elsewhere(path: str, body: bytes) -> None:
    """As another process does it: nobody here is told."""

    def change() -> None:
        PublishedPage.objects.filter(path=path).update(body=body, modified=1)
        Edition.objects.update(number=Edition.objects.get().number + 1)

    await threads.run(change)


async def test_a_page_comes_from_memory_and_everything_else_from_django(pages: Pages) -> None:
    await publish("/@ana", b"one")
    assert await pages.get("/@ana") == (200, b"one")
    etag = pages.cached.shelf["/@ana"].etag
    assert await pages.get("/@ana", (b"if-none-match", etag)) == (304, b"")
    assert await pages.get("/@ana", method="HEAD") == (200, b"")
    assert pages.through == []
    for path, method in (("/@nobody", "GET"), ("/api/v1/me", "GET"), ("/@ana", "POST"), ("/x", "HEAD")):
        assert (await pages.get(path, method=method))[0] == 404
    assert pages.through == ["/@nobody", "/api/v1/me", "/@ana", "/x"]


async def test_another_host_is_not_answered_from_memory(pages: Pages) -> None:
    await publish("/@ana", b"one")
    await pages.get("/@ana")

    async def send(message: Any) -> None:
        assert message.get("status") != 200

    for headers in ([], [(b"host", b"other.example")]):
        await pages.cached({"type": "http", "method": "GET", "path": "/@ana", "headers": headers}, None, send)
    assert pages.through == ["/@ana", "/@ana"]


async def test_a_commit_here_is_seen_at_once(pages: Pages) -> None:
    for number in range(20):
        await publish("/@ana", b"%d" % number)
        assert await pages.get("/@ana") == (200, b"%d" % number)


async def test_a_commit_elsewhere_is_seen_in_time(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(cache, "time", SimpleNamespace(monotonic=lambda: now))
    await publish("/@ana", b"old")
    assert await pages.get("/@ana") == (200, b"old")
    await publish_elsewhere("/@ana", b"new")
    now += cache.STALE_SECONDS
    assert await pages.get("/@ana") == (200, b"old")
    now += 0.001
    assert await pages.get("/@ana") == (200, b"new")


async def test_a_page_read_while_it_changes_is_not_kept(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The read began before the commit and ends after it: its bytes may be answered but not remembered."""
    await publish("/@ana", b"old")
    await pages.cached._look()
    read = published.answer

    def read_then_change(path: str, extra: Any) -> Any:
        found = read(path, extra)
        monkeypatch.setattr(published, "answer", read)
        from django.db import transaction

        with transaction.atomic():
            published.put([Page("/@ana", published.HTML, b"new")])
        return found

    monkeypatch.setattr(published, "answer", read_then_change)
    assert await pages.get("/@ana") == (200, b"old")
    assert await pages.get("/@ana") == (200, b"new")


async def test_many_who_wait_ask_the_database_once(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    await publish("/@ana", b"one")
    looks = []
    edition = published.edition
    monkeypatch.setattr(published, "edition", lambda: looks.append(1) or edition())
    answers = await asyncio.gather(*(pages.get("/@ana") for _ in range(50)))
    assert answers == [(200, b"one")] * 50
    assert len(looks) == 1


async def test_memory_is_bounded(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MEMORY_BYTES", 50_000)
    for number in range(30):
        await publish(f"/@ana/{number}", b"x" * 10_000)
    for number in range(30):
        assert (await pages.get(f"/@ana/{number}"))[0] == 200
        shelf = pages.cached.shelf
        assert shelf.size == sum(answer.size for answer in shelf.values()) <= 50_000


async def test_what_was_rolled_back_is_never_seen(pages: Pages) -> None:
    from django.db import transaction

    await publish("/@ana", b"one")
    await pages.get("/@ana")

    def fail() -> None:
        with transaction.atomic():
            published.put([Page("/@ana", published.HTML, b"two")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await threads.run(fail)
    assert await pages.get("/@ana") == (200, b"one")


def test_a_real_site_shows_what_another_process_published(site: Site) -> None:
    alice = Person.moves_in(site, "alice")
    post = alice.write("Here.", "First")
    page = alice.page("/@alice/first")
    assert page.status_code == 200
    assert page.headers["etag"]
    assert "content-security-policy" in page.headers
    assert "set-cookie" not in page.headers
    assert alice.page("/@alice/first", {"If-None-Match": page.headers["etag"]}).status_code == 304

    site.manage("shell", "-c", CHANGE.format(pk=post["id"]))
    until(lambda: "Elsewhere." in alice.page("/@alice/first").text, cache.STALE_SECONDS + 1)


CHANGE = (
    "from social.posts import writing; from social.posts.models import Post; "
    "writing.edit(Post.objects.select_related('author').get(pk={pk}), 'First', 'Elsewhere.')"
)
