"""recent: what members bump and recommend."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation import here
from homevault.protocol.addresses import Address
from social.accounts import access as accounts
from social.accounts import limits
from social.accounts.models import User
from social.api import posts_lists_shapes as shapes
from social.api.describe import describe
from social.people import profiles
from social.posts import access, discussion, markup, recent
from social.posts.models import Recommendation
from social.safety import access as safety

A_MINUTE = 60
BEGINNING = 140


def view(one: recent.View, user: User) -> dict[str, Any]:
    return {
        "post": one.post.pk,
        "url": discussion.url_of(one.post),
        "title": one.post.title or markup.to_text(one.post.body)[:BEGINNING],
        "author": person(one.post.author),
        "people": one.people,
        "time": one.time,
        "own": one.post.author_id == user.pk,
    }


def recommended(one: Recommendation) -> dict[str, Any]:
    return {
        "url": one.url,
        "title": one.title,
        "author": one.author,
        "by": person(one.user),
        "time": one.time,
    }


def person(user: User) -> dict[str, Any]:
    address = str(Address(*here.site(), user.username))
    return {
        "name": profiles.of(user).name,
        "address": address,
        "url": f"{here.origin()}/@{user.username}",
    }


class RecentView(APIView):
    @describe("What is bumped and recommended here", responses=shapes.RecentViewsShape)
    def get(self, request: Request) -> Response:
        user = accounts.member(request.user)
        views = [view(one, user) for one in recent.views()]
        return Response({"views": views, "recommended": [recommended(one) for one in recent.recommended()]})


class BumpView(APIView):
    @describe("Lift a post into the recent views", request=None, responses={204: None})
    def post(self, request: Request, name: str) -> Response:
        """A post of this site, once an hour each; 409 `too_soon` before that, `not_connected` without a green
        light."""
        user = accounts.member(request.user)
        safety.require_lit(request)
        limits.require("bump", user.username, A_MINUTE, limits.MINUTE)
        recent.bump(user, access.post_here(user, name))
        return Response(status=204)


class RecommendView(APIView):
    @describe("Recommend a thing of the timeline", request=None, responses={204: None})
    def put(self, request: Request, name: str) -> Response:
        """Again changes nothing."""
        user = accounts.member(request.user)
        safety.require_lit(request)
        limits.require("recommend", user.username, A_MINUTE, limits.MINUTE)
        recent.recommend(user, access.readable(user, name))
        return Response(status=204)

    @describe("Recommend it no more", responses={204: None})
    def delete(self, request: Request, name: str) -> Response:
        user = accounts.member(request.user)
        recent.withdraw(user, access.readable(user, name))
        return Response(status=204)
