"""`/.well-known/porchlight/keys/<username>`: what anybody may know of a member's keys, and claims by other
sites."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from federation import conditional, here, signatures
from homevault.protocol import canonical
from homevault.protocol.errors import ProtocolError
from homevault.protocol.prekeys import read_claim
from social.accounts import access, addresses, keys, limits

CLAIM_LIMIT = 4_096
ASKED_A_MINUTE = 30
STATUS = {"too_many": 429, "signature": 401, "not_proven": 401, "unreachable": 502, "refused": 403}


def answer(value: object, status: int = 200) -> HttpResponse:
    return HttpResponse(canonical.canonical(value), status=status, content_type="application/json")


def failed(error: ProtocolError) -> HttpResponse:
    return answer({"code": error.code, "message": ""}, STATUS.get(error.code, 400))


@require_safe
def document(request: HttpRequest, username: str) -> HttpResponse:
    """The keys document, canonical, with an ETag. 404 for nobody and for a member without keys alike."""
    found = keys.document_here(username)
    if found is None:
        raise access.Absent
    response = answer(found)
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if conditional.has(request, etag):
        response = HttpResponse(status=304)
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    return response


@csrf_exempt
@require_POST
def claim(request: HttpRequest, username: str) -> HttpResponse:
    """One-time prekeys for a site that signed this request (SPEC 8.2)."""
    try:
        limits.require("claim-asked", addresses.prefix(request), ASKED_A_MINUTE, limits.MINUTE)
        asked = read_claim(canonical.parse(request.body, CLAIM_LIMIT))
        caller = signatures.verify_request_sync(request)
        taken = keys.claim_here(username, asked, here.name(caller.site))
    except ProtocolError as error:
        return failed(error)
    return answer({"v": 1, "one_time": taken})
