"""Every HTTP path of the site; the app's files under /app/ are answered before this."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from social.config import login

urlpatterns: list[URLPattern | URLResolver] = [
    path("_allauth/", include(login)),
    path("api/v1/", include("social.api.urls")),
    path("", include("social.accounts.urls")),
    path("", include("federation.urls")),
    path("", include("social.public.urls")),
]

handler400 = "social.config.failures.bad_request"
handler403 = "social.config.failures.forbidden"
handler404 = "social.config.failures.not_found"
handler500 = "social.config.failures.server_error"
