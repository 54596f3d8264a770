"""Runs the ASGI application in this process: uvicorn on uvloop, the relay's websocket protocol, a quick
end.

On SIGTERM or Ctrl-C requests in flight get GRACE_SECONDS and the services theirs; END_SECONDS after the
signal the process ends whatever still hangs. Nothing is lost by that: what was acknowledged is on disk.
"""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import Any

import uvicorn
from django.conf import settings

GRACE_SECONDS = 1
END_SECONDS = 1.9
HEADERS_AT_MOST = 32 * 1024
KEEP_ALIVE_SECONDS = 20
APPLICATION = "social.config.asgi:application"
WEBSOCKETS = "signaling.uvicorn_protocol:WebSocketProtocol"
PAGES = "social.public.uvicorn_protocol:PagesProtocol"


class Server(uvicorn.Server):
    """uvicorn's server with a last resort."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            end = threading.Timer(END_SECONDS, os._exit, (0,))
            end.daemon = True
            end.start()
        super().handle_exit(sig, frame)


def config() -> uvicorn.Config:
    site = settings.PORCHLIGHT
    return uvicorn.Config(
        APPLICATION,
        host=site.bind,
        port=site.bind_port,
        loop="uvloop",
        http=PAGES,
        ws=WEBSOCKETS,
        lifespan="on",
        log_config=None,
        access_log=site.access_log,
        server_header=False,
        proxy_headers=bool(site.trusted_proxies),
        forwarded_allow_ips=list(site.trusted_proxies),
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        h11_max_incomplete_event_size=HEADERS_AT_MOST,
        backlog=512,
    )


def serve() -> None:
    """Serve until a signal comes; then return, or end the process. Raises SystemExit if it could not
    start."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, _leave)
    server = Server(config())
    server.run()
    if not server.started:
        raise SystemExit(3)


def _leave(*_: Any) -> None:
    """Before uvicorn listens for signals, and when it raises them again after its own end."""
    raise SystemExit(0)
