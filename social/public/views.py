"""Public pages through Django, for what the cache in front of it let through."""

from __future__ import annotations

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponsePermanentRedirect,
)
from django.views.decorators.csrf import csrf_exempt

from social.public import published


@csrf_exempt
def page(request: HttpRequest) -> HttpResponse:
    """GET or HEAD of a public page; other spellings of its address are sent to the right one."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    found = published.answer(request.path)
    if found is None:
        return _elsewhere(request.path)
    headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in request.headers.items()]
    start, body = found.to(request.method, headers)
    response = HttpResponse(body["body"], status=start["status"])
    del response["content-type"]
    for name, value in start["headers"]:
        response[name.decode()] = value.decode("latin-1")
    return response


def _elsewhere(path: str) -> HttpResponse:
    plain = path.rstrip("/").lower()
    if plain and plain != path and published.answer(plain):
        return HttpResponsePermanentRedirect(plain)
    raise Http404
