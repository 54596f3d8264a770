"""comments: those on my posts that wait for me, and what I decide."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation import here
from social.accounts import access as accounts
from social.api import posts_shapes as shapes
from social.api.describe import describe
from social.posts import access, discussion, markup, moderation, replying
from social.posts.models import Comment

MOST = 200
BEGINNING = 80


def shown(comment: Comment) -> dict[str, Any]:
    post = comment.post
    address = discussion.address_of(comment)
    return {
        "id": comment.pk,
        "name": comment.name or comment.username,
        "address": str(address),
        "url": f"{address.origin(here.environment().secure)}/@{comment.username}",
        "text": comment.text,
        "time": comment.time,
        "state": comment.state,
        "post": {
            "title": post.title or markup.to_text(post.body)[:BEGINNING],
            "url": discussion.url_of(post),
        },
    }


class PendingView(APIView):
    @describe("Comments that wait for me, oldest first", responses=shapes.WaitingCommentsShape)
    def get(self, request: Request) -> Response:
        waiting = access.comments_to_judge(accounts.member(request.user)).select_related("post__author")
        return Response(
            {"comments": [shown(comment) for comment in waiting.order_by("received", "id")[:MOST]]}
        )


class ApproveView(APIView):
    @describe("Show a comment", request=None, responses=shapes.WaitingCommentShape)
    def post(self, request: Request, pk: int) -> Response:
        """Later comments of the same account are shown at once."""
        comment = access.comment_on_own(accounts.member(request.user), pk)
        return Response(shown(moderation.approve(comment)))


class RefuseView(APIView):
    @describe("Do not show a comment", request=None, responses=shapes.WaitingCommentShape)
    def post(self, request: Request, pk: int) -> Response:
        """One that is shown is taken down."""
        comment = access.comment_on_own(accounts.member(request.user), pk)
        return Response(shown(moderation.refuse(comment)))


class RepliesView(APIView):
    @describe("Who may comment on my post", responses=shapes.RepliesShape)
    def get(self, request: Request, pk: int) -> Response:
        return Response({"replies": access.own_post(accounts.member(request.user), pk).replies})

    @describe("Choose who may", request=shapes.RepliesShape, responses=shapes.RepliesShape)
    def put(self, request: Request, pk: int) -> Response:
        """Comments that are there stay."""
        given = shapes.RepliesShape(data=request.data)
        given.is_valid(raise_exception=True)
        post = access.own_post(accounts.member(request.user), pk)
        return Response({"replies": replying.choose(post, given.validated_data["replies"]).replies})
