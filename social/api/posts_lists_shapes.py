"""The shapes of /api/v1 for earlier versions, drafts, recent views and search. Times are milliseconds since
1970."""

from __future__ import annotations

from rest_framework import serializers

from social.api.posts_shapes import AttachedField, Body, TagsField, WordsShape
from social.api.shapes import Plain
from social.posts.searching import LAST_PAGE, MAX_QUERY


class VersionShape(Plain):
    number = serializers.IntegerField()
    title = serializers.CharField(allow_null=True)
    body = Body()
    time = serializers.IntegerField()


class VersionsShape(Plain):
    versions = VersionShape(many=True)


class DraftWishShape(WordsShape):
    post = serializers.IntegerField(required=False, allow_null=True, help_text="the post it changes")


class DraftShape(DraftWishShape):
    id = serializers.IntegerField()
    title = serializers.CharField(allow_null=True)
    tags = TagsField()
    shows = AttachedField()
    post = serializers.IntegerField(allow_null=True)
    created = serializers.IntegerField()
    updated = serializers.IntegerField()


class DraftsShape(Plain):
    drafts = DraftShape(many=True)


class PersonLineShape(Plain):
    name = serializers.CharField()
    address = serializers.CharField()
    url = serializers.CharField()


class ViewShape(Plain):
    post = serializers.IntegerField()
    url = serializers.CharField()
    title = serializers.CharField()
    author = PersonLineShape()
    people = serializers.IntegerField(help_text="how many bumped it")
    time = serializers.IntegerField(help_text="when it was last bumped")
    own = serializers.BooleanField()


class RecommendedShape(Plain):
    url = serializers.CharField()
    title = serializers.CharField()
    author = serializers.CharField(allow_blank=True)
    by = PersonLineShape()
    time = serializers.IntegerField()


class RecentViewsShape(Plain):
    views = ViewShape(many=True)
    recommended = RecommendedShape(many=True)


class SearchWishShape(Plain):
    q = serializers.CharField(max_length=MAX_QUERY, allow_blank=True)
    by = serializers.CharField(max_length=64, default="", allow_blank=True)
    page = serializers.IntegerField(default=1, min_value=1, max_value=LAST_PAGE)


class PieceShape(Plain):
    text = serializers.CharField()
    hit = serializers.BooleanField(help_text="whether it is what was searched for")


class FoundPostShape(Plain):
    post = serializers.IntegerField()
    url = serializers.CharField()
    title = PieceShape(many=True)
    excerpt = PieceShape(many=True)
    author = PersonLineShape()
    published = serializers.IntegerField()


class FoundShape(Plain):
    found = FoundPostShape(many=True)
    more = serializers.BooleanField()


class ImportWishShape(Plain):
    name = serializers.CharField(max_length=200)
    size = serializers.IntegerField(min_value=1, help_text="bytes")


class ImportShape(Plain):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField(allow_blank=True, help_text="own or mastodon, once it is known")
    state = serializers.ChoiceField(["waiting", "running", "done", "failed"])
    problem = serializers.CharField(allow_blank=True, help_text="a code, if it failed")
    seen = serializers.IntegerField(help_text="how many entries were looked at")
    added = serializers.IntegerField()
    known = serializers.IntegerField(help_text="how many are or were here already")
    files = serializers.IntegerField(help_text="pictures and files that came along")
    skipped = serializers.DictField(child=serializers.IntegerField(), help_text="how many were left out why")
    time = serializers.IntegerField()


class ImportsShape(Plain):
    imports = ImportShape(many=True)
