"""`POST /webmention`: a page elsewhere is said to link to a post or a person of this site. 202: it will be
looked at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from homevault.protocol.errors import ProtocolError
from social.accounts import addresses, limits
from social.posts import mentions
from social.posts.errors import Refusal

FORM = "application/x-www-form-urlencoded"
ASKED_A_MINUTE = 30  # of one address
LIMIT = 8_192


@csrf_exempt
def incoming(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _said("Webmentions are posted here.", 405, {"Allow": "POST"})
    if request.content_type != FORM:
        return _said(f"Send {FORM} with source and target.", 415)
    try:
        limits.require("mentions-from", addresses.prefix(request), ASKED_A_MINUTE, limits.MINUTE)
        if len(request.body) > LIMIT:
            return _said("That is too long.", 413)
        mentions.take(request.POST.get("source", ""), request.POST.get("target", ""))
    except ProtocolError:
        return _said("That was a lot in a short time. Try again later.", 429)
    except Refusal as error:
        status = 429 if error.code == "too_many" else 400
        return _said(
            "source must be a page elsewhere, target a person here or a post that takes comments.", status
        )
    return _said("The page will be looked at.", 202)


def _said(text: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{text}\n", "text/plain; charset=utf-8", status=status, headers=headers)
