"""follows: whose posts come to the timeline."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation import here
from homevault.protocol.addresses import Address
from social.accounts import access as accounts
from social.accounts import limits
from social.api import pictures
from social.api import posts_shapes as shapes
from social.api.describe import describe
from social.people import profiles
from social.posts import access, following, opml
from social.posts.models import Follow

FOLLOWS_A_MINUTE = 30
LISTS_A_MINUTE = 4


def shown(follow: Follow) -> dict[str, Any]:
    own = {"id": follow.pk, "since": follow.since, "title": follow.title, "muted": follow.muted}
    return {**own, **(_member(follow) or _feed(follow))}


def _member(follow: Follow) -> dict[str, Any] | None:
    author = follow.author
    if author is None:
        return None
    who = profiles.of(author)
    return {
        "address": str(Address(*here.site(), author.username)),
        "name": who.name,
        "picture": who.picture.small if who.picture else None,
        "url": f"{here.origin()}/@{author.username}",
        "kind": "member",
        "polled": None,
        "problem": None,
    }


def _feed(follow: Follow) -> dict[str, Any]:
    feed = follow.feed
    assert feed is not None
    return {
        "address": str(Address(feed.ip, feed.port, feed.username)) if feed.ip else None,
        "name": feed.name or feed.title or feed.url,
        "picture": pictures.of_feed(feed),
        "url": feed.home or feed.url,
        "kind": "site" if feed.ip else feed.kind or "rss",
        "polled": feed.polled or None,
        "problem": feed.problem or None,
    }


class FollowsView(APIView):
    @describe("Whom I follow", responses=shapes.FollowsShape)
    def get(self, request: Request) -> Response:
        user = accounts.member(request.user)
        follows = Follow.objects.filter(user=user).select_related("feed", "author").order_by("-id")
        return Response({"follows": [shown(follow) for follow in follows]})

    @describe(
        "Follow",
        request=shapes.AddressTextShape,
        responses={200: shapes.FollowShape, 201: shapes.FollowShape},
    )
    def post(self, request: Request) -> Response:
        """201 when it is new, 200 when it was followed already. Waits for the other site."""
        user = accounts.member(request.user)
        limits.require("follow", user.username, FOLLOWS_A_MINUTE, limits.MINUTE)
        given = shapes.AddressTextShape(data=request.data)
        given.is_valid(raise_exception=True)
        follow, new = following.follow(user, given.validated_data["address"])
        return Response(shown(follow), status=201 if new else 200)


class LookView(APIView):
    @describe(
        "What following would bring", request=shapes.AddressTextShape, responses=shapes.FollowPreviewShape
    )
    def post(self, request: Request) -> Response:
        """Asks the other site and changes nothing. `others` are further feeds that the page names."""
        user = accounts.member(request.user)
        limits.require("follow", user.username, FOLLOWS_A_MINUTE, limits.MINUTE)
        given = shapes.AddressTextShape(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(asdict(following.preview(user, given.validated_data["address"])))


class FollowView(APIView):
    @describe("Rename or mute", request=shapes.FollowChangeShape, responses=shapes.FollowShape)
    def patch(self, request: Request, pk: int) -> Response:
        follow = access.own_follow(accounts.member(request.user), pk)
        given = shapes.FollowChangeShape(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(shown(following.change(follow, given.validated_data)))

    @describe("No longer follow", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        following.unfollow(access.own_follow(accounts.member(request.user), pk))
        return Response(status=204)


class OpmlView(APIView):
    @describe("What I follow, as OPML", responses={(200, "text/x-opml"): str})
    def get(self, request: Request) -> HttpResponse:
        found = opml.write(accounts.member(request.user))
        named = {"Content-Disposition": 'attachment; filename="follows.opml"'}
        return HttpResponse(found, "text/x-opml; charset=utf-8", headers=named)

    @describe("Follow what an OPML list names", request=shapes.OpmlShape, responses=shapes.OpmlReportShape)
    def post(self, request: Request) -> Response:
        """Nothing is fetched now; the feeds are looked at in the minutes that follow."""
        user = accounts.member(request.user)
        limits.require("opml", user.username, LISTS_A_MINUTE, limits.MINUTE)
        given = shapes.OpmlShape(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(asdict(opml.read(user, given.validated_data["opml"])))
