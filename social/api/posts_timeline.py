"""timeline: what I wrote and what I follow, with the comments under each."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from federation import here
from homevault.protocol.addresses import Address
from social.accounts import access as accounts
from social.accounts.models import User
from social.api import pictures
from social.api import posts_shapes as shapes
from social.api.describe import describe
from social.api.posts import shows_of
from social.people import profiles
from social.posts import access, commenting, discussion, naming, position, remote, timeline
from social.posts.errors import Refusal
from social.posts.models import Feed, Item, Post, Recommendation
from social.posts.timeline import Line


def shown(line: Line) -> dict[str, Any]:
    thing = line.thing
    return {
        "id": line.id,
        "cursor": timeline.cursor(thing),
        "title": thing.title or None,
        "recommender": None,
        "comments_count": line.comments,
        "own": line.own,
        "post": thing.pk if line.own else None,
        "tags": line.tags,
        "pinned": isinstance(thing, Post) and thing.pinned is not None,
        "version": thing.version if isinstance(thing, Post) else 1,
        "bumpable": isinstance(thing, Post),
        "bumped": line.bumped,
        "recommended": line.recommended,
        **_about(line),
    }


def _about(line: Line) -> dict[str, Any]:
    match line.thing:
        case Post() as post:
            return {**_times(post), **_post(post, line.own)}
        case Item() as item:
            return {**_times(item), **(_passed_on(item) if item.recommended else _item(item))}
        case Recommendation() as one:
            return _recommended(one)


def _times(thing: Post | Item) -> dict[str, int]:
    return {"published": thing.published, "updated": thing.updated}


def _bare(url: str) -> dict[str, Any]:
    """What is known of a thing that is only recommended: where it is."""
    host = urlsplit(url).netloc
    return {
        "url": url,
        "source": {"title": host, "url": url, "kind": "recommended"},
        "body": [],
        "comments_open": False,
        "signature": Item.UNSIGNED,
        "shows": [],
    }


def _recommended(one: Recommendation) -> dict[str, Any]:
    """Of a member here."""
    author = {"name": one.author, "address": None, "url": "", "picture": None}
    return {
        **_bare(one.url),
        "published": one.time,
        "updated": one.time,
        "author": _member(one.post.author) if one.post else author,
        "recommender": _member(one.user),
    }


def _passed_on(item: Item) -> dict[str, Any]:
    """What somebody of a sister site recommends."""
    feed = item.feed
    return {
        **_bare(item.url),
        "author": {"name": item.author, "address": None, "url": "", "picture": None},
        "recommender": {
            "name": feed.name or feed.title,
            "address": _address(feed),
            "url": feed.home,
            "picture": pictures.of_feed(feed),
        },
    }


def _member(user: User) -> dict[str, Any]:
    who = profiles.of(user)
    return {
        "name": who.name,
        "address": str(Address(*here.site(), user.username)),
        "url": f"{here.origin()}/@{user.username}",
        "picture": who.picture.small if who.picture else None,
    }


def _post(post: Post, own: bool) -> dict[str, Any]:
    author = _member(post.author)
    source = {"title": author["name"], "url": author["url"], "kind": "own" if own else "member"}
    return {
        "url": discussion.url_of(post),
        "author": author,
        "source": source,
        "comments_open": True,
        "signature": Item.UNSIGNED,
        "body": naming.linked_here(post.body),
        "shows": shows_of(post),
    }


def _item(item: Item) -> dict[str, Any]:
    feed = item.feed
    title = feed.name or feed.title or feed.url
    return {
        "url": item.url,
        "author": {
            "name": item.author or title,
            "address": _address(feed),
            "url": feed.home,
            "picture": pictures.of_feed(feed),
        },
        "source": {
            "title": feed.title or title,
            "url": feed.home,
            "kind": "site" if feed.ip else feed.kind,
        },
        "body": naming.linked(item.body, ()) if feed.ip else item.body,
        "comments_open": remote.is_open(item),
        "signature": item.signature,
        "shows": [_shown(item, place, one) for place, one in enumerate(item.shows)],
    }


def _shown(item: Item, place: int, one: dict[str, Any]) -> dict[str, Any]:
    """What an item shows, as ShowsShape. Pictures come through this site; the rest is a link."""
    is_image = one["kind"] == "image"
    file = {
        "url": f"/api/v1/timeline/{access.name_of(item)}/shows/{place}" if is_image else one["url"],
        "type": "image/webp" if is_image else one["type"],
        "size": one["size"],
        "width": one["width"] or None,
        "height": one["height"] or None,
        "hash": None if is_image else one.get("hash"),
    }
    media = {
        "uid": f"{access.name_of(item)}.{place}",
        "kind": one["kind"],
        "name": one["name"] or one["url"].rsplit("/", 1)[-1],
        "blurhash": one["blurhash"],
        "whole": file,
        "smaller": [],
        "moving": None,
    }
    return {"media": media, "alt": one["alt"]}


def _address(feed: Feed) -> str | None:
    return str(Address(feed.ip, feed.port, feed.username)) if feed.ip else None


class TimelineView(APIView):
    @describe(
        "The timeline, newest first",
        parameters=[("before", "the cursor `next` of the page above")],
        responses=shapes.TimelineShape,
    )
    def get(self, request: Request) -> Response:
        user = accounts.member(request.user)
        lines, following = timeline.page(user, request.query_params.get("before"))
        read = position.of(user)
        return Response({"items": [shown(line) for line in lines], "next": following, "read": read})


class ReadView(APIView):
    @describe("I have seen it up to here", request=shapes.ReadShape, responses=shapes.ReadShape)
    def put(self, request: Request) -> Response:
        """An older place than the known one changes nothing; what holds is answered."""
        given = shapes.ReadShape(data=request.data)
        given.is_valid(raise_exception=True)
        user = accounts.member(request.user)
        return Response({"cursor": position.advance(user, given.validated_data["cursor"])})


class LineView(APIView):
    @describe("One thing of the timeline", responses=shapes.ItemShape)
    def get(self, request: Request, name: str) -> Response:
        return Response(shown(timeline.line(accounts.member(request.user), name)))


class LineShowsView(APIView):
    @describe("A picture that something followed shows", responses={200: bytes})
    def get(self, request: Request, name: str, place: int) -> HttpResponse:
        """Fetched by this site and made anew as a small WebP; the other site does not see who looks."""
        user = accounts.member(request.user)
        thing = access.in_timeline(user, name)
        shows = thing.shows if isinstance(thing, Item) else []
        if place >= len(shows) or shows[place]["kind"] != "image":
            raise Refusal("not_found")
        return pictures.answer(user, shows[place]["url"], shows[place].get("hash", ""))


class LineCommentsView(APIView):
    @describe("The comments under it, oldest first", responses=shapes.CommentsShape)
    def get(self, request: Request, name: str) -> Response:
        user = accounts.member(request.user)
        return Response({"comments": timeline.comments(user, access.in_timeline(user, name))})

    @describe("Comment", request=shapes.SignedCommentShape, responses={201: shapes.CommentsShape})
    def post(self, request: Request, name: str) -> Response:
        """Stored here and delivered to the site of the post; the comments as they are then."""
        user = accounts.member(request.user)
        thing = access.in_timeline(user, name)
        given = shapes.SignedCommentShape(data=request.data)
        given.is_valid(raise_exception=True)
        commenting.comment(user, thing, given.validated_data["comment"], given.validated_data["certificate"])
        return Response({"comments": timeline.comments(user, thing)}, status=201)


class LineChangesView(APIView):
    @describe("Change my comment", request=shapes.SignedChangeShape, responses=shapes.CommentsShape)
    def post(self, request: Request, name: str) -> Response:
        """Or take it back. Done here and delivered to the site of the post; the comments as they are then."""
        user = accounts.member(request.user)
        thing = access.in_timeline(user, name)
        given = shapes.SignedChangeShape(data=request.data)
        given.is_valid(raise_exception=True)
        commenting.change(user, thing, given.validated_data["change"], given.validated_data["certificate"])
        return Response({"comments": timeline.comments(user, thing)})
