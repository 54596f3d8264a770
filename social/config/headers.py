"""Security headers on every HTTP answer, and the check of the Host header on every request.

An answer that brings its own Content-Security-Policy (uploads, with `sandbox`) keeps it.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from social.config.environment import Environment

Headers = list[tuple[bytes, bytes]]
CSP = b"content-security-policy"


def policy(site: Environment) -> str:
    sockets = f"wss://{site.authority}" if site.secure else "ws: wss:"
    return (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:; "
        f"media-src 'self' blob:; font-src 'self'; connect-src 'self' {sockets}; manifest-src 'self'; "
        "worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types app"
    )


def security_headers(site: Environment) -> Headers:
    headers = [
        (CSP, policy(site).encode()),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-embedder-policy", b"require-corp"),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"permissions-policy", b"camera=(self), microphone=(self), geolocation=(), payment=(), usb=()"),
    ]
    if site.secure:
        headers.append((b"strict-transport-security", b"max-age=63072000"))
    return headers


class SecurityHeaders:
    """ASGI: wraps everything that answers HTTP."""

    def __init__(self, app: Any, site: Environment) -> None:
        self.app = app
        self.all = security_headers(site)
        self.without_policy = self.all[1:]

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def send_with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                own = message.get("headers", ())
                ours = self.without_policy if any(name == CSP for name, _ in own) else self.all
                message = {**message, "headers": [*own, *ours]}
            await send(message)

        await self.app(scope, receive, send_with_headers)


def own_names(site: Environment) -> frozenset[bytes]:
    """What a Host header may say to mean this site, in small letters."""
    names = {site.authority.encode()}
    if site.authority != f"{site.host}:{site.port}" and ":" not in site.host:
        names.add(f"{site.host}:{site.port}".encode())
    return frozenset(names)


class KnownHost:
    """ASGI: answers only to the site's own name, on HTTP and on websockets."""

    def __init__(self, app: Any, site: Environment) -> None:
        self.app = app
        self.names = own_names(site)

    def __call__(self, scope: Any, receive: Any, send: Any) -> Awaitable[None]:
        if self._known(scope):
            answered: Awaitable[None] = self.app(scope, receive, send)
            return answered
        if scope["type"] == "http":
            return refuse(send, 421, b"host", b"This is another site.")
        closed: Awaitable[None] = send({"type": "websocket.close", "code": 4403})
        return closed

    def _known(self, scope: Any) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        return len(hosts) == 1 and hosts[0].lower() in self.names


async def refuse(send: Any, status: int, code: bytes, message: bytes) -> None:
    """One whole JSON answer of the usual error shape."""
    body = b'{"code":"%s","message":"%s"}' % (code, message)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
