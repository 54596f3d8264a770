"""Every failure of /api/v1 has one shape: `{"code", "message"}`; the code is stable, the message for
people."""

from __future__ import annotations

from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from homevault.protocol.errors import CODES, ProtocolError
from social.accounts.access import NotRecent
from social.accounts.throttle import Throttled
from social.media.errors import MediaRefusal
from social.posts.errors import Refusal
from social.safety.errors import Unsafe

STATUS = {
    "not_found": 404,
    "refused": 403,
    "blocked": 403,
    "unreachable": 502,
    "too_many": 429,
    "device_list_stale": 409,
    "device_list_conflict": 409,
    "account_conflict": 409,
    "internal": 500,
}


class Failure(exceptions.APIException):
    """A failure with a stable code and a sentence for people."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message, code)
        self.status_code = status or STATUS.get(code, 400)
        self.code = code
        self.message = message


def absent() -> Failure:
    """What is not there, and what one may not see."""
    return Failure("not_found", _("There is nothing here."))


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    code, message, status = describe(error)
    if not code:
        return None
    headers = {}
    wait = getattr(error, "wait", None)
    if isinstance(error, exceptions.Throttled | Throttled) and wait:
        headers["Retry-After"] = str(ceil(wait))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = "Session"
    return Response({"code": code, "message": message}, status=status, headers=headers)


def describe(error: Exception) -> tuple[str, str, int]:
    """(code, message, status); an empty code leaves the error to Django's 500."""
    match error:
        case Failure():
            return error.code, error.message, error.status_code
        case Refusal() | MediaRefusal() | Unsafe():
            return error.code, str(error.message), error.status
        case ProtocolError():
            return error.code, sentence(error.code), STATUS.get(error.code, 400)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return "login", _("Log in first."), 401
        case NotRecent():
            return "recent_login", _("Show that it is you: your password or a second factor."), 403
        case Throttled():
            return "too_many", error.sentence, 429
        case exceptions.PermissionDenied() if "CSRF" in str(error.detail):
            return "csrf", _("This page is out of date. Load it again, then try once more."), 403
        case exceptions.PermissionDenied() | PermissionDenied():
            return "refused", _("That is not allowed, or not there."), 403
        case exceptions.Throttled():
            return "too_many", _("That is more than the limit. Wait a little, then try again."), 429
        case exceptions.NotFound() | Http404():
            return "not_found", _("There is nothing here."), 404
        case exceptions.ValidationError():
            return "schema", first_message(error.detail), 400
        case exceptions.APIException():
            return "schema", _("That request could not be read."), error.status_code
    return "", "", 500


def sentence(code: str) -> str:
    return _(CODES.get(code, "That did not work."))


def first_message(detail: Any) -> str:
    """One sentence of what a serializer found, with the field it is about."""
    while isinstance(detail, list) and detail:
        detail = detail[0]
    if isinstance(detail, dict) and detail:
        name, inner = next(iter(detail.items()))
        text = first_message(inner)
        return text if name == "non_field_errors" else f"{name}: {text}"
    return str(detail) or _("That request could not be read.")
