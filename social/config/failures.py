"""What is answered when something fails before or inside a view: JSON to programs, a plain page to people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import escape
from django.utils.translation import gettext as _

PROGRAMS = ("/api/", "/_allauth/", "/federation/", "/.well-known/")


def failure(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    wants_json = request.path.startswith(PROGRAMS) or request.path.endswith(".json")
    if wants_json:
        return JsonResponse({"code": code, "message": message}, status=status)
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(message)}</title><main><h1>{escape(message)}</h1>"
        f'<p><a href="/">{escape(_("To the front page"))}</a></p></main>'
    )
    return HttpResponse(page, status=status)


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
