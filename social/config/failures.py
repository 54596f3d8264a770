"""What is answered when something fails before or inside a view: JSON to programs, a plain page to people."""

from __future__ import annotations

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from federation import here
from social.accounts import languages
from social.public.assets import stylesheet

PROGRAMS = ("/api/", "/_allauth/", "/federation/", "/.well-known/")


def failure(request: HttpRequest, status: int, code: str, message: str | Promise) -> HttpResponse:
    if request.path.startswith(PROGRAMS) or request.path.endswith(".json"):
        return JsonResponse({"code": code, "message": message}, status=status)
    page = {
        "site": settings.PORCHLIGHT,
        "stylesheet": stylesheet().path,
        "url": f"{here.origin()}/",
        "message": message,
    }
    with translation.override(_language()):
        return HttpResponse(render_to_string("failure.html", page), status=status)


def _language() -> str:
    """The site's, also while its database does not answer."""
    try:
        return languages.of_site()
    except DatabaseError:
        return str(settings.LANGUAGE_CODE)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return failure(request, 400, "schema", _("That request could not be read."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return failure(request, 403, "refused", _("That is not allowed, or not there."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return failure(request, 404, "not_found", _("There is nothing here."))


def server_error(request: HttpRequest) -> HttpResponse:
    return failure(request, 500, "internal", _("Something went wrong on our side. Try again."))


def csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    return failure(request, 403, "csrf", _("This page is out of date. Load it again, then try once more."))
