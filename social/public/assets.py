"""What pages are made with besides posts: the stylesheet, the icon, and the name of the whole recipe; and
what the app wears of a theme."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from federation import here
from social.accounts import inventory
from social.public import looks, published
from social.public.pages import FOREVER
from social.public.published import Page
from social.public.themes import Theme, colours

HERE = Path(__file__).parent
LIGHT = "src/visitor.ts"
MAKERS = ("build.py", "feeds.py", "listings.py", "rendering.py", "site_pages.py", "taglists.py")


def stylesheet() -> Page:
    """The one stylesheet: the tokens that the app uses too, a theme's over them, and the pages' own rules."""
    return _stylesheet(looks.current())


@lru_cache(maxsize=32)
def _stylesheet(theme: Theme | None) -> Page:
    css = theme.css if theme else b""
    body = _of_app("tokens.css") + css + (HERE / "style" / "public.css").read_bytes()
    return _asset("css", published.CSS, body)


@dataclass(frozen=True, slots=True)
class Clothes:
    """A theme as the app wears it: its stylesheet, and the paper by day and at dusk that the browser's own
    frame takes up."""

    sheet: Page
    paper: tuple[str, str]


def clothes() -> Clothes | None:
    """Those of the theme in use; None: the app's own look."""
    theme = looks.current()
    return _clothes(theme) if theme else None


@lru_cache(maxsize=32)
def _clothes(theme: Theme) -> Clothes:
    return Clothes(_asset("css", published.CSS, theme.css, "app/theme"), colours(dict(theme.tokens), "paper"))


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


def _asset(suffix: str, content_type: str, body: bytes, kind: str = "public") -> Page:
    """Named by its bytes, so that it may be kept for ever."""
    name = hashlib.sha256(body).hexdigest()[:16]
    return Page(f"/{kind}-{name}.{suffix}", content_type, body, cache=FOREVER)


def _of_app(name: str) -> bytes:
    found: bytes = (settings.ROOT / "frontend" / "src" / "ui" / name).read_bytes()
    return found


def recipe() -> str:
    """Names what pages are made with: templates, code, style, theme, what is stored and where the site is."""
    return _recipe(looks.current())


@lru_cache(maxsize=32)
def _recipe(theme: Theme | None) -> str:
    parts = [*sorted((HERE / "templates" / "public").iterdir()), *(HERE / name for name in MAKERS)]
    parts += [path for folder in settings.LOCALE_PATHS for path in sorted(Path(folder).rglob("*.mo"))]
    paths = f"{settings.TIME_ZONE} {_stylesheet(theme).path} {icon().path} {script()}"
    digest = hashlib.sha256(f"{here.origin()} {settings.PORCHLIGHT.name} {paths}".encode())
    for one in inventory.every(inventory.STRANGERS):
        digest.update(f"{one.what} {one.why} {one.kept}".encode())
    for name, text in theme.templates if theme else ():
        digest.update(f"{name} {text}".encode())
    for part in parts:
        digest.update(part.read_bytes())
    return digest.hexdigest()[:40]
