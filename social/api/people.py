"""GET people/lookup: somebody's profile, account and newest posts, wherever they live."""

from __future__ import annotations

from dataclasses import asdict

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from homevault.protocol.errors import ProtocolError
from social.accounts import access, limits
from social.api import shapes
from social.api.describe import describe
from social.api.errors import Failure
from social.people import lookup

LOOKUPS_A_MINUTE = 60


class LookupView(APIView):
    @describe(
        "Find a person",
        parameters=[("address", "`@bob@example.org`, or the URL of a profile")],
        responses=shapes.PersonShape,
    )
    def get(self, request: Request) -> Response:
        user = access.member(request.user)
        limits.require("lookup", user.username, LOOKUPS_A_MINUTE, limits.MINUTE)
        person = find(request.query_params.get("address", ""))
        return Response(
            {
                **asdict(person.shown),
                "address": person.address.wire(),
                "account": person.account,
                "url": person.url,
                "local": person.local,
                "following": lookup.follows(user, person.address),
                "posts": [asdict(post) for post in person.posts],
            }
        )


def find(text: str) -> lookup.Person:
    try:
        return lookup.find(lookup.read_address(text))
    except access.Absent as error:
        raise Failure("not_found", _("There is nobody by that name.")) from error
    except TimeoutError as error:
        raise Failure("unreachable", _("That site does not answer just now. Try again later.")) from error
    except ProtocolError as error:
        if error.code == "address":
            raise Failure("address", _("An address looks like @name@example.org.")) from error
        if error.code == "unreachable":
            raise Failure("unreachable", _("That site does not answer just now. Try again later.")) from error
        raise
