"""The ASGI application: lifespan, HTTP and websockets of one site.

HTTP goes through cached public pages (which know host and security headers themselves), security headers,
known host, the app's files, the body cap and then Django. Websockets go through known host to raw ASGI
callables; they prove themselves (SPEC section 6.3).
"""

from __future__ import annotations

import importlib
import logging
import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "social.config.settings")

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from social.config.bodies import BodyCap  # noqa: E402
from social.config.frontend import Frontend  # noqa: E402
from social.config.headers import KnownHost, SecurityHeaders, own_names, security_headers  # noqa: E402
from social.config.services import Services  # noqa: E402
from social.public.cache import CachedPages  # noqa: E402

log = logging.getLogger("porchlight")


async def lifespan(scope: Any, receive: Any, send: Any) -> None:
    services = Services()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            try:
                await services.start()
            except Exception:
                log.exception("The site could not start")
                await services.stop()
                await send({"type": "lifespan.startup.failed", "message": "see the log"})
                return
            await send({"type": "lifespan.startup.complete"})
        else:
            await services.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def nowhere(scope: Any, receive: Any, send: Any) -> None:
    """A websocket to a path that has none."""
    await send({"type": "websocket.close", "code": 4403})


def optional(dotted: str) -> Any:
    """`module:name`, or None where this checkout has no such module."""
    module, _, name = dotted.partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except ModuleNotFoundError as error:
        if error.name and module.startswith(error.name):
            return None
        raise


def http() -> Any:
    site = settings.PORCHLIGHT
    rest = KnownHost(Frontend(BodyCap(django), settings.FRONTEND_DIST), site)
    return CachedPages(SecurityHeaders(rest, site), security_headers(site), own_names(site))


def sockets() -> Any:
    apps: dict[str, Any] = {
        "signaling/socket": optional("signaling.socket:app"),
        "federation/link": optional("federation.links:app"),
        "<path:anything>": nowhere,
        "": nowhere,
    }
    routes = URLRouter([path(route, app) for route, app in apps.items() if app])
    return KnownHost(routes, settings.PORCHLIGHT)


application = ProtocolTypeRouter({"lifespan": lifespan, "http": http(), "websocket": sockets()})
