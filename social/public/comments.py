"""`POST /@name/<slug>/comments`: another site brings a comment of one of its people, or a change (SPEC 8.3).

201 shown, 202 waits, 200 a change; everything else is `{"code", "message"}` and nothing is stored.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from federation import signatures, threads
from federation.here import Site
from federation.signatures import Signed
from homevault.protocol.canonical import parse
from homevault.protocol.errors import CODES, ProtocolError
from social.accounts import addresses, limits
from social.posts import changing, discussion
from social.posts.models import Comment

LIMIT = 20_480  # bytes of a body: a comment, its certificate and what is around them
ASKED_A_MINUTE = 120  # of one address, before anything is verified
PROVING = {"json_too_large": 413, "too_many": 429, "unreachable": 503, "replay": 409, "refused": 403}
"""The status of what is wrong with the request itself: 401 but for these."""
TAKING = {
    "wrong_sender": 403,
    "certificate_account": 403,
    "certificate_device": 403,
    "unlisted_device": 403,
    "refused": 404,
    "replay": 409,
    "clock": 425,
    "too_many": 429,
    "unreachable": 503,
    "internal": 500,
}
"""The status of what is wrong with the comment: 400 but for these."""
SHOWN, WAITS = 201, 202


@csrf_exempt
async def incoming(request: HttpRequest, username: str, slug: str) -> HttpResponse:
    """Take a comment, or say why not."""
    if request.method != "POST":
        return _failed("refused", 405, {"Allow": "POST"})
    if request.content_type != "application/json":
        return _failed("schema", 415)
    try:
        caller = await _prove(request)
    except ProtocolError as error:
        return _failed(error.code, PROVING.get(error.code, 401))
    try:
        return await _take(request.body, caller.site, username, slug)
    except ProtocolError as error:
        return _failed(error.code, TAKING.get(error.code, 400))


async def _prove(request: HttpRequest) -> Signed:
    await threads.run(
        limits.require, "comments-from", addresses.prefix(request), ASKED_A_MINUTE, limits.MINUTE
    )
    if len(request.body) > LIMIT:
        raise ProtocolError("json_too_large")
    return await signatures.verify_request(request)


async def _take(raw: bytes, site: Site, username: str, slug: str) -> HttpResponse:
    body = parse(raw, LIMIT)
    if isinstance(body, dict) and "change" in body:
        return await _take_change(body, site, username, slug)
    signed, certificate, post = await threads.run(discussion.read, body, site, username, slug)
    known = await threads.run(discussion.known, signed)
    if known is None:
        await discussion.check_listed(signed.author, certificate)
        known = await threads.run(discussion.take, signed, certificate, post)
    return _taken(known)


async def _take_change(body: Any, site: Site, username: str, slug: str) -> HttpResponse:
    """200 whether or not the comment has come, and whether or not the change counts."""
    change, certificate, post = await threads.run(changing.read, body, site, username, slug)
    await discussion.check_listed(change.author, certificate)
    comment = await threads.run(changing.take, change, certificate, post)
    return JsonResponse({"comment": change.comment, "state": comment.state if comment else None})


def _taken(comment: Comment) -> HttpResponse:
    if comment.state in (Comment.REFUSED, Comment.REMOVED, Comment.GONE):
        return _failed("refused", 403)
    status = SHOWN if comment.state == Comment.SHOWN else WAITS
    return JsonResponse({"comment": comment.ref, "state": comment.state}, status=status)


def _failed(code: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"code": code, "message": CODES[code]}, status=status, headers=headers)
