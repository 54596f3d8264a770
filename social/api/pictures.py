"""people/picture, and how pictures from elsewhere are answered: made anew here, for members, bounded."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.views import APIView

from homevault.protocol.addresses import Address
from homevault.protocol.errors import ProtocolError
from social.accounts import access, limits
from social.accounts.models import User
from social.api.describe import describe
from social.api.errors import Failure
from social.media import remote
from social.media.errors import MediaRefusal
from social.media.serving import HEADERS
from social.people import faces, lookup
from social.posts.models import Feed

AN_HOUR = 1200


def answer(user: User, url: str, hash: str = "") -> HttpResponse:
    """The small WebP of the picture at `url`, which has this hash if one is given; the other site does not
    see who looks."""
    limits.require("remote-pictures", user.username, AN_HOUR, limits.HOUR)
    answer = HttpResponse(remote.picture(url, hash), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=86400"
    for header, value in HEADERS[:2]:
        answer[header.decode()] = value.decode()
    return answer


def of_feed(feed: Feed) -> str | None:
    """Where the app finds the picture of the person whose feed it is."""
    return faces.path(Address(feed.ip, feed.port, feed.username), feed.icon) if feed.ip else None


class PersonPictureView(APIView):
    @describe(
        "The picture of somebody elsewhere",
        parameters=[("address", "of somebody looked up or followed")],
        responses={200: bytes},
    )
    def get(self, request: Request) -> HttpResponse:
        """Fetched by this site and made anew. Whose picture is not known here has none."""
        user = access.member(request.user)
        try:
            address = lookup.read_address(request.query_params.get("address", ""))
        except ProtocolError as error:
            raise Failure("address", _("An address looks like @name@example.org.")) from error
        url = faces.of(address)
        if not url:
            raise MediaRefusal("not_found")
        return answer(user, url)
