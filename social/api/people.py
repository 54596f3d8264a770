"""people: who lives here and is here now; people/lookup: a profile, account and newest posts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation import here
from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.accounts import access, limits
from social.api import shapes
from social.api.describe import describe
from social.api.errors import Failure
from social.people import lookup
from social.safety import company
from social.safety.company import Neighbour

LOOKUPS_A_MINUTE = 60


class PeopleView(APIView):
    @describe("Who lives on this site, and who is here now", responses=shapes.CompanyShape)
    def get(self, request: Request) -> Response:
        """Those who are connected first, then by name."""
        found = company.of(access.member(request.user))
        return Response(
            {
                "people": [neighbour(one) for one in found.members],
                "visitors": [{"handle": one.handle, "name": one.name} for one in found.visitors],
                "further": found.further,
            }
        )


def neighbour(one: Neighbour) -> dict[str, Any]:
    picture = one.shown.picture
    return {
        "address": str(Address(*here.site(), one.username)),
        "name": one.shown.name,
        "position": one.shown.position,
        "picture": picture.small if picture else None,
        "light": one.light,
        "own": one.own,
    }


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
