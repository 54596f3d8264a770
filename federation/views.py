"""HTTP between sites: `GET /.well-known/porchlight` and `POST /federation/inbox` (SPEC 4.5, 6.4)."""

from __future__ import annotations

import hashlib
import logging

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from federation import budget, conditional, document, here, inbox, signatures
from federation.inbox import Peer
from homevault.protocol.canonical import LIMIT
from homevault.protocol.envelope import read_envelope
from homevault.protocol.errors import CODES, ProtocolError

log = logging.getLogger(__name__)
STATUS = {
    "replay": 409,
    "refused": 403,
    "wrong_sender": 403,
    "unknown_recipient": 404,
    "json_too_large": 413,
    "too_many": 429,
    "internal": 500,
    "unreachable": 502,
    "mailbox_full": 507,
}


@require_safe
def site_document(request: HttpRequest) -> HttpResponse:
    """Who this site is, signed; the same bytes until its keys change."""
    body = document.own()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}
    if conditional.has(request, etag):
        return HttpResponseNotModified(headers=headers)
    return HttpResponse(body, content_type="application/json", headers=headers)


@csrf_exempt
@require_POST
async def receive(request: HttpRequest) -> HttpResponse:
    """Take one envelope from the site that signed the request; 202 when mail is durable here."""
    if len(request.body) > LIMIT:
        return problem(ProtocolError("json_too_large"))
    try:
        signed = await signatures.verify_request(request)
    except ProtocolError as error:
        log.info("a signed request was refused: %s", error)
        return problem(error, 429 if error.code == "too_many" else 401)
    if budget.spend(signed.site, patience=0) is None:
        return problem(ProtocolError("too_many"))
    try:
        await inbox.handle(read_envelope(request.body), Peer(signed.site, signed.key))
    except ProtocolError as error:
        log.info("an envelope from %s was refused: %s", here.name(signed.site), error)
        return problem(error)
    return JsonResponse({}, status=202)


def problem(error: ProtocolError, status: int | None = None) -> JsonResponse:
    """The answer to another site for an error: `{"code", "message"}` and a fitting status."""
    message = error.detail or CODES[error.code]
    return JsonResponse(
        {"code": error.code, "message": message}, status=status or STATUS.get(error.code, 400)
    )
