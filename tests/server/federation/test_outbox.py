"""Mail that goes by POST because no link can be had, what the answers mean, and the door it comes in by."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import orjson
import pytest
from django.db import transaction
from django.test import AsyncClient

from federation import budget, clock, fetch, here, jobs, links, outbox, post, signatures, sitekey, tasks
from federation.backoff import BackOff
from federation.models import Job, Peer
from homevault.protocol.addresses import Address
from homevault.protocol.canonical import canonical
from homevault.protocol.errors import ProtocolError
from homevault.protocol.keys import DhKey
from tests.server.federation.conftest import Served
from tests.server.federation.servers import Say, Server, answer
from tests.server.federation.sites import Person
from tests.server.federation.stranger import Stranger, random
from tests.server.federation.test_jobs import until


class PostOnly(Server):
    """A site behind something that lets no websocket through. `says` is its next answer to a POST."""

    def __init__(self) -> None:
        super().__init__(self.serve)
        self.stranger = Stranger()
        self.says = answer(b"{}", "202 Accepted")
        self.posts: list[bytes] = []

    @property
    def site(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    async def serve(self, request: bytes, say: Say) -> None:
        self.stranger.port = self.port
        if request.startswith(b"GET /.well-known/porchlight "):
            await say(answer(canonical(self.stranger.document())))
        elif request.startswith(b"POST /federation/inbox "):
            self.posts.append(request)
            await say(self.says)
        else:
            await say(answer(status="404 Not Found"))


@pytest.fixture
async def other(allow: Callable[..., None]) -> AsyncIterator[PostOnly]:
    async with PostOnly() as found:
        allow(found.site)
        yield found


def problem(status: str, code: str) -> bytes:
    return answer(orjson.dumps({"code": code, "message": "so"}), status)


async def enqueue(site: tuple[str, int], *envelopes: Any) -> None:
    def work() -> None:
        with transaction.atomic():
            for envelope in envelopes:
                outbox.enqueue_envelope(site, envelope.raw)

    await asyncio.to_thread(work)


def mail_to(served: Served, other: PostOnly) -> Any:
    return Person("alice", served.address).envelope(Address(*other.site, "bob"))


async def no_jobs() -> bool:
    return not await Job.objects.aexists()


async def settled(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.01)


async def test_without_a_link_the_same_bytes_go_by_a_signed_post(served: Served, other: PostOnly) -> None:
    mail = mail_to(served, other)
    await enqueue(other.site, mail)
    await settled(no_jobs)
    (request,) = other.posts
    assert request.endswith(b"\r\n\r\n" + mail.raw)
    head = request.split(b"\r\n\r\n")[0].decode()
    assert f"Porchlight-Site: 127.0.0.1:{served.address.port}\r\n" in head
    assert f'keyid="{sitekey.current().public}"' in head
    await links.send_live(other.site, mail.raw)
    assert len(other.posts) == 2


async def test_the_same_mail_enqueued_twice_is_one_job(served: Served, other: PostOnly) -> None:
    mail = mail_to(served, other)
    await enqueue(other.site, mail, mail, mail)
    await settled(no_jobs)
    assert len(other.posts) == 1


@pytest.mark.parametrize(
    ("says", "final"),
    [
        (problem("404 Not Found", "unknown_recipient"), "unknown_recipient"),
        (problem("403 Forbidden", "refused"), "refused"),
        (problem("507 Insufficient Storage", "mailbox_full"), "mailbox_full"),
        (problem("400 Bad Request", "unlisted_device"), "unlisted_device"),
        (problem("400 Bad Request", "no_such_code"), "refused"),
        (problem("401 Unauthorized", "signature"), None),
        (problem("429 Too Many Requests", "too_many"), None),
        (problem("500 Internal Server Error", "internal"), None),
        (answer(b"<html>", "502 Bad Gateway"), None),
        (answer(b"<html>", "404 Not Found"), None),
        (answer(b"[]", "400 Bad Request"), None),
        (answer(b"", "200 OK"), None),
        (answer(status="307 Temporary Redirect", Location="http://127.0.0.1:1/"), None),
    ],
)
async def test_what_an_answer_means(served: Served, other: PostOnly, says: bytes, final: str | None) -> None:
    other.says = says
    mail = mail_to(served, other)
    await enqueue(other.site, mail)
    if final is not None:
        await settled(no_jobs)
        assert [(site, raw, code) for site, raw, code, _ in served.failed] == [(other.site, mail.raw, final)]
        return
    await until(lambda: len(other.posts) == 1)

    async def postponed() -> bool:
        return await Job.objects.filter(lease_until=0, attempts=1, next_run_at__gt=clock.now()).aexists()

    await settled(postponed)
    assert served.failed == []


async def test_a_site_that_is_away_is_asked_by_one_mail_and_not_by_all(
    served: Served, other: PostOnly, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "_back_off", BackOff(first=3_600, longest=3_600))
    other.says = answer(status="503 Service Unavailable")
    await enqueue(other.site, *(mail_to(served, other) for _ in range(20)))

    async def all_wait() -> bool:
        return await Job.objects.filter(lease_until=0, next_run_at__gt=clock.now()).acount() == 20

    await settled(all_wait)
    assert len(other.posts) == 1
    assert sorted([attempts async for attempts in Job.objects.values_list("attempts", flat=True)]) == [
        0
    ] * 19 + [1]


async def test_only_envelopes_to_that_other_site_are_enqueued(served: Served, other: PostOnly) -> None:
    mail = mail_to(served, other)
    for site in (("third.example", 443), served.address.site):
        with pytest.raises(ProtocolError):
            await asyncio.to_thread(outbox.enqueue_envelope, site, mail.raw)
    with pytest.raises(ProtocolError):
        await asyncio.to_thread(outbox.enqueue_envelope, other.site, mail.raw[:-1])
    assert await no_jobs()


async def test_a_transaction_that_fails_sends_nothing(served: Served, other: PostOnly) -> None:
    mail = mail_to(served, other)

    def work() -> None:
        with transaction.atomic():
            outbox.enqueue_envelope(other.site, mail.raw)
            transaction.set_rollback(True)

    await asyncio.to_thread(work)
    assert await no_jobs()
    await enqueue(other.site, kept := mail_to(served, other))
    await settled(no_jobs)
    assert [request.endswith(kept.raw) for request in other.posts] == [True]


# --- the door ---------------------------------------------------------------------------------


@pytest.fixture
async def mallory(served: Served) -> Stranger:
    """A site that is pinned here and needs not be asked."""
    found = Stranger()
    found.port = 1
    await Peer.objects.acreate(
        ip=found.host, port=1, key=found.key.public, dh=found.dh.public, document_time=1
    )
    return found


async def knock(
    served: Served, site: Stranger, raw: bytes, monkeypatch: pytest.MonkeyPatch, content: bytes | None = None
) -> Any:
    """POST as the other site would."""
    url = served.url + post.PATH
    own = sitekey.current
    with monkeypatch.context() as patch:
        keys = sitekey.SiteKey(site.key, DhKey.generate(random), 1)
        patch.setattr(sitekey, "current", lambda: keys)
        patch.setattr(here, "site", lambda: site.site)
        headers = signatures.sign_request("POST", url, raw)
    assert sitekey.current is own
    return await fetch.post(url, raw if content is None else content, headers)


async def test_a_signed_post_is_taken_once(
    served: Served, mallory: Stranger, allow: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(served.address.site)
    mail = Person("m", mallory.address).envelope(Address(*served.address.site, "alice"))
    for _ in range(2):
        response = await knock(served, mallory, mail.raw, monkeypatch)
        assert (response.status, response.body) == (202, b"{}")
    assert served.ids() == [mail.id]


async def test_what_the_door_refuses(
    served: Served, mallory: Stranger, allow: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(served.address.site)
    alice = Address(*served.address.site, "alice")
    mail = Person("m", mallory.address).envelope(alice)
    spoofed = Person("m", Address("third.example", 443, "")).envelope(alice)
    nobody = Person("m", mallory.address).envelope(Address(*served.address.site, "nobody"))
    broken = Person("m", mallory.address).envelope(Address(*served.address.site, "broken"))
    liar = Stranger()
    liar.port = 1
    cases = [
        (await knock(served, mallory, spoofed.raw, monkeypatch), 403, "wrong_sender"),
        (await knock(served, mallory, nobody.raw, monkeypatch), 404, "unknown_recipient"),
        (await knock(served, mallory, broken.raw, monkeypatch), 500, "internal"),
        (await knock(served, mallory, b"{}", monkeypatch), 400, "schema"),
        (await knock(served, mallory, b"x" * 65_537, monkeypatch), 413, "json_too_large"),
        (await knock(served, mallory, mail.raw, monkeypatch, mail.raw + b" "), 401, "signature"),
        (await knock(served, liar, mail.raw, monkeypatch), 401, "not_proven"),
        (await fetch.post(served.url + post.PATH, mail.raw), 401, "signature"),
    ]
    for response, status, code in cases:
        assert (response.status, orjson.loads(response.body)["code"]) == (status, code)
    assert served.taken == []


async def test_the_door_has_a_limit_for_each_site(
    served: Served, mallory: Stranger, allow: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(served.address.site)
    monkeypatch.setattr(budget, "RATE", 0.001)
    monkeypatch.setattr(budget, "BURST", 2.0)
    alice = Address(*served.address.site, "alice")
    statuses = []
    for _ in range(4):
        mail = Person("m", mallory.address).envelope(alice)
        statuses.append((await knock(served, mallory, mail.raw, monkeypatch)).status)
    assert statuses == [202, 202, 429, 429]
    assert len(served.taken) == 2


async def test_the_door_is_for_posts_and_needs_no_csrf_token(served: Served) -> None:
    client = AsyncClient(enforce_csrf_checks=True)
    assert (await client.get("/federation/inbox")).status_code == 405
    assert (await client.post("/federation/inbox", b"{}", content_type="application/json")).status_code == 401


# --- production -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_celery_runs_the_jobs_that_need_no_link(home: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from celery import Celery  # type: ignore[import-untyped]

    done: list[str] = []
    monkeypatch.setattr(jobs, "_kinds", {})
    jobs.register("plain", lambda job: done.append(job.key))
    jobs.register("linked", lambda job: done.append(job.key), linked=True)
    jobs.enqueue("plain", "a", None)
    jobs.enqueue("linked", "b", None)
    app = Celery("test", set_as_current=False)
    tasks.define(app)
    assert tasks.BEAT["federation-drain"]["task"] in app.tasks
    assert app.tasks[tasks.TASK].apply().get() == 1
    assert done == ["a"]


def test_a_broker_that_is_away_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    import celery

    tried: list[str] = []

    class Away:
        def send_task(self, name: str, **options: Any) -> None:
            tried.append(name)
            raise OSError("away")

    monkeypatch.setattr(celery, "current_app", Away())
    monkeypatch.setattr(tasks, "_quiet_until", 0.0)
    tasks._hint()
    tasks._sender().submit(int).result(10)
    for _ in range(5):
        tasks._hint()
    tasks._sender().submit(int).result(10)
    assert tried == [tasks.TASK]


async def test_a_process_without_links_sends_live_by_post(
    home: Any, transactional_db: Any, other: PostOnly
) -> None:
    alice = Person("alice", Address("127.0.0.1", 8001, ""))
    await links.send_live(other.site, alice.envelope(Address(*other.site, "bob")).raw)
    assert len(other.posts) == 1
