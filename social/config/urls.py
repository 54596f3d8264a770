"""Every HTTP path of the site; the app's files under /app/ are answered before this."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from social.config import login

URLs = list[URLPattern | URLResolver]


def of(prefix: str, module: str) -> URLs:
    """The URLs of an app, where it has some."""
    return [path(prefix, include(module))] if find_spec(module) else []


urlpatterns: URLs = [
    path("_allauth/", include(login)),
    path("api/v1/", include("social.api.urls")),
    path("", include("social.accounts.urls")),
    *of("", "federation.urls"),
    *of("", "social.public.urls"),
]

handler400 = "social.config.failures.bad_request"
handler403 = "social.config.failures.forbidden"
handler404 = "social.config.failures.not_found"
handler500 = "social.config.failures.server_error"
