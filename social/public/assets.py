"""What pages are made with besides posts: the stylesheet, the icon, and the name of the whole recipe."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from federation import here
from social.accounts import inventory
from social.public import published, themes
from social.public.pages import FOREVER
from social.public.published import Page

HERE = Path(__file__).parent
LIGHT = "src/visitor.ts"
MAKERS = ("build.py", "feeds.py", "listings.py", "rendering.py", "site_pages.py", "taglists.py")


@lru_cache(maxsize=1)
def stylesheet() -> Page:
    """The one stylesheet: the tokens that the app uses too, a theme's over them, and the pages' own rules."""
    tokens = _of_app("tokens.css")
    body = tokens + _theme(tokens) + (HERE / "style" / "public.css").read_bytes()
    return _asset("css", published.CSS, body)


def _theme(tokens: bytes) -> bytes:
    if not settings.THEME:
        return b""
    try:
        return themes.read(settings.THEME, settings.THEME_FOLDERS, tokens.decode()).css
    except themes.BadTheme as error:
        raise ImproperlyConfigured(f"PORCHLIGHT_THEME: {error}") from error


@lru_cache(maxsize=1)
def icon() -> Page:
    """The lamp that browsers show beside the title, the app's too."""
    return _asset("svg", published.SVG, _of_app("lamp.svg"))


@lru_cache(maxsize=1)
def script() -> str:
    """The path of the light's script among the app's files; empty where the app has not been built."""
    try:
        manifest = json.loads((settings.FRONTEND_DIST / ".vite" / "manifest.json").read_bytes())
        return f"/app/{manifest[LIGHT]['file']}"
    except (OSError, ValueError, LookupError):
        return ""


def _asset(suffix: str, content_type: str, body: bytes) -> Page:
    """Named by its bytes, so that it may be kept for ever."""
    name = hashlib.sha256(body).hexdigest()[:16]
    return Page(f"/public-{name}.{suffix}", content_type, body, cache=FOREVER)


def _of_app(name: str) -> bytes:
    found: bytes = (settings.ROOT / "frontend" / "src" / "ui" / name).read_bytes()
    return found


@lru_cache(maxsize=1)
def recipe() -> str:
    """Names what pages are made with: templates, code, style, what is stored and where the site is."""
    parts = [*sorted((HERE / "templates" / "public").iterdir()), *(HERE / name for name in MAKERS)]
    parts += [path for folder in settings.LOCALE_PATHS for path in sorted(Path(folder).rglob("*.mo"))]
    digest = hashlib.sha256(
        f"{here.origin()} {settings.PORCHLIGHT.name} {stylesheet().path} {icon().path} {script()}".encode()
    )
    for one in inventory.every(inventory.STRANGERS):
        digest.update(f"{one.what} {one.why} {one.kept}".encode())
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()[:40]
