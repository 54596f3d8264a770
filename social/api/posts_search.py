"""search: public posts of this site by their words."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access as accounts
from social.accounts import limits
from social.api import posts_lists_shapes as shapes
from social.api.describe import describe
from social.api.posts_recent import person
from social.posts import discussion, searching
from social.posts.errors import Refusal
from social.posts.models import Post

A_MINUTE = 120


def shown(post: Post, words: list[str]) -> dict[str, Any]:
    return {
        "post": post.pk,
        "url": discussion.url_of(post),
        "title": [_piece(one) for one in searching.marked(post.title, words)],
        "excerpt": [_piece(one) for one in searching.excerpt(post, words)],
        "author": person(post.author),
        "published": post.published,
    }


def _piece(one: searching.Found) -> dict[str, Any]:
    return {"text": one.text, "hit": one.hit}


class SearchView(APIView):
    @describe(
        "Search the posts of this site",
        parameters=[
            ("q", "words that must all be there, up to 200 characters; quotes keep words together"),
            ("by", "only posts of this member"),
            ("page", "from 1"),
        ],
        responses=shapes.FoundShape,
    )
    def get(self, request: Request) -> Response:
        user = accounts.member(request.user)
        limits.require("search", user.username, A_MINUTE, limits.MINUTE)
        given = shapes.SearchWishShape(data=request.query_params)
        if not given.is_valid():
            raise Refusal("schema", "q")
        wish = given.validated_data
        found, more = searching.find(wish["q"], wish["by"], wish["page"])
        words = searching.words_of(wish["q"])
        return Response({"found": [shown(post, words) for post in found], "more": more})
