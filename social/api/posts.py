"""posts: one's own posts, their earlier versions and pins, and the preview of one."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from social.accounts import access as accounts
from social.accounts import limits
from social.api import posts_shapes as shapes
from social.api.describe import describe
from social.api.posts_lists_shapes import VersionsShape
from social.posts import access, discussion, drafts, exhibits, naming, pins, revisions, signing, writing
from social.posts.exhibits import Exhibit
from social.posts.models import Post

POSTS_AN_HOUR = 120
EDITS_AN_HOUR = 240
PREVIEWS_A_MINUTE = 120
NEWEST = 100
DIGITS = re.compile("[0-9]{1,18}")


def shown(post: Post) -> dict[str, Any]:
    return {
        "id": post.pk,
        "timeline": access.name_of(post),
        "uid": f"urn:uuid:{post.uid}",
        "slug": post.slug,
        "url": discussion.url_of(post),
        "title": post.title or None,
        "source": post.source,
        "body": post.body,
        "tags": post.tags,
        "all_tags": [tag.label for tag in post.labels.all()],
        "shows": shows_of(post),
        "published": post.published,
        "updated": post.updated,
        "version": post.version,
        "pinned": post.pinned is not None,
        "open_history": post.open_history,
    }


def shows_of(post: Post) -> list[dict[str, Any]]:
    """What a post shows, as ShowsShape."""
    return [{"media": asdict(media), "alt": alt} for media, alt in exhibits.shown(post)]


def wanted(wish: dict[str, Any]) -> list[Exhibit] | None:
    """What a post is to show; None if the request does not say."""
    if "shows" not in wish:
        return None
    return [Exhibit(one["uid"], one["alt"]) for one in wish["shows"]]


class PreviewView(APIView):
    @describe("What a post will look like", request=shapes.SourceShape, responses=shapes.PreviewShape)
    def post(self, request: Request) -> Response:
        user = accounts.member(request.user)
        limits.require("preview", user.username, PREVIEWS_A_MINUTE, limits.MINUTE)
        given = shapes.SourceShape(data=request.data)
        given.is_valid(raise_exception=True)
        return Response({"body": naming.linked_here(writing.preview(given.validated_data["source"]))})


class PostsView(APIView):
    @describe("My newest posts", responses=shapes.PostsShape)
    def get(self, request: Request) -> Response:
        user = accounts.member(request.user)
        posts = Post.objects.select_related("author").filter(author=user, deleted=None)
        posts = posts.prefetch_related(*exhibits.WITH_POSTS)
        return Response({"posts": [shown(post) for post in posts.order_by("-published", "-id")[:NEWEST]]})

    @describe("Publish a post", request=shapes.WriteShape, responses={201: shapes.PostShape})
    def post(self, request: Request) -> Response:
        """The same `uid` again is the same post; the draft it was written in goes."""
        user = accounts.member(request.user)
        limits.require("posts", user.username, POSTS_AN_HOUR, limits.HOUR)
        given = shapes.WriteShape(data=request.data)
        given.is_valid(raise_exception=True)
        wish = given.validated_data
        title, source, tags = wish.get("title") or "", wish["source"], wish.get("tags", ())
        signed = signing.read(user, wish.get("signed"))
        signing.require_says(signed, title, source, tags)
        post = writing.publish(user, title, source, tags, wish.get("uid"), wanted(wish) or (), signed)
        drafts.finish(user, wish.get("draft"))
        return Response(shown(post), status=201)


class PostView(APIView):
    @describe("One of my posts", responses=shapes.PostShape)
    def get(self, request: Request, pk: int) -> Response:
        """410 `gone` once it is deleted."""
        return Response(shown(access.own_post(accounts.member(request.user), pk)))

    @describe("Change a post", request=shapes.EditShape, responses=shapes.PostShape)
    def patch(self, request: Request, pk: int) -> Response:
        """Members that are left out stay as they are; the address stays in any case."""
        user = accounts.member(request.user)
        post = access.own_post(user, pk)
        limits.require("edits", user.username, EDITS_AN_HOUR, limits.HOUR)
        given = shapes.EditShape(data=request.data)
        given.is_valid(raise_exception=True)
        wish = {"title": post.title, "source": post.source, "tags": None, **given.validated_data}
        title, source, tags = wish["title"] or "", wish["source"], wish["tags"]
        signed = signing.read(user, wish.get("signed"))
        signing.require_says(signed, title, source, post.tags if tags is None else tags)
        post = writing.edit(post, title, source, tags, wanted(wish), signed)
        if wish.get("open_history", post.open_history) != post.open_history:
            post = writing.show_history(post, wish["open_history"])
        drafts.finish(user, wish.get("draft"))
        return Response(shown(post))

    @describe("Delete a post and its comments", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Its address is answered 410 from then on."""
        writing.delete(access.own_post(accounts.member(request.user), pk))
        return Response(status=204)


class RetractView(APIView):
    @describe("Delete a post, and say so signed", request=shapes.RetractShape, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """As DELETE; the statement stays where the post was."""
        user = accounts.member(request.user)
        post = access.own_post(user, pk)
        given = shapes.RetractShape(data=request.data)
        given.is_valid(raise_exception=True)
        signed = signing.read(user, given.validated_data.get("signed"))
        signing.require_says(signed, "", None, ())
        writing.delete(post, signed)
        return Response(status=204)


class StatementsView(APIView):
    @describe(
        "My posts as my devices signed them",
        responses=shapes.StatementsShape,
        parameters=[("after", "only those beyond this `next`")],
    )
    def get(self, request: Request) -> Response:
        """The newest version of each, or its end; those that nobody signed are not here."""
        user = accounts.member(request.user)
        after = request.query_params.get("after", "")
        found, following = signing.page(user, int(after) if DIGITS.fullmatch(after) else 0)
        return Response({"posts": found, "next": following})


class VersionsView(APIView):
    @describe("What a post of mine said before, newest first", responses=VersionsShape)
    def get(self, request: Request, pk: int) -> Response:
        post = access.own_post(accounts.member(request.user), pk)
        earlier = [
            {"number": old.number, "title": old.title or None, "body": old.body, "time": old.time}
            for old in revisions.earlier(post)
        ]
        return Response({"versions": earlier})


class PinView(APIView):
    @describe("Pin a post to the top of my page", request=None, responses=shapes.PostShape)
    def put(self, request: Request, pk: int) -> Response:
        """Up to three; 409 `too_many_pins` beyond."""
        return Response(shown(pins.pin(access.own_post(accounts.member(request.user), pk))))

    @describe("Unpin it", responses=shapes.PostShape)
    def delete(self, request: Request, pk: int) -> Response:
        return Response(shown(pins.unpin(access.own_post(accounts.member(request.user), pk))))
