"""`POST /@name/<slug>/comments`: another site brings a comment of one of its people (SPEC 8.3).

201 shown, 202 waits; everything else is `{"code", "message"}` and nothing is stored.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from federation import signatures, threads
from homevault.protocol.canonical import parse
from homevault.protocol.errors import CODES, ProtocolError
from social.accounts import addresses, limits
from social.posts import discussion
from social.posts.models import Comment

LIMIT = 20_480  # bytes of a body: a comment, its certificate and what is around them
ASKED_A_MINUTE = 120  # of one address, before anything is verified
STATUS = {
    "json_too_large": 413,
    "signature": 401,
    "not_proven": 401,
    "clock": 401,
    "expired": 401,
    "replay": 409,
    "wrong_sender": 403,
    "certificate_account": 403,
    "certificate_device": 403,
    "unlisted_device": 403,
    "refused": 404,
    "too_many": 429,
    "unreachable": 503,
    "internal": 500,
}
SHOWN, WAITS = 201, 202


@csrf_exempt
async def incoming(request: HttpRequest, username: str, slug: str) -> HttpResponse:
    """Take a comment, or say why not."""
    if request.method != "POST":
        return _failed("refused", 405, {"Allow": "POST"})
    if request.content_type != "application/json":
        return _failed("schema", 415)
    try:
        comment = await _take(request, username, slug)
    except ProtocolError as error:
        return _failed(error.code, STATUS.get(error.code, 400))
    if comment.state in (Comment.REFUSED, Comment.REMOVED):
        return _failed("refused", 403)
    return JsonResponse(
        {"comment": comment.ref, "state": comment.state},
        status=SHOWN if comment.state == Comment.SHOWN else WAITS,
    )


async def _take(request: HttpRequest, username: str, slug: str) -> Comment:
    await threads.run(
        limits.require, "comments-from", addresses.prefix(request), ASKED_A_MINUTE, limits.MINUTE
    )
    if len(request.body) > LIMIT:
        raise ProtocolError("json_too_large")
    caller = await signatures.verify_request(request)
    body = parse(request.body, LIMIT)
    signed, certificate, post = await threads.run(discussion.read, body, caller.site, username, slug)
    known = await threads.run(discussion.known, signed)
    if known is not None:
        return known
    await discussion.check_listed(signed, certificate)
    return await threads.run(discussion.take, signed, certificate, post)


def _failed(code: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return JsonResponse({"code": code, "message": CODES[code]}, status=status, headers=headers)
