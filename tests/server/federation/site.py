"""A site that is nothing but federation, as a process of its own, driven by `/test/…` requests.

What its handlers took is a table of the process's own database, written before they return, one row a call: a
test sees what was handled twice.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
from typing import Any
from urllib.parse import parse_qs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.server.federation.settings")

import django

django.setup()

import uvicorn  # noqa: E402
from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.management import call_command  # noqa: E402

from federation import here, inbox, jobs, leases, links, outbox, peers, services, threads  # noqa: E402
from federation.models import Job, Peer  # noqa: E402
from homevault.protocol.addresses import Address  # noqa: E402
from homevault.protocol.errors import ProtocolError  # noqa: E402

pages = get_asgi_application()
taken = sqlite3.connect(
    here.environment().data / "taken.sqlite3", isolation_level=None, check_same_thread=False
)
taken.execute("PRAGMA journal_mode=WAL")
taken.execute("PRAGMA synchronous=FULL")
taken.execute("CREATE TABLE IF NOT EXISTS taken (type, id, raw)")
failed: list[list[str]] = []
refused: list[list[Any]] = []
hold = asyncio.Event()


async def take(envelope: Any, raw: bytes, site: Any) -> None:
    if envelope.to.username == "nobody":
        raise ProtocolError("unknown_recipient")
    if envelope.to.username == "slow":
        await hold.wait()
    taken.execute("INSERT INTO taken VALUES (?, ?, ?)", (envelope.type, envelope.id, raw))


for name in ("mail", "request", "typing", "hint", "error", "comment-state"):
    inbox.register(name, take)
outbox.on_failed(lambda site, raw, code, detail: failed.append([json.loads(raw)["data"]["id"], code]))
peers.on_refused(lambda site, pinned, seen: refused.append([here.name(site), pinned, seen]))


def state(query: dict[str, list[str]], body: bytes) -> dict[str, Any]:
    up = links.current()._links
    return {
        "taken": taken.execute("SELECT type, id FROM taken ORDER BY rowid").fetchall(),
        "links": {
            here.name(site): [[link.dialled, link.retired] for link in found] for site, found in up.items()
        },
        "jobs": list(Job.objects.values("kind", "group", "attempts", "problem")),
        "peers": list(Peer.objects.values("ip", "port", "key", "refused_key")),
        "failed": failed,
        "refused": refused,
        "worker": leases.WORKER,
    }


def send(query: dict[str, list[str]], body: bytes) -> dict[str, Any]:
    outbox.enqueue_envelope(Address.parse(query["to"][0]).site, body)
    return {}


async def live(query: dict[str, list[str]], body: bytes) -> dict[str, Any]:
    await links.send_live(Address.parse(query["to"][0]).site, body)
    return {}


async def dial(query: dict[str, list[str]], body: bytes) -> dict[str, Any]:
    link = await links.get(Address.parse(query["to"][0]).site)
    return {"link": link is not None}


async def drop(query: dict[str, list[str]], body: bytes) -> dict[str, Any]:
    for found in list(links.current()._links.values()):
        for link in found:
            link.end(1000)
    return {}


async def go_on(query: dict[str, list[str]], body: bytes) -> dict[str, Any]:
    hold.set()
    return {}


async def tick(query: dict[str, list[str]], body: bytes) -> dict[str, Any]:
    await links.current().tick()
    return {}


def hurry(query: dict[str, list[str]], body: bytes) -> dict[str, Any]:
    jobs.hurry("envelope", query["to"][0])
    return {}


ACTIONS = {f.__name__: f for f in (state, send, live, dial, drop, go_on, tick, hurry)}


async def act(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    action: Any = ACTIONS[scope["path"].removeprefix("/test/")]
    query = parse_qs(scope["query_string"].decode())
    try:
        call = action if asyncio.iscoroutinefunction(action) else lambda *a: threads.run(action, *a)
        status, found = 200, await call(query, body)
    except ProtocolError as error:
        status, found = 400, {"code": error.code, "detail": error.detail}
    await send({"type": "http.response.start", "status": status, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(found).encode()})


async def lifespan(receive: Any, send: Any) -> None:
    await receive()
    await services.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await services.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["path"].startswith("/test/"):
        await act(scope, receive, send)
    elif scope["type"] == "websocket":
        await links.app(scope, receive, send)
    else:
        await pages(scope, receive, send)


def main() -> None:
    call_command("migrate", verbosity=0)
    found = here.environment()
    port = int(sys.argv[1]) if len(sys.argv) > 1 else found.port
    uvicorn.run(app, host=found.host, port=port, lifespan="on", log_level="warning", ws="websockets-sansio")


if __name__ == "__main__":
    main()
