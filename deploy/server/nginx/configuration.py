"""The configuration of nginx for one site: `porchlight.conf.in` with the site's own words.

Standard library only. The headers are those that the site gives itself; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TEMPLATE = Path(__file__).with_name("porchlight.conf.in")
INDENT = " " * 8
NOSNIFF = ("X-Content-Type-Options", "nosniff")
REVALIDATE = ("Cache-Control", "public, max-age=0, must-revalidate")
LASTING = ("Cache-Control", "public, max-age=31536000, immutable")
FOR_PROGRAMS = [
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Content-Security-Policy", "default-src 'none'; sandbox"),
]


@dataclass(frozen=True)
class Front:
    """`listen` is what nginx listens on, `upstream` where the site does (`127.0.0.1:8001`, `unix:/path`);
    `host` is in brackets if it is IPv6; `port` is given where it is not the scheme's own. `pages` and `media`
    are the folders that the site lays its public pages and files in, `app` the one of the built app."""

    host: str
    listen: str
    upstream: str
    pages: Path
    media: Path
    app: Path
    port: int | None = None
    secure: bool = True

    def text(self) -> str:
        """The whole configuration."""
        words = {
            "upstream": self.upstream,
            "listen": self.listen,
            "host": self.host,
            "pages": str(self.pages),
            "media": str(self.media),
            "app": str(self.app),
            "page": lines([*self._safety(), REVALIDATE]),
            "program": lines([NOSNIFF, *FOR_PROGRAMS, REVALIDATE]),
            "lasting": lines([NOSNIFF, LASTING]),
            "asset": lines([*self._safety(), ("Access-Control-Allow-Origin", "*"), LASTING]),
        }
        found = TEMPLATE.read_text(encoding="utf-8")
        for name, value in words.items():
            found = found.replace(f"@{name}@", value)
        return found

    def _safety(self) -> list[tuple[str, str]]:
        authority = self.host if self.port is None else f"{self.host}:{self.port}"
        sockets = f"wss://{authority}" if self.secure else "ws: wss:"
        policy = (
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
            "img-src 'self' blob:; media-src 'self' blob:; font-src 'self'; "
            f"connect-src 'self' {sockets}; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
            "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
            "trusted-types app"
        )
        lasting = [("Strict-Transport-Security", "max-age=63072000")] if self.secure else []
        return [
            ("Content-Security-Policy", policy),
            ("Cross-Origin-Opener-Policy", "same-origin"),
            ("Cross-Origin-Embedder-Policy", "require-corp"),
            NOSNIFF,
            ("Referrer-Policy", "same-origin"),
            (
                "Permissions-Policy",
                "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
            ),
            *lasting,
        ]


def lines(headers: list[tuple[str, str]]) -> str:
    return "\n".join(f'{INDENT}add_header {name} "{value}";' for name, value in headers)
