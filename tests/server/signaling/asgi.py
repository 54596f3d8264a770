"""The ASGI application of a site that is nothing but a relay.

`python -m tests.server.signaling.asgi SERVER PORT` runs it: SERVER is `uvicorn`, as a site runs it, or
`daphne`. `RELAY_PING` sets the seconds between pings.
"""

from __future__ import annotations

import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.server.signaling.settings"

import django

django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path  # noqa: E402

from signaling import services, socket  # noqa: E402


async def lifespan(scope, receive, send):  # type: ignore[no-untyped-def]
    await receive()
    await services.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await services.stop()
    await send({"type": "lifespan.shutdown.complete"})


async def echo(scope, receive, send):  # type: ignore[no-untyped-def]
    """An ordinary ASGI websocket application, for the frames themselves."""
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        await send({**event, "type": "websocket.send"})


async def control(scope, receive, send):  # type: ignore[no-untyped-def]
    """`/call/<function of signaling.relay>/<argument>/…`, as the rest of a site would call it."""
    from asgiref.sync import sync_to_async

    from signaling import pairing, relay

    _, name, *arguments = scope["path"].strip("/").split("/")
    if name == "deliver":
        answer = await deliver((await receive())["body"])
    elif name == "push_site":
        await sync_to_async(relay.push_site)(arguments[0], "changed", {"topic": arguments[1]})
        answer = ""
    elif name == "waiting":
        answer = " ".join(str(one["slot"]) for one in await sync_to_async(pairing.waiting)(*arguments))
    else:
        answer = str(await sync_to_async(getattr(relay, name))(*arguments))
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": answer.encode()})


async def deliver(raw: bytes) -> str:
    """The code with which mail of another site is refused, or nothing."""
    from homevault.protocol.envelope import read_envelope
    from homevault.protocol.errors import ProtocolError
    from signaling import relay

    try:
        await relay.deliver(raw, read_envelope(raw))
    except ProtocolError as error:
        return str(error)
    return ""


sockets = URLRouter([path("signaling/socket", socket.app), path("echo", echo)])
application = ProtocolTypeRouter({"lifespan": lifespan, "websocket": sockets, "http": control})


def run_uvicorn(port: int) -> None:
    import uvicorn

    uvicorn.run(
        "tests.server.signaling.asgi:application",
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        http="httptools",
        ws="signaling.uvicorn_protocol:WebSocketProtocol",
        log_level="warning",
        ws_ping_interval=float(os.environ.get("RELAY_PING", "20")),
        ws_ping_timeout=float(os.environ.get("RELAY_PING", "20")),
        timeout_graceful_shutdown=1,
    )


def run_daphne(port: int) -> None:
    from daphne.cli import CommandLineInterface

    CommandLineInterface().run(
        ["-b", "127.0.0.1", "-p", str(port), "-v", "0", "tests.server.signaling.asgi:application"]
    )


if __name__ == "__main__":
    {"uvicorn": run_uvicorn, "daphne": run_daphne}[sys.argv[1]](int(sys.argv[2]))
