"""`/.well-known/porchlight/moved/<account>`: where somebody lives now, as their account signed it."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from federation import conditional
from homevault.protocol.errors import ProtocolError
from social.accounts import access, addresses, limits, wellknown
from social.posts import moving

BROUGHT_A_MINUTE = 30  # by one address


@csrf_exempt
@require_http_methods(["GET", "HEAD", "PUT"])
def moved(request: HttpRequest, account: str) -> HttpResponse:
    """GET: the newest move that is known, with an ETag, or 404. PUT brings one and answers like GET."""
    if request.method == "PUT":
        try:
            limits.require("moves-from", addresses.prefix(request), BROUGHT_A_MINUTE, limits.MINUTE)
            moving.take(request.body, account)
        except ProtocolError as error:
            return wellknown.failed(error)
    found = moving.newest(account)
    if found is None:
        raise access.Absent
    etag = f'"{hashlib.sha256(found).hexdigest()[:32]}"'
    same = request.method != "PUT" and conditional.has(request, etag)
    response = HttpResponse(b"" if same else found, "application/json", status=304 if same else 200)
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return response
