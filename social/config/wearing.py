"""The app in the owner's theme: its index names the theme's stylesheet after all others, so that the app is
never seen without it, and gives the browser's own frame the theme's paper.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from social.public.assets import Clothes
from social.public.pages import FOREVER

SHEET = re.compile(r"/app/theme-[0-9a-f]{16}\.css")
PAPER = re.compile(
    rb'(<meta name="theme-color" media="\(prefers-color-scheme: (light|dark)\)" content=")#[0-9a-f]{6}'
)
HTML = "text/html; charset=utf-8"


def is_sheet(path: str) -> bool:
    return SHEET.fullmatch(path) is not None


def answer(scope: Any, index: bytes, clothes: Clothes) -> list[dict[str, Any]]:
    """The ASGI messages that answer a GET or HEAD of the stylesheet, or of the index anywhere else."""
    path, sheet = scope["path"], clothes.sheet
    body, kind = (sheet.body, sheet.content_type) if is_sheet(path) else (dressed(index, clothes), HTML)
    etag = b'"%b"' % hashlib.sha256(body).hexdigest()[:16].encode()
    cache = FOREVER if path == sheet.path else "no-cache"  # another sheet was changed meanwhile
    headers = [(b"content-type", kind.encode()), (b"cache-control", cache.encode()), (b"etag", etag)]
    if etag in dict(scope["headers"]).get(b"if-none-match", b""):
        return _messages(304, headers, b"")
    headers.append((b"content-length", b"%d" % len(body)))
    return _messages(200, headers, b"" if scope["method"] == "HEAD" else body)


def _messages(status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> list[dict[str, Any]]:
    start = {"type": "http.response.start", "status": status, "headers": headers}
    return [start, {"type": "http.response.body", "body": body}]


def dressed(index: bytes, clothes: Clothes) -> bytes:
    papers = dict(zip((b"light", b"dark"), clothes.paper, strict=True))
    link = f'<link rel="stylesheet" href="{clothes.sheet.path}" data-theme></head>'
    index = PAPER.sub(lambda found: found[1] + papers[found[2]].encode(), index)
    return index.replace(b"</head>", link.encode(), 1)
