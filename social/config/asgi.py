"""The ASGI application: lifespan, HTTP and websockets of one site.

HTTP goes through cached public pages (which know host and security headers themselves), security headers,
known host, the app's files, public media, the body cap and then Django. Websockets go through known host to
raw ASGI callables; they prove themselves (SPEC section 6.3).
"""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "social.config.settings")

from django.core.asgi import get_asgi_application

django = get_asgi_application()

from channels.routing import ProtocolTypeRouter  # noqa: E402
from django.conf import settings  # noqa: E402

from federation.links import app as sites  # noqa: E402
from signaling.socket import app as devices  # noqa: E402
from social.config.bodies import BodyCap  # noqa: E402
from social.config.frontend import Frontend  # noqa: E402
from social.config.headers import KnownHost, SecurityHeaders, own_names, security_headers  # noqa: E402
from social.config.services import WithServices  # noqa: E402
from social.media.serving import MediaFiles  # noqa: E402
from social.public import assets  # noqa: E402
from social.public.cache import CachedPages  # noqa: E402


async def nowhere(scope: Any, receive: Any, send: Any) -> None:
    """A websocket to a path that has none."""
    await send({"type": "websocket.close", "code": 4403})


def http() -> Any:
    site = settings.PORCHLIGHT
    files = MediaFiles(BodyCap(django), settings.MEDIA_ROOT / "public")
    rest = KnownHost(Frontend(files, settings.FRONTEND_DIST, assets.clothes), site)
    return CachedPages(SecurityHeaders(rest, site), security_headers(site), own_names(site))


WEBSOCKETS: dict[str, Any] = {"signaling/socket": devices, "federation/link": sites}


def socket(scope: Any, receive: Any, send: Any) -> Any:
    """A websocket, by its path."""
    return WEBSOCKETS.get(scope["path"].removeprefix("/"), nowhere)(scope, receive, send)


application = WithServices(
    ProtocolTypeRouter({"http": http(), "websocket": KnownHost(socket, settings.PORCHLIGHT)})
)
