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
from social.posts import access, discussion, markup, mentions, moderation, replying
from social.posts.mention_models import Mention
from social.posts.models import Comment, Post

MOST = 200
BEGINNING = 80


def shown(comment: Comment) -> dict[str, Any]:
    address = discussion.address_of(comment)
    return {
        "id": comment.pk,
        "name": comment.name or comment.username,
        "address": str(address),
        "url": f"{address.origin(here.environment().secure)}/@{comment.username}",
        "text": comment.text,
        "time": comment.time,
        "state": comment.state,
        "post": _of(comment.post),
    }


def mentioned(mention: Mention) -> dict[str, Any]:
    return {
        "id": mention.pk,
        "name": mention.name or mention.host,
        "url": mention.source,
        "kind": mention.kind,
        "text": mention.text,
        "time": mention.received,
        "state": mention.state,
        "post": _of(mention.post) if mention.post else None,
    }


def _of(post: Post) -> dict[str, str]:
    title = post.title or markup.to_text(post.body)[:BEGINNING]
    return {"title": title, "url": discussion.url_of(post)}


class PendingView(APIView):
    @describe("Comments that wait for me, oldest first", responses=shapes.WaitingCommentsShape)
    def get(self, request: Request) -> Response:
        user = accounts.member(request.user)
        waiting = access.comments_to_judge(user).select_related("post__author").order_by("received", "id")
        said = access.mentions_to_judge(user).select_related("post__author").order_by("received", "id")
        comments = [shown(comment) for comment in waiting[:MOST]]
        return Response({"comments": comments, "mentions": [mentioned(one) for one in said[:MOST]]})


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


class MentionShowView(APIView):
    @describe("Show a mention", request=None, responses=shapes.WaitingMentionShape)
    def post(self, request: Request, pk: int) -> Response:
        """Later ones of the same site are shown at once. One of myself is put away, as by `hide`."""
        mention = access.mention_of_own(accounts.member(request.user), pk)
        return Response(mentioned(mentions.decide(mention, Mention.SHOWN)))


class MentionHideView(APIView):
    @describe("Do not show a mention", request=None, responses=shapes.WaitingMentionShape)
    def post(self, request: Request, pk: int) -> Response:
        mention = access.mention_of_own(accounts.member(request.user), pk)
        return Response(mentioned(mentions.decide(mention, Mention.REFUSED)))


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
