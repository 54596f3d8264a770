"""drafts: what I began to write."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access as accounts
from social.accounts import limits
from social.accounts.models import User
from social.api import posts_lists_shapes as shapes
from social.api.describe import describe
from social.posts import access, drafts
from social.posts.drafts import Words
from social.posts.models import Draft

KEPT_A_MINUTE = 120


def shown(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.pk,
        "post": draft.post_id,
        "title": draft.title or None,
        "source": draft.source,
        "tags": draft.tags,
        "shows": draft.shows,
        "created": draft.created,
        "updated": draft.updated,
    }


def _given(request: Request, user: User) -> tuple[Words, int | None]:
    limits.require("drafts", user.username, KEPT_A_MINUTE, limits.MINUTE)
    given = shapes.DraftWishShape(data=request.data)
    given.is_valid(raise_exception=True)
    wish = given.validated_data
    shows = [{"uid": str(one["uid"]), "alt": one["alt"]} for one in wish.get("shows", ())]
    return Words(wish.get("title") or "", wish["source"], wish.get("tags", ()), shows), wish.get("post")


class DraftsView(APIView):
    @describe("My drafts, last touched first", responses=shapes.DraftsShape)
    def get(self, request: Request) -> Response:
        user = accounts.member(request.user)
        return Response({"drafts": [shown(draft) for draft in drafts.of(user)]})

    @describe("Keep a draft", request=shapes.DraftWishShape, responses={201: shapes.DraftShape})
    def post(self, request: Request) -> Response:
        """With `post` it is a change to that post, of which there is one draft at most."""
        user = accounts.member(request.user)
        words, about = _given(request, user)
        post = None if about is None else access.own_post(user, about)
        return Response(shown(drafts.keep(user, words, post)), status=201)


class DraftView(APIView):
    @describe("One of my drafts", responses=shapes.DraftShape)
    def get(self, request: Request, pk: int) -> Response:
        return Response(shown(access.own_draft(accounts.member(request.user), pk)))

    @describe("Change a draft", request=shapes.DraftWishShape, responses=shapes.DraftShape)
    def put(self, request: Request, pk: int) -> Response:
        """What post it belongs to stays."""
        user = accounts.member(request.user)
        draft = access.own_draft(user, pk)
        words, _ = _given(request, user)
        return Response(shown(drafts.change(draft, words)))

    @describe("Throw a draft away", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        access.own_draft(accounts.member(request.user), pk).delete()
        return Response(status=204)
