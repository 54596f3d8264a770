"""Paths under /api/v1/."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    *([path("", include("social.api.posts_urls"))] if find_spec("social.api.posts_urls") else []),
]
