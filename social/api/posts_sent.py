"""comments/sent: what I said on other sites, and taking it back from there, as before one leaves."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access as accounts
from social.accounts.models import User
from social.api import posts_shapes as shapes
from social.api.describe import describe
from social.posts import commenting
from social.posts.models import Comment, SentComment

MOST = 200


def listed(user: User) -> dict[str, Any]:
    return {"comments": [shown(sent) for sent in commenting.elsewhere(user)[:MOST]]}


def shown(sent: SentComment) -> dict[str, Any]:
    return {
        "ref": sent.ref,
        "post": sent.post,
        "name": sent.name,
        "text": sent.text,
        "time": sent.time,
        "number": sent.change_number,
        "taken_back": sent.state == Comment.GONE,
    }


class SentView(APIView):
    @describe("My comments on other sites, oldest first", responses=shapes.SentCommentsShape)
    def get(self, request: Request) -> Response:
        """At most 200; those that I took back are here until the other site has heard it."""
        return Response(listed(accounts.member(request.user)))


class SentTakeBackView(APIView):
    @describe("Take one of them back", request=shapes.SignedChangeShape, responses=shapes.SentCommentsShape)
    def post(self, request: Request) -> Response:
        """The change without words (protocol 8.4). Those that are left are answered."""
        user = accounts.member(request.user)
        given = shapes.SignedChangeShape(data=request.data)
        given.is_valid(raise_exception=True)
        commenting.take_back(user, given.validated_data["change"], given.validated_data["certificate"])
        return Response(listed(user))
