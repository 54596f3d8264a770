"""What pages are made with besides posts: the stylesheet, the icon, and the name of the whole recipe."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from federation import here
from social.public import published
from social.public.pages import FOREVER
from social.public.published import Page

HERE = Path(__file__).parent
MAKERS = ("build.py", "feeds.py", "listings.py", "rendering.py", "taglists.py")


@lru_cache(maxsize=1)
def stylesheet() -> Page:
    """The one stylesheet: the tokens that the app uses too, and the pages' own rules."""
    return _asset("css", published.CSS, _of_app("tokens.css") + (HERE / "style" / "public.css").read_bytes())


@lru_cache(maxsize=1)
def icon() -> Page:
    """The lamp that browsers show beside the title, the app's too."""
    return _asset("svg", published.SVG, _of_app("lamp.svg"))


def _asset(suffix: str, content_type: str, body: bytes) -> Page:
    """Named by its bytes, so that it may be kept for ever."""
    name = hashlib.sha256(body).hexdigest()[:16]
    return Page(f"/public-{name}.{suffix}", content_type, body, cache=FOREVER)


def _of_app(name: str) -> bytes:
    found: bytes = (settings.ROOT / "frontend" / "src" / "ui" / name).read_bytes()
    return found


@lru_cache(maxsize=1)
def recipe() -> str:
    """Names what pages are made with: templates, code, style and where the site is."""
    parts = [*sorted((HERE / "templates" / "public").iterdir()), *(HERE / name for name in MAKERS)]
    digest = hashlib.sha256(
        f"{here.origin()} {settings.PORCHLIGHT.name} {stylesheet().path} {icon().path}".encode()
    )
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()[:40]
