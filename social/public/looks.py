"""Which theme public pages are made with: what the owner chose, before that PORCHLIGHT_THEME, else none.

A theme is read once and kept; it is read again when the owner looks at the themes or the site starts. A
chosen theme that can no longer be read is passed over, and the log says so: pages go on without it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from federation import jobs
from social.accounts.models import User
from social.public import themes
from social.public.models import Look
from social.public.themes import BadTheme, Theme
from social.safety import log as deeds

KIND = "look"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trial:
    """A theme that is looked at and not chosen, and where its stylesheet is had meanwhile."""

    theme: Theme | None
    stylesheet: str


_trial: ContextVar[Trial | None] = ContextVar("trial", default=None)


def current() -> Theme | None:
    """The theme that pages are made with now. Raises ImproperlyConfigured where the environment names none
    that there is."""
    trial = _trial.get()
    if trial is not None:
        return trial.theme
    row = Look.objects.filter(id=Look.THE_ONE).first()
    name = row.theme if row else settings.THEME
    try:
        return read(name) if name else None
    except BadTheme as error:
        if row is None:
            raise ImproperlyConfigured(f"PORCHLIGHT_THEME: {error}") from error
        log.warning("the chosen theme is not used: %s", error)
        return None


def chosen() -> str:
    """The name of the theme, empty for the site's own look."""
    row = Look.objects.filter(id=Look.THE_ONE).first()
    return row.theme if row else settings.THEME


def names() -> list[str]:
    """Those of all themes there are, usable or not; they are read anew after this."""
    read.cache_clear()
    found = {path.name for folder in settings.THEME_FOLDERS if folder.is_dir() for path in folder.iterdir()}
    return sorted(filter(themes.NAME.fullmatch, found))


def choose(by: User, name: str) -> None:
    """Make all pages anew with this theme, or with none. Raises BadTheme."""
    read.cache_clear()
    if name:
        read(name)
    with transaction.atomic():
        Look.objects.update_or_create(id=Look.THE_ONE, defaults={"theme": name})
        deeds.record(by, "theme", name)
        jobs.enqueue(KIND, "all", None)


@contextmanager
def trying(name: str, stylesheet: str) -> Iterator[None]:
    """Within, pages are made with this theme and name this stylesheet. Raises BadTheme."""
    token = _trial.set(Trial(read(name) if name else None, stylesheet))
    try:
        yield
    finally:
        _trial.reset(token)


def tried_stylesheet() -> str | None:
    trial = _trial.get()
    return trial.stylesheet if trial else None


@lru_cache(maxsize=32)
def read(name: str) -> Theme:
    return themes.read(name, settings.THEME_FOLDERS, themes.basis())
